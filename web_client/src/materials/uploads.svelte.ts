import type { DetailedError, Upload } from 'tus-js-client';
import { noAnswer, ProblemError } from '../protocol/problem';

/** One file on its way to the hub. It waits while the line is gone, and goes on by itself. */
export interface Sending {
  id: number;
  name: string;
  size: number;
  sent: number;
  state: 'sending' | 'waiting' | 'done' | 'refused';
  problem: unknown;
}

const RETRY_DELAYS_MS = [0, 1000, 3000, 5000, ...Array<number>(500).fill(10_000)];
const FINAL = [400, 401, 403, 404, 410, 413, 415];

/** The files that this page sends, one after the other; `stop` it when the page is left. */
export class Uploads {
  list = $state<Sending[]>([]);
  #twinspaceId: string;
  #done: (materialId: string) => void;
  #running: Upload | null = null;
  #waiting: { sending: Sending; file: File; metadata: Record<string, string> }[] = [];
  #next = 0;
  #stopped = false;

  constructor(twinspaceId: string, done: (materialId: string) => void) {
    this.#twinspaceId = twinspaceId;
    this.#done = done;
  }

  get busy(): boolean {
    return this.list.some(({ state }) => state === 'sending' || state === 'waiting');
  }

  /** `metadata` as PROTOCOL.md says: title, folder, alt, licence, material_id, private. */
  add(files: Iterable<File>, metadata: Record<string, string> = {}): void {
    for (const file of files) {
      this.list.push({ id: this.#next++, name: file.name, size: file.size, sent: 0, state: 'waiting', problem: null });
      const sending = this.list.at(-1);
      if (sending) this.#waiting.push({ sending, file, metadata });
    }
    if (!this.#running) void this.#start();
  }

  forget(id: number): void {
    this.list = this.list.filter((sending) => sending.id !== id);
  }

  stop(): void {
    this.#stopped = true;
    void this.#running?.abort();
  }

  async #start(): Promise<void> {
    const next = this.#waiting.shift();
    if (!next || this.#stopped) return;
    const { sending, file, metadata } = next;
    const { Upload: TusUpload } = await import('tus-js-client');
    const upload = new TusUpload(file, {
      endpoint: `/api/v1/twinspaces/${this.#twinspaceId}/uploads`,
      metadata: { ...metadata, filename: file.name },
      retryDelays: RETRY_DELAYS_MS,
      removeFingerprintOnSuccess: true,
      onShouldRetry: (error: DetailedError) => {
        sending.state = 'waiting';
        return !FINAL.includes(error.originalResponse?.getStatus() ?? 0);
      },
      onProgress: (sent) => {
        sending.sent = sent;
        sending.state = 'sending';
      },
      onSuccess: () => {
        sending.state = 'done';
        sending.sent = sending.size;
        this.forget(sending.id);
        this.#done(upload.url?.split('/').at(-1) ?? '');
        this.#goOn();
      },
      onError: (error) => {
        sending.state = 'refused';
        sending.problem = problemOf(error);
        this.#goOn();
      },
    });
    this.#running = upload;
    const earlier = (await upload.findPreviousUploads().catch(() => [])).at(-1);
    if (earlier && !metadata.material_id) upload.resumeFromPreviousUpload(earlier);
    upload.start();
  }

  #goOn(): void {
    this.#running = null;
    void this.#start();
  }
}

function problemOf(error: Error | DetailedError): ProblemError {
  const response = 'originalResponse' in error ? error.originalResponse : null;
  try {
    const said = JSON.parse(response?.getBody() ?? '') as ProblemError;
    return new ProblemError({ code: said.code, detail: said.detail, field: said.field, status: said.status });
  } catch {
    return noAnswer();
  }
}
