import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { FetchEventSource } from '@/lib/api/fetchEventSource';

type Answer = (response: ServerResponse) => void;

const STREAM = { 'content-type': 'text/event-stream' };
const stream =
  (text: string): Answer =>
  (response) =>
    response.writeHead(200, STREAM).end(text);

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** Opens a source on a server that gives each request its own answer, the last one again and again. */
async function open(...answers: [Answer, ...Answer[]]) {
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    const answer = answers[Math.min(asked.length, answers.length - 1)];
    asked.push(request.headers['last-event-id']?.toString());
    answer?.(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const source = new FetchEventSource(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const told: string[] = [];
  for (const type of ['message', 'ping']) {
    source.addEventListener(type, (event) => told.push(`${type} ${(event as MessageEvent<string>).data}`));
  }
  source.addEventListener('error', () => told.push(`error ${source.readyState}`));
  cleanups.push(() => {
    source.close();
    server.closeAllConnections();
    server.close();
  });
  return { source, told, asked };
}

describe('FetchEventSource', () => {
  it('dispatches the events of the stream by their names', async () => {
    const { told, source } = await open((response) => {
      response.writeHead(200, STREAM).write('data: one\n\nevent: ping\ndata: \n\n');
    });
    await expect.poll(() => told).toEqual(['message one', 'ping ']);
    expect(source.readyState).toBe(source.OPEN);
  });

  it('reads letters that come in two pieces', async () => {
    const letters = Buffer.from('data: 早\n\n');
    const { told } = await open((response) => {
      response
        .writeHead(200, STREAM)
        .write(letters.subarray(0, 7), () => setImmediate(() => response.write(letters.subarray(7))));
    });
    await expect.poll(() => told).toEqual(['message 早']);
  });

  it('comes back after the end of a stream, and says where it was', async () => {
    const { told, asked } = await open(stream('id: 7\ndata: one\n\n'), (response) => {
      response.writeHead(200, STREAM).write('data: two\n\n');
    });
    await expect.poll(() => told, { timeout: 5000 }).toEqual(['message one', 'error 0', 'message two']);
    expect(asked).toEqual([undefined, '7']);
  });

  it.each([429, 500, 502, 503])('comes back after an answer of %d', async (status) => {
    const { told } = await open(
      (response) => response.writeHead(status).end(),
      (response) => void response.writeHead(200, STREAM).write('data: one\n\n'),
    );
    await expect.poll(() => told, { timeout: 5000 }).toEqual(['error 0', 'message one']);
  });

  it.each([
    ['an answer of 403', (response: ServerResponse) => response.writeHead(403).end('no')],
    [
      'another type of content',
      (response: ServerResponse) => response.writeHead(200, { 'content-type': 'text/html' }).end('hi'),
    ],
  ])('gives up after %s', async (_, answer) => {
    const { told, source, asked } = await open(answer);
    await expect.poll(() => told).toEqual(['error 2']);
    expect(source.readyState).toBe(source.CLOSED);
    expect(asked).toHaveLength(1);
  });

  it('comes back after an event too long to be ours, without keeping it', async () => {
    const { told } = await open(stream(`data: ${'x'.repeat(2_000_000)}`), (response) => {
      response.writeHead(200, STREAM).write('data: one\n\n');
    });
    await expect.poll(() => told, { timeout: 5000 }).toEqual(['error 0', 'message one']);
  });

  it('dispatches nothing once closed, also from within an event', async () => {
    const { told, source } = await open(stream('data: one\n\ndata: two\n\n'));
    source.addEventListener('message', () => source.close());
    await expect.poll(() => told).toEqual(['message one']);
  });

  it('stays closed when it is closed while an answer comes, however far that has come', async () => {
    for (let steps = 0; steps < 30; steps += 1) {
      let asked = 0;
      const answer: typeof fetch = async () => {
        asked += 1;
        return new Response(new ReadableStream(), { headers: STREAM });
      };
      const source = new FetchEventSource('http://nobody.invalid/', { fetch: answer });
      for (let step = 0; step < steps; step += 1) await Promise.resolve();
      source.close();
      const told: string[] = [];
      for (const type of ['open', 'error', 'message']) source.addEventListener(type, () => told.push(type));
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect({ steps, told, asked, state: source.readyState }).toEqual({
        steps,
        told: [],
        asked: 1,
        state: source.CLOSED,
      });
    }
  });
});
