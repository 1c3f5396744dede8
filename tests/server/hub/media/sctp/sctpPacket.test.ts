import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isReadableSctp, readChannelOpen } from '@/server/hub/media/sctp/sctpPacket';

const packet = (...chunks: number[][]) => Buffer.from([...Array<number>(12).fill(0), ...chunks.flat()]);

describe('SCTP packets', () => {
  it('H-74 well-formed SCTP packets are readable', () => {
    expect(isReadableSctp(packet([11, 0, 0, 4]))).toBe(true);
    expect(
      isReadableSctp(
        packet([3, 0, 0, 16, ...Array<number>(12).fill(0)], [0, 3, 0, 17, ...Array<number>(13).fill(0), 0, 0, 0]),
      ),
    ).toBe(true);
  });

  it.each([
    ['a chunk of length 0', packet([0, 0, 0, 0])],
    ['a chunk longer than the packet', packet([11, 0, 0, 8])],
    ['a parameter of length 0', packet([4, 0, 0, 8, 0, 1, 0, 0])],
    ['a type werift does not know', packet([77, 0, 0, 4])],
    ['more gaps than bytes', packet([3, 0, 0, 16, ...Array<number>(8).fill(0), 0, 9, 0, 0])],
    ['a gap of everything', packet([3, 0, 0, 20, ...Array<number>(8).fill(0), 0, 1, 0, 0, 0, 1, 255, 255])],
    ['a stream nobody needs', packet([0, 3, 0, 17, 0, 0, 0, 1, 255, 255, ...Array<number>(7).fill(0), 0, 0, 0])],
    ['no chunk', packet()],
  ])('H-74 an SCTP packet is not readable with: %s', (_, data) => {
    expect(isReadableSctp(data)).toBe(false);
  });

  it('H-74 any bytes can be read as SCTP, or as an open message, without harm', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
        const data = Buffer.from(bytes);
        expect(typeof isReadableSctp(data)).toBe('boolean');
        const open = readChannelOpen(Buffer.concat([Buffer.from([3]), data]));
        expect(open === null || typeof open.label === 'string').toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
