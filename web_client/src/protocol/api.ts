import { noAnswer, ProblemError } from './problem';

export { ProblemError } from './problem';

const ANSWER_WITHIN_MS = 20_000;
const ASK_AGAIN_AFTER_MS = 500;
let tellProblem: (problem: ProblemError) => void = () => undefined;

/** Hears of every problem the hub answers with, before the caller does. */
export function onProblem(listener: (problem: ProblemError) => void): void {
  tellProblem = listener;
}

async function request<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await ask(method, path, body);
  const isJson = response.headers.get('Content-Type')?.includes('json') ?? false;
  try {
    return (isJson ? await response.json() : undefined) as T;
  } catch {
    throw noAnswer();
  }
}

/** A file that the hub makes of `body`. */
export async function fetchFile(path: string, body: unknown): Promise<Blob> {
  const response = await ask('POST', path, body);
  return response.blob().catch(() => {
    throw noAnswer();
  });
}

/** What only reads is asked once more: browsers end all requests when the machine changes its network. */
async function send(method: string, path: string, body: unknown): Promise<Response> {
  const request = () =>
    fetch(path, {
      method,
      headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
      credentials: 'same-origin',
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
  try {
    return await request();
  } catch (error) {
    if (method !== 'GET' || !(error instanceof TypeError)) throw error;
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_AFTER_MS));
    return request();
  }
}

async function ask(method: string, path: string, body?: unknown): Promise<Response> {
  let response: Response;
  let answer: unknown;
  try {
    response = await send(method, path, body);
    if (response.ok) return response;
    const isJson = response.headers.get('Content-Type')?.includes('json') ?? false;
    answer = isJson ? await response.json() : undefined;
  } catch {
    throw noAnswer();
  }
  const said = (answer ?? {}) as Partial<ProblemError>;
  const problem = new ProblemError({
    code: said.code ?? 'unavailable',
    detail: said.detail ?? response.statusText,
    field: said.field,
    status: response.status,
  });
  tellProblem(problem);
  throw problem;
}

/** Ask the hub over HTTP. Paths as in PROTOCOL.md (`/api/v1/me`); rejects with a ProblemError, never with anything else. */
export const get = <T>(path: string) => request<T>('GET', path);
export const post = <T>(path: string, body?: unknown) => request<T>('POST', path, body);
export const put = <T>(path: string, body?: unknown) => request<T>('PUT', path, body);
export const patch = <T>(path: string, body?: unknown) => request<T>('PATCH', path, body);
export const del = <T>(path: string) => request<T>('DELETE', path);
