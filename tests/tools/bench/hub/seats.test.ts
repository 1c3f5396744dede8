import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FrameReader } from '@/tools/bench/hub/seats';

function textFrame(text: string): Buffer {
  const body = Buffer.from(text);
  if (body.length < 126) return Buffer.concat([Buffer.from([0x81, body.length]), body]);
  const header =
    body.length < 65_536 ? Buffer.from([0x81, 126, 0, 0]) : Buffer.from([0x81, 127, 0, 0, 0, 0, 0, 0, 0, 0]);
  if (header.length === 4) header.writeUInt16BE(body.length, 2);
  else header.writeBigUInt64BE(BigInt(body.length), 2);
  return Buffer.concat([header, body]);
}

function readAll(bytes: Buffer, cuts: readonly number[]): string[] {
  const texts: string[] = [];
  const reader = new FrameReader({
    onText: (chunk, start, end) => texts.push(chunk.toString('utf8', start, end)),
    onPing: () => {},
    onClose: () => {},
  });
  let at = 0;
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    reader.push(bytes.subarray(at, cut));
    at = cut;
  }
  reader.push(bytes.subarray(at));
  return texts;
}

it('the frame reader reads every text message, wherever the stream is cut', () => {
  const message = fc.integer({ min: 0, max: 70_000 }).map((size) => 'm'.repeat(size));
  fc.assert(
    fc.property(fc.array(message, { maxLength: 6 }), fc.array(fc.nat(), { maxLength: 8 }), (messages, numbers) => {
      const bytes = Buffer.concat(messages.map(textFrame));
      const cuts = numbers.map((number) => number % (bytes.length + 1));
      expect(readAll(bytes, cuts)).toEqual(messages);
    }),
    { numRuns: 60 },
  );
});

it('the frame reader distinguishes pings and the close from messages', () => {
  const heard: string[] = [];
  const reader = new FrameReader({
    onText: () => heard.push('text'),
    onPing: (bytes, start, end) => heard.push(`ping ${bytes.toString('utf8', start, end)}`),
    onClose: () => heard.push('close'),
  });
  reader.push(Buffer.concat([Buffer.from([0x89, 2]), Buffer.from('hi'), textFrame('x'), Buffer.from([0x88, 0])]));
  expect(heard).toEqual(['ping hi', 'text', 'close']);
});
