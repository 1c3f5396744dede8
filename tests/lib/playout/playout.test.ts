import { describe, expect, it } from 'vitest';
import { Playout, type PlayoutState } from '@/lib/playout/playout';
import { BONE_INDEX } from '@/lib/pose/bones';
import {
  ALL_PARTS,
  createPose,
  FACE_OFFSET,
  HIPS_OFFSET,
  type Pose,
  PosePart,
  ROTATIONS_OFFSET,
} from '@/lib/pose/pose';
import { quatFromAxisAngle } from '@/lib/pose/quat';
import { seededRandom } from '@/tools/seededRandom';

const DEGREES = 180 / Math.PI;
const HEAD = ROTATIONS_OFFSET + BONE_INDEX.head * 4;

/** The truth: a head that turns to and fro, up to 90 degrees a second. */
const truthDeg = (senderMs: number) => 30 * Math.sin((senderMs / 1000) * 3);

function truthAt(senderMs: number, parts = ALL_PARTS): Pose {
  const pose = createPose();
  quatFromAxisAngle(0, 1, 0, truthDeg(senderMs) / DEGREES, pose.values, HEAD);
  pose.parts = parts;
  return pose;
}

const shownDeg = (pose: Pose) => 2 * Math.atan2(pose.values[HEAD + 1]!, pose.values[HEAD + 3]!) * DEGREES;

interface Arrival {
  readonly senderMs: number;
  readonly arrivalMs: number;
}

interface Network {
  readonly fps?: number;
  readonly seconds?: number;
  /** Local clock minus sender clock. */
  readonly skewMs?: number;
  readonly driftShare?: number;
  readonly delayMs?: (k: number) => number;
  /** Whether the channel keeps the order; otherwise packets may overtake. */
  readonly isOrdered?: boolean;
  readonly isLost?: (k: number) => boolean;
}

function arrivalsOver({
  fps = 30,
  seconds = 20,
  skewMs = 0,
  driftShare = 0,
  delayMs = () => 50,
  isOrdered = true,
  isLost = () => false,
}: Network): Arrival[] {
  const arrivals: Arrival[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < fps * seconds; k += 1) {
    if (isLost(k)) continue;
    const senderMs = Math.round(100_000 + (k * 1000) / fps);
    const free = senderMs * (1 + driftShare) + skewMs + delayMs(k);
    const arrivalMs = isOrdered ? Math.max(free, last) : free;
    last = arrivalMs;
    arrivals.push({ senderMs, arrivalMs });
  }
  return arrivals.sort((a, b) => a.arrivalMs - b.arrivalMs);
}

interface Drawn {
  readonly nowMs: number;
  readonly deg: number;
  readonly state: PlayoutState;
  readonly ageMs: number;
  readonly playedMs: number;
}

/** Draws at 60 Hz from the first arrival on. */
function play(arrivals: readonly Arrival[]): { drawn: Drawn[]; playout: Playout } {
  const playout = new Playout();
  const pose = createPose();
  const drawn: Drawn[] = [];
  let next = 0;
  const endMs = arrivals.at(-1)!.arrivalMs + 1000 / 60;
  for (let nowMs = arrivals[0]!.arrivalMs; nowMs <= endMs; nowMs += 1000 / 60) {
    for (; next < arrivals.length && arrivals[next]!.arrivalMs <= nowMs; next += 1) {
      playout.push(truthAt(arrivals[next]!.senderMs), arrivals[next]!.senderMs, arrivals[next]!.arrivalMs);
    }
    const state = playout.sample(nowMs, pose);
    drawn.push({ nowMs, deg: shownDeg(pose), state, ageMs: playout.stats(nowMs).ageMs, playedMs: playout.playedMs });
  }
  return { drawn, playout };
}

/** Leaves out the first three seconds, in which the delay is still settling. */
const settled = (drawn: Drawn[]) => drawn.filter(({ nowMs }) => nowMs > drawn[0]!.nowMs + 3000);

function meanErrorDeg(drawn: Drawn[]): number {
  const errors = drawn.map(({ deg, playedMs }) => Math.abs(deg - truthDeg(playedMs)));
  return errors.reduce((sum, error) => sum + error, 0) / errors.length;
}

function largestStepDeg(drawn: Drawn[]): number {
  return Math.max(...drawn.slice(1).map(({ deg }, k) => Math.abs(deg - drawn[k]!.deg)));
}

