import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALL_PARTS } from '@/lib/pose/pose';
import { BODY_PARTS, benchClip } from '@/tools/bench/codec/benchClip';
import type { CodecUnderTest } from '@/tools/bench/codec/codecUnderTest';
import { measureRate } from '@/tools/bench/codec/measureRate';
import { OUR_CODEC } from '@/tools/bench/codec/ourCodec';
import {
  FieldReader,
  FieldWriter,
  JSON_LANDMARKS,
  JSON_QUATERNIONS,
  JSON_QUATERNIONS_ROUNDED,
  MSGPACK,
  SMALLEST_THREE,
  SMALLEST_THREE_DEFLATED,
} from '@/tools/bench/codec/peers';
import { loadCorpus } from '@/tools/bench/motion/loadCorpus';

const [talk] = loadCorpus(null);
const clip = { ...talk!, poses: talk!.poses.slice(0, 60) };
const body = benchClip(clip, BODY_PARTS);
const full = benchClip(clip, ALL_PARTS);

const measure = (codec: CodecUnderTest, level: number, frames = 2, of = full) =>
  measureRate(codec, level, frames, [of]);

describe('bit fields of the peers', () => {
  it('bit fields read back as written', () => {
    const field = fc.integer({ min: 1, max: 16 }).chain((bits) => fc.tuple(fc.nat(2 ** bits - 1), fc.constant(bits)));
    fc.assert(
      fc.property(fc.array(field, { maxLength: 80 }), (fields) => {
        const writer = new FieldWriter(new Uint8Array(200));
        writer.start();
        for (const [value, bits] of fields) writer.write(value, bits);
        expect(writer.sizeBytes).toBe(Math.ceil(fields.reduce((sum, [, bits]) => sum + bits, 0) / 8));
        const reader = new FieldReader();
        reader.start(writer.bytes);
        for (const [value, bits] of fields) expect(reader.read(bits)).toBe(value);
      }),
    );
  });
});

describe('the peers', () => {
  it.each([JSON_QUATERNIONS, MSGPACK])('$name returns every pose exactly', (codec) => {
    for (const of of [body, full]) {
      for (const frames of [1, 2, 3]) {
        const { errors, frames: arrived } = measure(codec, 0, frames, of);
        expect(errors).toMatchObject({ bodyDeg: 0, allDeg: 0, bodyMm: 0, faceWeight: 0, gazeDeg: 0 });
        expect(arrived).toBe(60);
      }
    }
  });

  it('JSON of four decimals is off by less than a hundredth of a degree', () => {
    const { errors } = measure(JSON_QUATERNIONS_ROUNDED, 0);
    expect(errors!.allDeg).toBeGreaterThan(0);
    expect(errors!.allDeg).toBeLessThan(0.01);
  });

  it('landmarks have a size but no error', () => {
    const { errors, bytesPerFrame } = measure(JSON_LANDMARKS, 0);
    expect(errors).toBeNull();
    expect(bytesPerFrame).toBeGreaterThan(5000);
  });

  it('smallest-three has the size of its fields and the error that its bits allow', () => {
    const headBits = (frames: number) => 32 + 8 * (frames - 1);
    for (const bits of [10, 7]) {
      const bodyBits = 48 + 22 * (2 + 3 * bits);
      const bytes = Math.ceil((headBits(2) + 2 * bodyBits) / 8) / 2;
      const measured = measure(SMALLEST_THREE, bits, 2, body);
      expect(measured.bytesPerFrame).toBe(bytes);
      const stepDeg = (180 / Math.PI) * 2 * (Math.SQRT2 / (2 ** bits - 1));
      expect(measured.errors!.bodyMaxDeg).toBeLessThan(stepDeg * Math.sqrt(3));
      expect(measured.errors!.bodyDeg).toBeGreaterThan(stepDeg / 10);
    }
    expect(measure(SMALLEST_THREE, 10).errors!.faceWeight).toBeLessThan(1 / 255 / 2);
  });

  it('deflate changes only the size', () => {
    const plain = measure(SMALLEST_THREE, 10);
    for (const codec of SMALLEST_THREE_DEFLATED) {
      const deflated = measure(codec, 10);
      expect(deflated.errors).toEqual(plain.errors);
      expect(deflated.bytesPerFrame).not.toBe(plain.bytesPerFrame);
    }
  });

  it('our codec is smaller than smallest-three at no more error, with every batch size', () => {
    for (const frames of [1, 2, 3]) {
      const ours = measure(OUR_CODEC, 0, frames);
      const peer = measure(SMALLEST_THREE, 8, frames);
      expect(ours.errors!.allDeg).toBeLessThan(peer.errors!.allDeg);
      expect(ours.kbps).toBeLessThan(peer.kbps);
    }
  });
});
