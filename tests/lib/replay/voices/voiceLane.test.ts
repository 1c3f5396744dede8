import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CreateOpusDecoder } from '@/lib/replay/voices/opusDecoder';
import { type SoundOutput, VoiceLane } from '@/lib/replay/voices/voiceLane';

const PACKET_MS = 20;
const SAMPLES = 960;
/** What the eye forgives between lips and voice. */
const LIPSYNC_MAX_MS = 40;

/** Decodes each packet to samples that carry the number in it. */
const numbered: CreateOpusDecoder = (sink) => ({
  decode: (packet, at) => sink(new Float32Array(SAMPLES).fill(packet[0]! + 256 * packet[1]!), at),
  reset: () => {},
  close: () => {},
});

/** A listener at a moment that the test moves, and what was to be heard when. */
class Ear implements SoundOutput {
  positionMs = 0;
  rate = 1;
  delayMs = 80;
  nowS = 100;
  readonly latencyS = 0.01;
  heard: { readonly number: number; readonly atS: number; readonly count: number }[] = [];

  delayMsOf(): number {
    return this.delayMs;
  }

  play(samples: Float32Array, atS: number): void {
    this.heard.push({ number: samples[samples.length - 1]!, atS, count: samples.length });
  }

  stop(): void {
    this.heard = this.heard.filter(({ atS }) => atS <= this.nowS);
  }

  close(): void {}

  advance(ms: number): void {
    this.positionMs += ms * this.rate;
    this.nowS += ms / 1000;
  }
}

const track = { id: 1, kind: 'voice', personId: 'ana', hasKeyframe: false } as const;

function packet(number: number, timeMs: number, timestamp: number) {
  const bytes = Uint8Array.of(number & 255, number >> 8);
  return { type: 'voice', track, timeMs, bytes, sequence: number & 0xffff, timestamp, hasMarker: false } as const;
}

function world(): { ear: Ear; lane: VoiceLane } {
  const ear = new Ear();
  const lane = new VoiceLane({ personId: 'ana', output: ear, listening: ear, createDecoder: numbered });
  lane.restart(0);
  return { ear, lane };
}

/** Plays `count` packets that are late by `lateMs`, handed over half a second ahead; `stampFrom` may be near the turn of 32 bits. */
function speak(ear: Ear, lane: VoiceLane, count: number, lateMs: (k: number) => number, stampFrom = 0): void {
  for (let k = 0; k < count; k += 1) {
    const timeMs = k * PACKET_MS + lateMs(k);
    if (timeMs - 500 > ear.positionMs) ear.advance(timeMs - 500 - ear.positionMs);
    lane.take(packet(k, timeMs, (stampFrom + k * SAMPLES) % 2 ** 32));
  }
}

describe('a voice of a recording', () => {
  it('is heard with the lips: as much later as the person is drawn, on an uneven network', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 120 }), { minLength: 50, maxLength: 50 }),
        fc.integer({ min: 40, max: 200 }),
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        (late, delayMs, stampFrom) => {
          const { ear, lane } = world();
          ear.delayMs = delayMs;
          // The quickest packet comes at its own time.
          speak(ear, lane, 500, (k) => (k % 50 === 0 ? 0 : late[k % 50]!), Math.floor(stampFrom / SAMPLES) * SAMPLES);
          const errors = ear.heard.map(({ number, atS }) => {
            const drawnAtMs = number * PACKET_MS + delayMs;
            return Math.abs((atS + ear.latencyS - 100) * 1000 - drawnAtMs);
          });
          expect(errors.length).toBeGreaterThan(480);
          expect(Math.max(...errors)).toBeLessThanOrEqual(LIPSYNC_MAX_MS);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('follows a delay that grows, and stays with the lips', () => {
    const { ear, lane } = world();
    speak(ear, lane, 100, () => 0);
    ear.delayMs = 180;
    for (let k = 100; k < 200; k += 1) {
      ear.advance(PACKET_MS);
      lane.take(packet(k, k * PACKET_MS, k * SAMPLES));
    }
    for (const { number, atS } of ear.heard.filter((heard) => heard.number > 101)) {
      expect(Math.abs((atS + ear.latencyS - 100) * 1000 - (number * PACKET_MS + 180))).toBeLessThanOrEqual(
        LIPSYNC_MAX_MS,
      );
    }
  });

  it('sound without a gap is played without a seam', () => {
    const { ear, lane } = world();
    speak(ear, lane, 100, () => 0);
    const [first] = ear.heard;
    for (const [k, { atS }] of ear.heard.entries()) expect(atS).toBeCloseTo(first!.atS + k * 0.02, 9);
  });

  it('after a leap nothing of before is heard, and what settles the decoder is silent', () => {
    const { ear, lane } = world();
    speak(ear, lane, 100, () => 0);
    ear.positionMs = 5000;
    ear.stop();
    ear.heard = [];
    lane.restart(5000);
    for (let k = 225; k < 275; k += 1) lane.take(packet(k, k * PACKET_MS, k * SAMPLES));
    const numbers = ear.heard.map(({ number }) => number);
    // Packet 246 is of the moment itself: to be heard in time it should have left before.
    expect(numbers[0]).toBe(247);
    expect(numbers).toHaveLength(275 - 247);
  });

  it('at double speed it takes half the time, and ends where its lips do', () => {
    const { ear, lane } = world();
    ear.rate = 2;
    speak(ear, lane, 500, () => 0);
    const last = ear.heard.at(-1)!;
    const endS = last.atS + last.count / 48_000;
    const lengthS = (500 * PACKET_MS) / 1000 / 2;
    expect(Math.abs(endS - 100 - lengthS - ear.delayMs / 2000)).toBeLessThan(0.08);
  });
});
