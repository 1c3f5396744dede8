import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SseMessage, SseParser } from '@/lib/api/sseParser';

function parse(...pieces: string[]): SseMessage[] {
  const messages: SseMessage[] = [];
  const parser = new SseParser((message) => messages.push(message));
  for (const piece of pieces) parser.push(piece);
  return messages;
}

const data = (text: string) => ({ type: 'message', data: text, lastEventId: '' });

describe('SseParser', () => {
  // The examples of the HTML standard, "Interpreting an event stream".
  it.each([
    ['several lines of data', 'data: YHOO\ndata: +2\ndata: 10\n\n', [data('YHOO\n+2\n10')]],
    [
      'a comment, ids, and the reset of an id',
      ': test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n',
      [{ ...data('first event'), lastEventId: '1' }, data('second event'), data(' third event')],
    ],
    ['empty data, and an event that is not finished', 'data\n\ndata\ndata\n\ndata:', [data(''), data('\n')]],
    ['a space after the colon or not', 'data:test\n\ndata: test\n\n', [data('test'), data('test')]],
    ['a named event', 'event: ping\ndata: \n\n', [{ type: 'ping', data: '', lastEventId: '' }]],
    ['an event without data', 'event: ping\n\ndata: x\n\n', [data('x')]],
    ['a byte order mark', '\uFEFFdata: x\n\n', [data('x')]],
    ['unknown fields', 'foo: bar\ndata: x\n\n', [data('x')]],
    ['an id with a null, which is ignored', 'id: a\0b\ndata: x\n\n', [data('x')]],
  ])('reads %s', (_, text, expected) => {
    expect(parse(text)).toEqual(expected);
  });

  it('takes the time to come back, where it is a number', () => {
    const parser = new SseParser(() => {});
    parser.push('retry: 1500\nretry: soon\n');
    expect(parser.retryMs).toBe(1500);
  });

  const streamText = fc
    .array(fc.oneof(fc.constantFrom('data: ', 'event: ', 'id: ', ':', 'x', '\n', '\r', '\r\n', '\n\n'), fc.string()))
    .map((parts) => parts.join(''));

  it('reads the same whatever pieces the text comes in', () => {
    fc.assert(
      fc.property(streamText, fc.array(fc.nat(5), { minLength: 1 }), (text, sizes) => {
        const pieces: string[] = [];
        for (let at = 0, turn = 0; at < text.length; turn += 1) {
          const size = (sizes[turn % sizes.length] ?? 0) + 1;
          pieces.push(text.slice(at, at + size));
          at += size;
        }
        expect(parse(...pieces)).toEqual(parse(text));
      }),
    );
  });

  it('reads the same whatever ends the lines', () => {
    fc.assert(
      fc.property(streamText, (text) => {
        const lines = text.replaceAll('\r', '');
        expect(parse(lines.replaceAll('\n', '\r\n'))).toEqual(parse(lines));
        expect(parse(lines.replaceAll('\n', '\r'))).toEqual(parse(lines));
      }),
    );
  });

  it('gives back what was written', () => {
    fc.assert(
      fc.property(fc.array(fc.json()), (texts) => {
        expect(parse(texts.map((text) => `data: ${text}\n\n`).join(''))).toEqual(texts.map(data));
      }),
    );
  });

  it('does not grow without end', () => {
    const parser = new SseParser(() => {});
    const flood = () => {
      for (let piece = 0; piece < 100; piece += 1) parser.push('x'.repeat(100_000));
    };
    expect(flood).toThrow(RangeError);
    const lines = new SseParser(() => {});
    expect(() => lines.push('data: 0123456789\n'.repeat(200_000))).toThrow(RangeError);
  });
});
