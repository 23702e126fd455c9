import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { get, onProblem, post, ProblemError, put } from '../src/protocol/api';

let server: Server;

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  server = createServer(answer);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const caught = (promise: Promise<unknown>): Promise<ProblemError> =>
  promise.then(
    () => expect.fail('it should have been refused'),
    (error) => error as ProblemError,
  );

it('sends JSON and reads JSON', async () => {
  const url = await serve(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
    response.end(JSON.stringify({ method: request.method, type: request.headers['content-type'], body }));
  });
  expect(await put(`${url}/api`, { title: 'Río' })).toEqual({
    method: 'PUT',
    type: 'application/json',
    body: '{"title":"Río"}',
  });
  expect(await get(`${url}/api`)).toMatchObject({ method: 'GET', body: '' });
});

it('answers nothing for an empty reply', async () => {
  const url = await serve((_, response) => response.writeHead(204).end());
  expect(await post(url)).toBeUndefined();
});

it('throws the problem the hub described', async () => {
  const url = await serve((_, response) => {
    response.writeHead(400, { 'Content-Type': 'application/problem+json' });
    response.end(JSON.stringify({ code: 'invalid', detail: 'The title is empty.', field: 'title', status: 400 }));
  });
  const problem = await caught(post(url, {}));
  expect(problem).toBeInstanceOf(ProblemError);
  expect(problem).toMatchObject({ code: 'invalid', detail: 'The title is empty.', field: 'title', status: 400 });
});

it('calls an answer that is no problem document of ours unavailable', async () => {
  const url = await serve((_, response) => {
    response.writeHead(502, { 'Content-Type': 'text/html' }).end('<h1>Bad gateway</h1>');
  });
  expect(await caught(get(url))).toMatchObject({ code: 'unavailable', status: 502 });
});

it('says no_answer when nobody listens, and when an answer breaks off', async () => {
  const url = await serve((_, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '100' });
    response.write('{"half":');
    response.socket?.end();
  });
  expect(await caught(get(url))).toMatchObject({ code: 'no_answer' });
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  expect(await caught(get(url))).toMatchObject({ code: 'no_answer' });
});

it('tells its listener of a problem before the caller hears of it', async () => {
  const heard: string[] = [];
  onProblem((problem) => heard.push(problem.code));
  const url = await serve((_, response) => {
    response.writeHead(401, { 'Content-Type': 'application/problem+json' });
    response.end(JSON.stringify({ code: 'not_signed_in', detail: 'Please sign in again.' }));
  });
  await caught(get(url));
  expect(heard).toEqual(['not_signed_in']);
});

it('asks once more when the line was cut, but only where nothing is written', async () => {
  const asked: string[] = [];
  const url = await serve((request, response) => {
    asked.push(request.method ?? '');
    if (asked.length % 2 === 1) request.socket.destroy();
    else response.writeHead(204).end();
  });
  await get(url);
  expect(asked).toEqual(['GET', 'GET']);
  expect(await caught(post(url))).toMatchObject({ code: 'no_answer' });
  expect(asked).toEqual(['GET', 'GET', 'POST']);
});