const jitter = (spreadMs: number) => {
  const random = seededRandom(4711);
  const delays = Array.from({ length: 2000 }, () => 30 + spreadMs * random());
  return (k: number) => delays[k]!;
};

describe('playing what comes evenly', () => {
  it.each([10, 20, 30])('even frames at %i a second play back the truth, a little late', (fps) => {
    const { drawn, playout } = play(arrivalsOver({ fps }));
    const end = settled(drawn);
    expect(meanErrorDeg(end)).toBeLessThan(fps === 10 ? 0.6 : 0.2);
    expect(Math.max(...end.map(({ ageMs }) => ageMs))).toBeLessThan((1000 / fps) * 1.35 + 10);
    expect(playout.stats(drawn.at(-1)!.nowMs)).toMatchObject({ received: fps * 20, discarded: 0 });
    expect(Math.abs(playout.stats(drawn.at(-1)!.nowMs).poseFps - fps)).toBeLessThan(fps * 0.08);
  });

  it('before the first frame the pose is left alone', () => {
    const pose = truthAt(123);
    expect(new Playout().sample(5, pose)).toBe('none');
    expect(pose).toEqual(truthAt(123));
    expect(new Playout().stats(5)).toMatchObject({ ageMs: 0, poseFps: 0, received: 0 });
  });

  it('the first frame is shown at once', () => {
    const playout = new Playout();
    const pose = createPose();
    playout.push(truthAt(500), 500, 10);
    expect(playout.sample(10, pose)).toBe('live');
    expect(shownDeg(pose)).toBeCloseTo(truthDeg(500), 3);
  });
});

