import { describe, expect, it } from 'vitest';
import type { PoseDecoder } from '@/lib/codec/codec';
import { RangePoseDecoder } from '@/lib/codec/rangePoseDecoder';
import { RangePoseEncoder } from '@/lib/codec/rangePoseEncoder';
import { fuzzCodec } from '@/tests/fuzz/codecFuzz';
import { FuzzFailure } from '@/tests/fuzz/fuzzFailure';

const createEncoder = () => new RangePoseEncoder();

function fuzz(packets: number, createDecoder: () => PoseDecoder) {
  return fuzzCodec({ seed: 2026, packets, createEncoder, createDecoder });
}

/** A decoder whose answers `decode` makes from those of the real one. */
function wrapped(
  decode: (inner: RangePoseDecoder, ...args: Parameters<PoseDecoder['decode']>) => ReturnType<PoseDecoder['decode']>,
) {
  return () => {
    const inner = new RangePoseDecoder();
    return {
      decode: (packet: Uint8Array, sink: Parameters<PoseDecoder['decode']>[1]) => decode(inner, packet, sink),
      get lost() {
        return inner.lost;
      },
      get awaitsKeyframe() {
        return inner.awaitsKeyframe;
      },
    };
  };
}

describe('decoding damaged packets', () => {
  it('C-3: decoding damaged packets never throws, yields only whole poses, and recovers', () => {
    const report = fuzz(4000, () => new RangePoseDecoder());
    expect(report.packets).toBeGreaterThanOrEqual(4000);
    expect(report.frames).toBeGreaterThan(0);
    // Most packets get as far as the range coder, and a few past the check.
    expect(report.drops.malformed).toBeGreaterThan(report.packets / 4);
    for (const reason of ['tooLarge', 'truncated', 'unknownVersion', 'stale', 'awaitingKeyframe'] as const) {
      expect(report.drops[reason], reason).toBeGreaterThan(0);
    }
  });

  it('the fuzzer repeats itself for the same seed', () => {
    const decoder = () => new RangePoseDecoder();
    expect(fuzz(500, decoder)).toEqual(fuzz(500, decoder));
  });

  it.each<readonly [string, RegExp, () => PoseDecoder]>([
    [
      'a throw',
      /decode threw: .*boom/,
      wrapped((inner, packet, sink) => {
        if (packet.length < 5) throw new Error('boom');
        return inner.decode(packet, sink);
      }),
    ],
    [
      'a number that is none',
      /a frame that can't be/,
      wrapped((inner, packet, sink) =>
        inner.decode(packet, (pose, timeMs) => {
          const before = pose.values[100]!;
          pose.values[100] = Number.NaN;
          sink(pose, timeMs);
          pose.values[100] = before;
        }),
      ),
    ],
    [
      'a rotation out of bounds',
      /a frame that can't be: bone/,
      wrapped((inner, packet, sink) =>
        inner.decode(packet, (pose, timeMs) => {
          const before = pose.values[6]!;
          pose.values[6] = before + 0.5;
          sink(pose, timeMs);
          pose.values[6] = before;
        }),
      ),
    ],
    [
      'a frame of a packet that is dropped',
      /frames of a dropped packet/,
      wrapped((inner, packet, sink) => {
        inner.decode(packet, sink);
        return 'malformed';
      }),
    ],
    ['a sound packet that is dropped', /as it was sent was dropped/, wrapped(() => 'malformed')],
  ])('the fuzzer would find %s', (_, message, createDecoder) => {
    expect(() => fuzz(2000, createDecoder)).toThrow(message);
    expect(() => fuzz(2000, createDecoder)).toThrow(FuzzFailure);
    expect(() => fuzz(2000, createDecoder)).toThrow(/seed 2026, session \d+, packet \(\d+ bytes\): [0-9a-f]*$/);
  });

  it('the fuzzer would find a decoder that never recovers', () => {
    const createDecoder = () => {
      let hasFailed = false;
      return wrapped((inner, packet, sink) => {
        const failure = hasFailed ? 'stale' : inner.decode(packet, sink);
        hasFailed ||= failure === 'malformed';
        return failure;
      })();
    };
    expect(() => fuzz(2000, createDecoder)).toThrow(/no keyframe of 128 was taken/);
  });
});
