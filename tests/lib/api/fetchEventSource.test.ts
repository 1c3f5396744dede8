import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FetchEventSource, SilentTries } from '@/lib/api/fetchEventSource';

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

/** Opens a source on a server that gives the answers in order, and repeats the last. */
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
  it('an event source dispatches the events of a stream by their names', async () => {
    const { told, source } = await open((response) => {
      response.writeHead(200, STREAM).write('data: one\n\nevent: ping\ndata: \n\n');
    });
    await expect.poll(() => told).toEqual(['message one', 'ping ']);
    expect(source.readyState).toBe(source.OPEN);
  });

  it('an event source reads characters that arrive in two pieces', async () => {
    const letters = Buffer.from('data: 早\n\n');
    const { told } = await open((response) => {
      response
        .writeHead(200, STREAM)
        .write(letters.subarray(0, 7), () => setImmediate(() => response.write(letters.subarray(7))));
    });
    await expect.poll(() => told).toEqual(['message 早']);
  });

  it('an event source reconnects after the end of a stream, with the last event id', async () => {
    const { told, asked } = await open(stream('id: 7\ndata: one\n\n'), (response) => {
      response.writeHead(200, STREAM).write('data: two\n\n');
    });
    await expect.poll(() => told, { timeout: 5000 }).toEqual(['message one', 'error 0', 'message two']);
    expect(asked).toEqual([undefined, '7']);
  });

  it.each([429, 500, 502, 503])('an event source reconnects after an answer of %d', async (status) => {
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
  ])('an event source gives up after %s', async (_, answer) => {
    const { told, source, asked } = await open(answer);
    await expect.poll(() => told).toEqual(['error 2']);
    expect(source.readyState).toBe(source.CLOSED);
    expect(asked).toHaveLength(1);
  });

  it('an event source reconnects after an event that is too long, without keeping it', async () => {
    const { told } = await open(stream(`data: ${'x'.repeat(2_000_000)}`), (response) => {
      response.writeHead(200, STREAM).write('data: one\n\n');
    });
    await expect.poll(() => told, { timeout: 5000 }).toEqual(['error 0', 'message one']);
  });

  it('an event source dispatches nothing once closed, even when closed within an event', async () => {
    const { told, source } = await open(stream('data: one\n\ndata: two\n\n'));
    source.addEventListener('message', () => source.close());
    await expect.poll(() => told).toEqual(['message one']);
  });

  it('an event source closed while an answer arrives, at any point of it, stays closed', async () => {
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

/** The events of a stream that arrives in these pieces and then stays open: type, data and last id of each. */
async function read(...pieces: (string | Uint8Array<ArrayBuffer>)[]) {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (controller) => {
      for (const piece of pieces) controller.enqueue(typeof piece === 'string' ? encoder.encode(piece) : piece);
    },
  });
  const source = new FetchEventSource('http://nobody.invalid/', {
    fetch: async () => new Response(body, { headers: STREAM }),
  });
  const told: [string, string, string][] = [];
  for (const type of ['message', 'ping']) {
    source.addEventListener(type, (event) => {
      const { data, lastEventId } = event as MessageEvent<string>;
      told.push([type, data, lastEventId]);
    });
  }
  await new Promise((resolve) => setTimeout(resolve, 20));
  source.close();
  return told;
}

describe('what FetchEventSource reads', () => {
  // The examples of the HTML standard, "Interpreting an event stream".
  it.each<[string, string, [string, string, string][]]>([
    ['several lines of data', 'data: YHOO\ndata: +2\ndata: 10\n\n', [['message', 'YHOO\n+2\n10', '']]],
    [
      'a comment, ids, and the reset of an id',
      ': test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n',
      [
        ['message', 'first event', '1'],
        ['message', 'second event', ''],
        ['message', ' third event', ''],
      ],
    ],
    [
      'empty data, and an event that is not finished',
      'data\n\ndata\ndata\n\ndata:',
      [
        ['message', '', ''],
        ['message', '\n', ''],
      ],
    ],
    [
      'a space after the colon or not',
      'data:test\n\ndata: test\n\n',
      [
        ['message', 'test', ''],
        ['message', 'test', ''],
      ],
    ],
    ['a named event', 'event: ping\ndata: \n\n', [['ping', '', '']]],
    ['an event without data', 'event: ping\n\ndata: x\n\n', [['message', 'x', '']]],
    ['a byte order mark', '\uFEFFdata: x\n\n', [['message', 'x', '']]],
    ['unknown fields', 'foo: bar\ndata: x\n\n', [['message', 'x', '']]],
    ['an id with a null, which is ignored', 'id: a\0b\ndata: x\n\n', [['message', 'x', '']]],
    [
      'an id that holds for the events after it',
      'id: 7\ndata: x\n\ndata: y\n\n',
      [
        ['message', 'x', '7'],
        ['message', 'y', '7'],
      ],
    ],
    ['lines that end in CR LF', 'data: x\r\ndata: y\r\n\r\n', [['message', 'x\ny', '']]],
    [
      'lines that end in CR',
      'data: x\r\rdata: y\r\r:',
      [
        ['message', 'x', ''],
        ['message', 'y', ''],
      ],
    ],
  ])('an event source reads %s as the HTML standard says', async (_, text, expected) => {
    expect(await read(text)).toEqual(expected);
  });

  it('an event source reads the same events whatever pieces the bytes arrive in', async () => {
    const text =
      '\uFEFFid: 1\r\ndata: {"name":"\u65e9\u5b89"}\r\n\r\n: comment\nevent: ping\ndata\n\ndata: a\ndata: b\n\n';
    const bytes = new TextEncoder().encode(text);
    const whole = await read(text);
    expect(whole).toHaveLength(3);
    for (let size = 1; size < 9; size += 1) {
      const count = Math.ceil(bytes.length / size);
      expect(await read(...Array.from({ length: count }, (_, k) => bytes.slice(k * size, (k + 1) * size)))).toEqual(
        whole,
      );
    }
  });
});

