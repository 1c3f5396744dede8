import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fnv1a } from '@/lib/core/hash';
import {
  controlKindOf,
  isReport,
  KEYFRAME_REQUEST,
  REPORT_MAX_BYTES,
  type ReportEntry,
  readReport,
  writeReport,
} from '@/lib/meeting/controlMessages';

const entry = fc.record({
  endpointId: fc.string({ unit: fc.constantFrom(...'0123456789abcdef') }),
  ageMs: fc.double({ min: 0, max: 2040, noNaN: true }),
  lostShare: fc.double({ min: 0, max: 1, noNaN: true }),
});
const entries = fc.uniqueArray(entry, { maxLength: 16, selector: ({ endpointId }) => fnv1a(endpointId) });

function written(reports: readonly ReportEntry[]): Uint8Array {
  const out = new Uint8Array(REPORT_MAX_BYTES);
  return out.subarray(0, writeReport(reports, out));
}

describe('a control message', () => {
  it('M-1 a control message is known by its first byte, which no packet of poses shares', () => {
    expect(controlKindOf(KEYFRAME_REQUEST)).toBe('keyframeRequest');
    expect(controlKindOf(written([]))).toBe('report');
    for (const first of [0x00, 0x01, 0x09, 0x0c, 0x40, 0x5f, 0xff]) {
      expect(controlKindOf(Uint8Array.of(first, 0))).toBeNull();
    }
    expect(controlKindOf(new Uint8Array(0))).toBeNull();
  });

  it('M-10 a keyframe request is one byte', () => {
    expect(Array.from(KEYFRAME_REQUEST)).toEqual([0x0a]);
  });
});

describe("a receiver's report", () => {
  it('M-20 a report has the bytes of the specification', () => {
    const bytes = written([
      { endpointId: 'a', ageMs: 120, lostShare: 0.2 },
      { endpointId: 'foobar', ageMs: 9_999, lostShare: 0 },
    ]);
    expect(Array.from(bytes)).toEqual([
      ...[0x0b, 2],
      ...[0x2c, 0x29, 0x0c, 0xe4, 15, 51],
      ...[0x68, 0xf9, 0x9c, 0xbf, 255, 0],
    ]);
  });

  it('M-20 a report covers at most 16 senders', () => {
    const many = Array.from({ length: 20 }, (_, k) => ({ endpointId: `e${k}`, ageMs: 8, lostShare: 0 }));
    const bytes = written(many);
    expect([bytes.length, REPORT_MAX_BYTES]).toEqual([98, 98]);
    expect(readReport(bytes, 'e15')).toEqual({ ageMs: 8, lostShare: 0 });
    expect(readReport(bytes, 'e16')).toBeNull();
  });

  it('M-22 a report carries ages to 4 ms and shares to 1/510', () => {
    fc.assert(
      fc.property(entries, (reports) => {
        const bytes = written(reports);
        for (const { endpointId, ageMs, lostShare } of reports) {
          const read = readReport(bytes, endpointId)!;
          expect(Math.abs(read.ageMs - ageMs)).toBeLessThanOrEqual(4);
          expect(Math.abs(read.lostShare - lostShare)).toBeLessThanOrEqual(1 / 510 + 1e-9);
        }
      }),
    );
  });

  it('M-22 a report has a number within bounds for any age and share', () => {
    const any = fc.double();
    fc.assert(
      fc.property(any, any, (ageMs, lostShare) => {
        const read = readReport(written([{ endpointId: 'a', ageMs, lostShare }]), 'a')!;
        expect(read.ageMs >= 0 && read.ageMs <= 2040).toBe(true);
        expect(read.lostShare >= 0 && read.lostShare <= 1).toBe(true);
      }),
    );
  });

  it('M-23 a report is read whole or not at all, whatever bytes arrive', () => {
    const near = fc.tuple(fc.nat(20), fc.uint8Array({ maxLength: 130 })).map(([count, rest]) => {
      return Uint8Array.of(0x0b, count, ...rest);
    });
    fc.assert(
      fc.property(fc.oneof(near, fc.uint8Array({ maxLength: 130 })), fc.string(), (bytes, endpointId) => {
        const isWhole = bytes[0] === 0x0b && bytes[1]! <= 16 && bytes.length === 2 + 6 * bytes[1]!;
        expect(isReport(bytes)).toBe(isWhole);
        const read = readReport(bytes, endpointId);
        if (!isWhole) expect(read).toBeNull();
        if (read) expect(read.ageMs <= 2040 && read.lostShare <= 1).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