describe('playing what comes unevenly', () => {
  it('playout stays smooth and close to the truth under 40 ms of jitter', () => {
    const { drawn } = play(arrivalsOver({ delayMs: jitter(40) }));
    const end = settled(drawn);
    expect(meanErrorDeg(end)).toBeLessThan(1);
    // The truth moves up to 1.5 degrees in each drawn frame, and playout may run 1.25 times as fast.
    expect(largestStepDeg(end)).toBeLessThan(1.5 * 1.25 + 0.1);
    const frozen = end.slice(1).filter(({ deg }, k) => Math.abs(deg - end[k]!.deg) < 1e-6).length;
    expect(frozen / end.length).toBeLessThan(0.01);
  });

  it('playout does not jump under a quarter of a second of jitter', () => {
    const { drawn } = play(arrivalsOver({ delayMs: jitter(250) }));
    expect(largestStepDeg(settled(drawn))).toBeLessThan(1.5 * 1.25 + 0.1);
  });

  it.each([
    ['+5 minutes', 300_000, 0],
    ['-5 minutes', -300_000, 0],
    ['a drift of 200 ppm', 0, 0.0002],
  ])('a skew of %s does not disturb playout', (_, skewMs, driftShare) => {
    const plain = settled(play(arrivalsOver({ delayMs: jitter(40) })).drawn);
    const skewed = settled(play(arrivalsOver({ delayMs: jitter(40), skewMs, driftShare })).drawn);
    const meanAge = (drawn: Drawn[]) => drawn.reduce((sum, { ageMs }) => sum + ageMs, 0) / drawn.length;
    expect(Math.abs(meanAge(plain) - meanAge(skewed))).toBeLessThan(5);
    expect(largestStepDeg(skewed)).toBeLessThan(1.5 * 1.25 + 0.1);
    expect(meanErrorDeg(skewed)).toBeLessThan(1);
  });

  it('frames that overtook each other are played in order', () => {
    const { drawn, playout } = play(arrivalsOver({ delayMs: jitter(120), isOrdered: false }));
    expect(meanErrorDeg(settled(drawn))).toBeLessThan(1.5);
    expect(playout.stats(0).discarded).toBe(0);
  });

  it('single losses are bridged', () => {
    const { drawn } = play(arrivalsOver({ isLost: (k) => k % 10 === 3 }));
    expect(meanErrorDeg(settled(drawn))).toBeLessThan(1);
    expect(largestStepDeg(settled(drawn))).toBeLessThan(1.5 * 1.25 + 0.1);
  });

  it('playout continues through a stall of 400 ms and catches up within two seconds, without a jump', () => {
    const stalled = arrivalsOver({ delayMs: (k) => (k >= 300 && k < 312 ? 50 + (312 - k) * (1000 / 30) : 50) });
    const { drawn, playout } = play(stalled);
    // A wrong guess is corrected at 130 degrees a second at most, while playout catches up.
    expect(largestStepDeg(settled(drawn))).toBeLessThan(1.5 * 1.25 + 130 / 60);
    const during = (fromMs: number, toMs: number) =>
      drawn.filter(({ nowMs }) => nowMs > 100_050 + fromMs && nowMs < 100_050 + toMs);
    expect(Math.max(...during(10_000, 10_500).map(({ ageMs }) => ageMs))).toBeGreaterThan(350);
    expect(Math.max(...during(12_500, 13_000).map(({ ageMs }) => ageMs))).toBeLessThan(60);
    const guessed = during(10_100, 10_350);
    const steps = guessed.slice(1).map(({ deg }, k) => Math.abs(deg - guessed[k]!.deg));
    expect(Math.min(...steps)).toBeGreaterThan(0.05);
    expect(playout.stats(drawn.at(-1)!.nowMs).freezes).toBe(0);
  });

  it('playout is stale after a second of silence, and live again with the next frame', () => {
    const gap = arrivalsOver({ isLost: (k) => k >= 150 && k < 400 });
    const { drawn } = play(gap);
    const stateAt = (ms: number) => drawn.find(({ nowMs }) => nowMs >= 100_050 + ms)!.state;
    expect(stateAt(4900)).toBe('live');
    expect(stateAt(5500)).toBe('live');
    expect(stateAt(6100)).toBe('stale');
    expect(stateAt(13_200)).toBe('stale');
    expect(stateAt(13_500)).toBe('live');
    const after = drawn.filter(({ nowMs }) => nowMs > 100_050 + 14_500);
    expect(meanErrorDeg(after)).toBeLessThan(0.5);
  });

  it.each([
    ['back to zero', -99_000],
    ['an hour ahead', 3_600_000],
  ])('playout starts again when the sender clock jumps: %s', (_, jumpMs) => {
    const playout = new Playout();
    const pose = createPose();
    const pushAndDraw = (fromSenderMs: number, fromMs: number) => {
      for (let k = 0; k < 90; k += 1) {
        const senderMs = fromSenderMs + k * 33;
        playout.push(truthAt(senderMs), senderMs, fromMs + k * 33);
        playout.sample(fromMs + k * 33 + 5, pose);
      }
      return fromSenderMs + 89 * 33;
    };
    pushAndDraw(100_000, 0);
    const lastMs = pushAndDraw(100_000 + jumpMs, 3000);
    const { ageMs, delayMs } = playout.stats(3000 + 89 * 33 + 5);
    expect(ageMs).toBeLessThan(80);
    expect(delayMs).toBeLessThan(80);
    expect(shownDeg(pose)).toBeCloseTo(truthDeg(lastMs + 5 - ageMs), 0);
  });

  it('playout does not run backwards where a moment is asked for twice or time stands still', () => {
    const playout = new Playout();
    const pose = createPose();
    for (let k = 0; k < 30; k += 1) playout.push(truthAt(k * 33), k * 33, k * 33);
    playout.sample(990, pose);
    const first = shownDeg(pose);
    playout.sample(990, pose);
    playout.sample(900, pose);
    expect(shownDeg(pose)).toBeCloseTo(first, 1);
    expect(pose.values.every(Number.isFinite)).toBe(true);
  });
});

describe('playing parts', () => {
  it('P-8, P-10: the parts of the newer frame are shown, unchanged where the older one lacks them', () => {
    const playout = new Playout();
    const face = truthAt(0, PosePart.upperBody | PosePart.face);
    face.values[FACE_OFFSET] = 0.8;
    const body = truthAt(0, PosePart.upperBody | PosePart.hips);
    body.values[HIPS_OFFSET] = 0.5;
    for (let k = 0; k < 60; k += 1) playout.push(k % 2 === 0 ? face : body, k * 33, k * 33);
    const pose = createPose();
    for (let nowMs = 1000; nowMs < 1900; nowMs += 7) {
      playout.sample(nowMs, pose);
      const isFace = (pose.parts & PosePart.face) !== 0;
      expect(pose.values[FACE_OFFSET]).toBeCloseTo(isFace ? 0.8 : 0);
      expect(pose.values[HIPS_OFFSET]).toBeCloseTo(isFace ? 0 : 0.5);
    }
  });
});
