import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHUNK_BYTES, TapChunks, TapReader } from '@/server/recorder/tapChunk';

/** What a reader of chunks heard, as lines. */
function readerOf(lines: string[]) {
  return new TapReader({
    onMessage: ({ endpointId, personId }, timeMs, message) =>
      lines.push(`${timeMs} ${endpointId} ${personId} message ${message}`),
    onRtp: ({ endpointId, personId }, timeMs, kind, header, payload) =>
      lines.push(`${timeMs} ${endpointId} ${personId} ${kind} ${header} ${payload}`),
  });
}

const text = fc.string({ maxLength: 60 }).map((letters) => Buffer.from(letters).toString('hex'));
const endpoint = fc.constantFrom('e1', 'e2', 'e3');
/** Two endpoints of one person, and another person's. */
const personOf = (endpointId: string) => (endpointId === 'e3' ? 'bob' : 'ann');

describe('chunks of a tap', () => {
  it('whatever is added is read in order, however often it is handed over', () => {
    const record = fc.record({
      endpoint,
      kind: fc.constantFrom('message', 'audio', 'video'),
      first: text,
      second: text,
      flushes: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(record, { maxLength: 60 }), (records) => {
        const heard: string[] = [];
        const reader = readerOf(heard);
        const chunks: TapChunks = new TapChunks((chunk, sizeBytes) => {
          reader.read(chunk, sizeBytes);
          chunks.giveBack(chunk);
        });
        const added = records.map(({ endpoint: id, kind, first, second, flushes }, timeMs) => {
          const person = personOf(id);
          if (kind === 'message') chunks.add('message', id, person, timeMs, Buffer.from(first));
          else chunks.add(kind as 'audio', id, person, timeMs, Buffer.from(first), Buffer.from(second));
          if (flushes) chunks.flush();
          const sender = `${timeMs} ${id} ${person}`;
          return kind === 'message' ? `${sender} message ${first}` : `${sender} ${kind} ${first} ${second}`;
        });
        chunks.flush();
        expect(heard).toEqual(added);
      }),
    );
  });

  it('a chunk that is full is handed over by itself, and a record larger than any is left out', () => {
    const sizes: number[] = [];
    const chunks = new TapChunks((_chunk, sizeBytes) => sizes.push(sizeBytes));
    for (let k = 0; k < 100; k += 1) chunks.add('message', 'e1', 'ann', k, new Uint8Array(4000));
    chunks.flush();
    expect(sizes.length).toBe(Math.ceil(100 / Math.floor(CHUNK_BYTES / 4016)));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(CHUNK_BYTES);
    chunks.add('message', 'e1', 'ann', 0, new Uint8Array(CHUNK_BYTES));
    expect(chunks.dropped).toBe(1);
    expect(chunks.flush()).toBe(false);
  });

  it('a recorder that gives nothing back is sent only so much, and the rest is counted', () => {
    let sent = 0;
    const chunks = new TapChunks(() => {
      sent += 1;
    });
    for (let k = 0; k < 1000; k += 1) {
      chunks.add('message', 'e1', 'ann', k, new Uint8Array(10));
      chunks.flush();
    }
    expect(sent).toBe(128);
    expect(chunks.dropped).toBe(1000 - 128);
  });
});