describe('how FetchEventSource comes back', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.spyOn(Math, 'random').mockReturnValue(1);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  /** The pauses between the attempts of a source that always gets `text` and then the end of the stream, ms. */
  async function waitsOf(text: string, spanMs: number): Promise<number[]> {
    const askedAtMs: number[] = [];
    const source = new FetchEventSource('http://nobody.invalid/', {
      fetch: async () => {
        askedAtMs.push(Date.now());
        return new Response(text, { headers: STREAM });
      },
    });
    await vi.advanceTimersByTimeAsync(spanMs);
    source.close();
    return askedAtMs.slice(1).map((atMs, k) => atMs - askedAtMs[k]!);
  }

  it('an event source reconnects after growing pauses while no event comes', async () => {
    expect(await waitsOf(': nothing\n\n', 16_000)).toEqual([250, 500, 1_000, 2_000, 4_000, 4_000, 4_000]);
  });

  it('an event source reconnects after the time that the stream asks for', async () => {
    expect(await waitsOf('retry: 1500\ndata: one\n\n', 4_000)).toEqual([1_500, 1_500]);
  });

  it('an event source reconnects after its own pauses once they are longer than the stream asks for', async () => {
    expect(await waitsOf('retry: 700\n\n', 4_500)).toEqual([700, 700, 1_000, 2_000]);
  });

  it('an event source reconnects within a minute, however long the stream asks it to wait', async () => {
    expect(await waitsOf('retry: 99999999999\ndata: one\n\n', 61_000)).toEqual([60_000]);
  });

  it('an event source ignores a retry time that is no number', async () => {
    expect(await waitsOf('retry: soon\ndata: one\n\n', 600)).toEqual([250, 250]);
  });

  it('an event source reconnects after an event of many lines that is too long', async () => {
    expect(await waitsOf('data: 0123456789\n'.repeat(200_000), 300)).toEqual([250]);
  });

  /** A server whose streams say nothing until they are cut off, and when they were asked for. */
  function silent() {
    const askedAtMs: number[] = [];
    const answer: typeof fetch = async (_url, init) => {
      askedAtMs.push(Date.now());
      const body = new ReadableStream({
        start: (controller) => init?.signal?.addEventListener('abort', () => controller.error(init.signal?.reason)),
      });
      return new Response(body, { headers: STREAM });
    };
    const waits = () => askedAtMs.slice(1).map((atMs, k) => atMs - askedAtMs[k]!);
    return { answer, waits };
  }

  it('an event source gives up on an answer without events after six seconds, and tries seldom after two of them', async () => {
    const { answer, waits } = silent();
    const said: boolean[] = [];
    const tries = new SilentTries((isHeldBack) => said.push(isHeldBack));
    const source = new FetchEventSource('http://nobody.invalid/', { fetch: answer, tries });
    await vi.advanceTimersByTimeAsync(100_000);
    expect(waits()).toEqual([6_250, 66_000]);
    expect(said).toEqual([false, true, true]);
    source.close();
    // A subscription that makes another source does not try earlier for that.
    const next = new FetchEventSource('http://nobody.invalid/', { fetch: answer, tries });
    await vi.advanceTimersByTimeAsync(40_000);
    expect(waits()).toEqual([6_250, 66_000, 66_000]);
    next.close();
  });

  it('a stream that has begun may be silent, and a try with events makes the next silent one the first', async () => {
    const { answer, waits } = silent();
    let isSilent = false;
    const said: boolean[] = [];
    const tries = new SilentTries((isHeldBack) => said.push(isHeldBack));
    const spoken = new Response(
      new ReadableStream({ start: (body) => body.enqueue(new TextEncoder().encode('data: one\n\n')) }),
      { headers: STREAM },
    );
    const source = new FetchEventSource('http://nobody.invalid/', {
      fetch: (url, init) => (isSilent ? answer(url, init) : Promise.resolve(spoken)),
      tries,
    });
    await vi.advanceTimersByTimeAsync(60_000);
    expect([said, source.readyState]).toEqual([[], source.OPEN]);
    isSilent = true;
    source.close();
    const next = new FetchEventSource('http://nobody.invalid/', { fetch: answer, tries });
    await vi.advanceTimersByTimeAsync(6_000);
    expect([said, waits()]).toEqual([[false], []]);
    next.close();
  });
});
