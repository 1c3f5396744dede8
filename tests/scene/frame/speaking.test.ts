import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ARKIT_COUNT, ARKIT_INDEX } from '@/lib/pose/arkit';
import { createPose, FACE_OFFSET } from '@/lib/pose/pose';
import { SpeakingLight, VoiceMouth } from '@/scene/frame/speaking';

const STEP_MS = 1000 / 60;

function play(light: SpeakingLight, ms: number, levelAt: (timeMs: number) => number, isStill = false): boolean[] {
  const on: boolean[] = [];
  for (let timeMs = 0; timeMs < ms; timeMs += STEP_MS) {
    light.advance(levelAt(timeMs), STEP_MS, isStill);
    on.push(light.isOn);
  }
  return on;
}

describe('SpeakingLight', () => {
  it('the speaking light comes on within two tenths of a second and goes out gently', () => {
    const light = new SpeakingLight();
    play(light, 200, () => 0.7);
    expect(light.shown).toBe(1);
    expect(light.level).toBeGreaterThan(0.6);
    play(light, 600, () => 0);
    expect(light.shown).toBeGreaterThan(0.2);
    play(light, 700, () => 0);
    expect(light.shown).toBe(0);
    expect(light.level).toBe(0);
  });

  it('the speaking light does not blink between words, nor around the threshold', () => {
    const words = play(new SpeakingLight(), 6000, (ms) => (ms % 700 < 350 ? 0.6 : 0));
    expect(words.slice(1)).not.toContain(false);
    const hovering = play(new SpeakingLight(), 6000, (ms) => 0.3 + 0.06 * Math.sin(ms / 40));
    expect(hovering.filter((on, i) => i > 0 && on !== hovering[i - 1]).length).toBeLessThanOrEqual(1);
  });

  it('the speaking light stays dark for the noise of a room', () => {
    expect(play(new SpeakingLight(), 3000, () => 0.25)).not.toContain(true);
  });

  it('the speaking light neither eases nor pulses with decorative motion off', () => {
    const light = new SpeakingLight();
    const seen = new Set<number>();
    for (let i = 0; i < 200; i += 1) {
      light.advance(0.6 + 0.3 * Math.sin(i), STEP_MS, true);
      seen.add(light.level);
      expect(light.shown).toBe(1);
    }
    expect(seen.size).toBe(1);
  });
});

function faceOf(mouth: VoiceMouth, share = 1): Float32Array {
  const { values } = createPose();
  mouth.write(values, share);
  return values.slice(FACE_OFFSET, FACE_OFFSET + ARKIT_COUNT);
}

/** The face frame by frame while the voice is at `levelAt`. */
function speak(mouth: VoiceMouth, ms: number, levelAt: (timeMs: number) => number): Float32Array[] {
  const faces: Float32Array[] = [];
  for (let timeMs = 0; timeMs < ms; timeMs += STEP_MS) {
    mouth.advance(levelAt(timeMs), STEP_MS);
    faces.push(faceOf(mouth));
  }
  return faces;
}

const jaws = (faces: readonly Float32Array[]) => faces.map((face) => face[ARKIT_INDEX.jawOpen]!);
const mean = (numbers: readonly number[]) => numbers.reduce((sum, n) => sum + n, 0) / numbers.length;

describe('VoiceMouth', () => {
  it('the mouth is exactly shut in silence, and again soon after speech', () => {
    const mouth = new VoiceMouth(0.3);
    for (const face of speak(mouth, 500, () => 0)) expect(face.every((weight) => weight === 0)).toBe(true);
    speak(mouth, 1000, () => 0.8);
    expect(mouth.isShut).toBe(false);
    const after = speak(mouth, 700, () => 0);
    expect(after.at(-1)!.every((weight) => weight === 0)).toBe(true);
    expect(mouth.isShut).toBe(true);
  });

  it('the mouth opens further for a louder voice', () => {
    const quiet = mean(jaws(speak(new VoiceMouth(0.3), 6000, () => 0.4)));
    const loud = mean(jaws(speak(new VoiceMouth(0.3), 6000, () => 0.8)));
    expect(quiet).toBeGreaterThan(0.02);
    expect(loud).toBeGreaterThan(quiet * 1.3);
  });

  it('the mouth ignores the noise of a room', () => {
    for (const face of speak(new VoiceMouth(0.6), 2000, () => 0.15)) expect(face.every((w) => w === 0)).toBe(true);
  });

  it('the mouth passes through syllables of several shapes at the pace of speech', () => {
    const seconds = 8;
    const faces = speak(new VoiceMouth(0.7), seconds * 1000, () => 0.6);
    const jaw = jaws(faces);
    const openings = jaw.filter((at, i) => i > 0 && i < jaw.length - 1 && at > jaw[i - 1]! && at >= jaw[i + 1]!).length;
    expect(openings / seconds).toBeGreaterThan(2);
    expect(openings / seconds).toBeLessThan(7);
    const shapeOf = (face: Float32Array) => {
      if (face[ARKIT_INDEX.mouthFunnel]! > 0.15) return 'round';
      return face[ARKIT_INDEX.mouthStretchLeft]! > 0.1 ? 'wide' : 'open';
    };
    expect(new Set(faces.slice(20).map(shapeOf)).size).toBe(3);
  });

  it('the mouth moves at most a fifth of its range a frame, whatever the level does', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 5, maxLength: 40 }), (levels) => {
        const faces = speak(new VoiceMouth(0.2), levels.length * 50, (ms) => levels[Math.floor(ms / 50)] ?? 0);
        const weights = faces.flatMap((face) => [...face]);
        expect(Math.min(...weights)).toBeGreaterThanOrEqual(0);
        expect(Math.max(...weights)).toBeLessThanOrEqual(1);
        const steps = weights.slice(ARKIT_COUNT).map((weight, i) => Math.abs(weight - weights[i]!));
        expect(Math.max(...steps)).toBeLessThan(1 / 5);
      }),
      { numRuns: 40 },
    );
  });

  it('the mouth changes nothing where it has no share of the face', () => {
    const mouth = new VoiceMouth(0.5);
    speak(mouth, 500, () => 0.9);
    expect(faceOf(mouth, 0).every((weight) => weight === 0)).toBe(true);
    expect(faceOf(mouth, 0.5)[ARKIT_INDEX.jawOpen]).toBeLessThan(faceOf(mouth, 1)[ARKIT_INDEX.jawOpen]!);
  });
});
