import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PACKET_MAX_BYTES } from '@/lib/codec/codec';
import { SimpleDecoder } from '@/lib/codec/simpleDecoder';
import { SimpleEncoder } from '@/lib/codec/simpleEncoder';
import { BONE_COUNT } from '@/lib/pose/bones';
import { ALL_PARTS, createPose, FACE_OFFSET, GAZE_OFFSET, type Pose, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import { anyPose } from '../pose/anyPose';

function expectWhole({ values, parts }: Pose, timeMs: number): void {
  expect(values.every(Number.isFinite)).toBe(true);
  expect(Number.isInteger(timeMs) && timeMs >= 0).toBe(true);
  expect(parts).toBeLessThanOrEqual(ALL_PARTS);
  for (let bone = 0; bone < BONE_COUNT; bone += 1) {
    const at = ROTATIONS_OFFSET + bone * 4;
    expect(Math.hypot(...values.subarray(at, at + 4))).toBeCloseTo(1, 5);
  }
  expect(values.subarray(FACE_OFFSET, GAZE_OFFSET).every((weight) => weight >= 0 && weight <= 1)).toBe(true);
}

function packetOf(pose: Pose, compression: number): Uint8Array {
  const encoder = new SimpleEncoder();
  encoder.compression = compression;
  return encoder.packet.slice(0, encoder.encode(pose, 12_345));
}

const packet = fc
  .tuple(anyPose, fc.integer({ min: 0, max: 9 }))
  .map(([pose, compression]) => packetOf(pose, compression));

describe('decoding whatever it is given', () => {
  it('C-3: never throws and never yields anything but whole poses, on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: PACKET_MAX_BYTES + 100 }), (bytes) => {
        new SimpleDecoder().decode(bytes, expectWhole);
      }),
      { numRuns: 500 },
    );
  });

  it('C-3: never throws and yields whole poses on mutated packets', () => {
    const mutation = fc.tuple(fc.nat(), fc.nat(255));
    fc.assert(
      fc.property(packet, fc.array(mutation, { minLength: 1, maxLength: 20 }), (bytes, mutations) => {
        for (const [at, value] of mutations) bytes[at % bytes.length] = value;
        new SimpleDecoder().decode(bytes, expectWhole);
      }),
      { numRuns: 300 },
    );
  });

  it('C-3: yields whole poses where the header is right and all the rest is noise', () => {
    fc.assert(
      fc.property(packet, fc.uint8Array({ minLength: 400, maxLength: 400 }), (bytes, noise) => {
        bytes.set(noise.subarray(0, bytes.length - 9), 9);
        let frames = 0;
        const failure = new SimpleDecoder().decode(bytes, (pose, timeMs) => {
          frames += 1;
          expectWhole(pose, timeMs);
        });
        expect({ failure, frames }).toEqual({ failure: null, frames: 1 });
      }),
      { numRuns: 200 },
    );
  });

  it('C-3: drops a packet cut short, of any length', () => {
    const pose = createPose();
    pose.parts = ALL_PARTS;
    const whole = packetOf(pose, 5);
    for (let size = 0; size < whole.length; size += 1) {
      const failure = new SimpleDecoder().decode(whole.subarray(0, size), () => {
        throw new Error('yielded a frame');
      });
      expect(failure, `${size} bytes`).toBe('truncated');
    }
  });

  it('C-3: reads nothing behind the packet within a larger buffer', () => {
    const pose = createPose();
    pose.parts = ALL_PARTS;
    const whole = packetOf(pose, 5);
    const buffer = new Uint8Array(2000).fill(0xaa);
    buffer.set(whole, 100);
    const within = buffer.subarray(100, 100 + whole.length - 1);
    expect(new SimpleDecoder().decode(within, () => {})).toBe('truncated');
  });

  const header = (...bytes: number[]) => Uint8Array.from(bytes);
  const wrong: Array<readonly [string, Uint8Array, string]> = [
    ['C-1: another version', header(2, 10, 0, 0, 0, 0, 0, 0, 0), 'unknownVersion'],
    ['C-1: another version, cut short', header(200), 'unknownVersion'],
    ['C-2: too long', new Uint8Array(PACKET_MAX_BYTES + 1), 'tooLarge'],
    ['C-3: too few bits', header(1, 9, 0, 0, 0, 0, 0, 0, 0), 'malformed'],
    ['C-3: too many bits', header(1, 15, 0, 0, 0, 0, 0, 0, 0), 'malformed'],
    ['C-3: a part nobody knows', header(1, 10, 0, 0, 0, 0, 0, 0, 128), 'malformed'],
    ['C-3: bytes behind the end', header(1, 10, 0, 0, 0, 0, 0, 0, 0, 0), 'malformed'],
  ];

  it.each(wrong)('%s', (_, bytes, reason) => {
    expect(new SimpleDecoder().decode(bytes, () => {})).toBe(reason);
  });

  it('C-4: a broken packet does not move the sequence on', () => {
    const decoder = new SimpleDecoder();
    const good = packetOf(createPose(), 0);
    const broken = good.slice();
    broken[1] = 99;
    broken[2] = 50;
    expect(decoder.decode(broken, () => {})).toBe('malformed');
    expect(decoder.decode(good, () => {})).toBeNull();
    expect(decoder.lost).toBe(0);
  });
});
