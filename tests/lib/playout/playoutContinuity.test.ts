import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Playout } from '@/lib/playout/playout';
import { BONE_INDEX } from '@/lib/pose/bones';
import { ALL_PARTS, copyPose, createPose, HIPS_OFFSET, type Pose, PosePart, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import { copyQuat } from '@/lib/pose/quat';
import { seededRandom } from '@/tools/seededRandom';
import { isSound, motionAt, stepOf } from './motion';

const FRAME_MS = 1000 / 60;
const POP_DEG = 10;
const POP_M = 0.05;
/** The motion's own largest step between two drawn frames. */
const TRUE_STEP_DEG = 4;
const TRUE_STEP_M = 0.007;

interface Packet {
  readonly arrivalMs: number;
  readonly framesMs: readonly number[];
}

interface Line {
  readonly stepMs?: number;
  readonly framesPerPacket?: number;
  readonly seconds?: number;
  readonly delayMs?: (sentMs: number) => number;
  readonly isLost?: (sentMs: number) => boolean;
}

/** Packets in the order in which an ordered channel delivers them. */
function packetsOf({
  stepMs = 33,
  framesPerPacket = 1,
  seconds = 12,
  delayMs = () => 50,
  isLost = () => false,
}: Line): Packet[] {
  const packets: Packet[] = [];
  let lastMs = 0;
  for (let sentMs = 0; sentMs < seconds * 1000; sentMs += stepMs * framesPerPacket) {
    if (isLost(sentMs)) continue;
    lastMs = Math.max(lastMs, sentMs + delayMs(sentMs));
    const framesMs = Array.from({ length: framesPerPacket }, (_, k) => sentMs - (framesPerPacket - 1 - k) * stepMs);
    packets.push({ arrivalMs: lastMs, framesMs });
  }
  return packets;
}

function take(playout: Playout, { framesMs, arrivalMs }: Packet): void {
  for (const senderMs of framesMs) {
    playout.push(motionAt(senderMs), senderMs, arrivalMs);
  }
}

interface Watched {
  readonly largestDeg: number;
  readonly largestM: number;
  /** Largest error relative to the motion at the played time, in the last two seconds. */
  readonly endErrorDeg: number;
  readonly freezes: number;
}

/**
 * Draws at 60 Hz and keeps the largest steps after the first second; checks that poses are valid and time never runs
 * back.
 */
function watch(packets: readonly Packet[]): Watched {
  const playout = new Playout();
  const [pose, before, truth] = [createPose(), createPose(), createPose()];
  const endMs = packets.at(-1)!.arrivalMs;
  let next = 0;
  let playedMs = Number.NEGATIVE_INFINITY;
  const worst = { largestDeg: 0, largestM: 0, endErrorDeg: 0, freezes: 0 };
  for (let nowMs = packets[0]!.arrivalMs; nowMs < endMs; nowMs += FRAME_MS) {
    for (; packets[next]!.arrivalMs <= nowMs; next += 1) take(playout, packets[next]!);
    playout.sample(nowMs, pose);
    expect(isSound(pose)).toBe(true);
    expect(playout.playedMs).toBeGreaterThanOrEqual(playedMs);
    playedMs = playout.playedMs;
    if (nowMs > 1000) {
      const { deg, metres } = stepOf(before, pose);
      worst.largestDeg = Math.max(worst.largestDeg, deg);
      worst.largestM = Math.max(worst.largestM, metres);
    }
    if (nowMs > endMs - 2000) {
      worst.endErrorDeg = Math.max(worst.endErrorDeg, stepOf(motionAt(playedMs, truth), pose).deg);
    }
    copyPose(pose, before);
  }
  return { ...worst, freezes: playout.stats(endMs).freezes };
}

function expectNoPop({ largestDeg, largestM }: Watched): void {
  expect(largestDeg).toBeLessThan(POP_DEG);
  expect(largestM).toBeLessThan(POP_M);
}

/** Holds back everything sent from `fromMs` until `lastsMs` later, when all of it comes at once. */
const stall = (fromMs: number, lastsMs: number) => (sentMs: number) =>
  sentMs >= fromMs && sentMs < fromMs + lastsMs ? fromMs + lastsMs - sentMs + 50 : 50;

describe('playout without pops', () => {
  it('the motion itself does not pop', () => {
    const even = watch(packetsOf({}));
    expect(even.largestDeg).toBeLessThan(TRUE_STEP_DEG);
    expect(even.largestDeg).toBeGreaterThan(TRUE_STEP_DEG / 2);
    expect(even.largestM).toBeLessThan(TRUE_STEP_M);
  });

  it.each([
    { stepMs: 33, framesPerPacket: 1 },
    { stepMs: 33, framesPerPacket: 2 },
    { stepMs: 50, framesPerPacket: 2 },
    { stepMs: 100, framesPerPacket: 1 },
  ])('nothing pops in stalls of 400 ms with $framesPerPacket frames of $stepMs ms in a packet', (rate) => {
    const delayMs = (sentMs: number) => stall(2000 + 2500 * Math.floor((sentMs - 2000) / 2500), 400)(sentMs);
    const watched = watch(packetsOf({ ...rate, delayMs: (sentMs) => (sentMs < 2000 ? 50 : delayMs(sentMs)) }));
    expectNoPop(watched);
    // At most the motion itself, played 1.25 times as fast, plus the correction of a wrong guess.
    expect(watched.largestDeg).toBeLessThan(TRUE_STEP_DEG * 1.25 + 130 / 60);
    expect(watched.freezes).toBe(0);
  });

  it('drawn five times a second, a wrong guess is corrected over several frames', () => {
    let largestDeg = 0;
    for (let stalledMs = 2000; stalledMs < 2900; stalledMs += 50) {
      const packets = packetsOf({ delayMs: stall(stalledMs, 400), seconds: 6 });
      const playout = new Playout();
      const [pose, truth] = [createPose(), createPose()];
      let next = 0;
      let errorDeg = 0;
      for (let nowMs = 50; nowMs < 5500; nowMs += 200) {
        for (; packets[next]!.arrivalMs <= nowMs; next += 1) take(playout, packets[next]!);
        playout.sample(nowMs, pose);
        const wrongDeg = stepOf(motionAt(playout.playedMs, truth), pose).deg;
        if (nowMs > 1000) largestDeg = Math.max(largestDeg, errorDeg - wrongDeg);
        errorDeg = wrongDeg;
      }
    }
    expect(largestDeg).toBeGreaterThan(1);
    // 130 degrees a second for the 50 ms that a drawn frame shows at most.
    expect(largestDeg).toBeLessThan(130 * 0.05);
  });

  it.each([200, 700, 1500, 4000])('nothing pops after a loss of %i ms, and the pose is right again', (lostMs) => {
    const watched = watch(packetsOf({ isLost: (sentMs) => sentMs > 3000 && sentMs < 3000 + lostMs }));
    expectNoPop(watched);
    expect(watched.endErrorDeg).toBeLessThan(2);
  });

  it('nothing pops where the sender has a new clock', () => {
    const old = packetsOf({ seconds: 4 });
    const fresh = packetsOf({ seconds: 4 }).map(({ arrivalMs, framesMs }) => ({
      arrivalMs: arrivalMs + 4100,
      framesMs: framesMs.map((ms) => ms + 900_000),
    }));
    const watched = watch([...old, ...fresh]);
    expectNoPop(watched);
    expect(watched.endErrorDeg).toBeLessThan(2);
  });
});

describe('parts that come and go', () => {
  const HAND_ONLY = PosePart.leftFingers;

  const FINGER = ROTATIONS_OFFSET + BONE_INDEX.leftIndexProximal * 4;

  /** A single finger, while the webcam sees it. */
  function handPose(senderMs: number, isSeen: boolean): Pose {
    const pose = createPose();
    if (isSeen) copyQuat(motionAt(senderMs).values, FINGER, pose.values, FINGER);
    pose.parts = isSeen ? HAND_ONLY : 0;
    return pose;
  }

  it('a hand that was lost for a moment eases from where it was last drawn', () => {
    const playout = new Playout();
    const [pose, shown] = [createPose(), createPose()];
    let largestDeg = 0;
    let hasShown = false;
    for (let nowMs = 0; nowMs < 6000; nowMs += FRAME_MS) {
      const senderMs = Math.floor(nowMs / 33) * 33;
      playout.push(handPose(senderMs, senderMs % 1000 > 300), senderMs, nowMs);
      playout.sample(nowMs, pose);
      if (pose.parts !== HAND_ONLY) continue;
      if (hasShown && nowMs > 1000) largestDeg = Math.max(largestDeg, stepOf(shown, pose).deg);
      copyPose(pose, shown);
      hasShown = true;
    }
    // In 300 ms the finger turns up to 40 degrees.
    expect(largestDeg).toBeLessThan(POP_DEG);
    expect(largestDeg).toBeGreaterThan(1);
  });

  it('a hand that was gone for long starts where it is', () => {
    const playout = new Playout();
    const pose = createPose();
    for (let nowMs = 0; nowMs < 6000; nowMs += FRAME_MS) {
      const senderMs = Math.floor(nowMs / 33) * 33;
      playout.push(handPose(senderMs, senderMs < 1000 || senderMs > 4000), senderMs, nowMs);
      playout.sample(nowMs, pose);
      if (nowMs < 4200) continue;
      expect(stepOf(pose, handPose(playout.playedMs, true)).deg).toBeLessThan(1.5);
    }
  });
});

describe('rates', () => {
  it('motion neither stops nor jumps where the rate changes from 30 to 10 frames a second and back', () => {
    const playout = new Playout();
    const [pose, before, truth] = [createPose(), createPose(), createPose()];
    const framesMs: number[] = [];
    for (let ms = 0; ms < 12_000; ms += ms >= 4000 && ms < 8000 ? 100 : 33) framesMs.push(ms);
    let next = 0;
    for (let nowMs = 50; nowMs < 12_000; nowMs += FRAME_MS) {
      for (; next < framesMs.length && framesMs[next]! + 50 <= nowMs; next += 1) {
        playout.push(motionAt(framesMs[next]!), framesMs[next]!, framesMs[next]! + 50);
      }
      playout.sample(nowMs, pose);
      if (nowMs > 1000) {
        const { deg } = stepOf(before, pose);
        expect(deg).toBeLessThan(TRUE_STEP_DEG * 1.25);
        expect(deg).toBeGreaterThan(0.2);
        expect(stepOf(motionAt(playout.playedMs, truth), pose).deg).toBeLessThan(8);
      }
      copyPose(pose, before);
    }
    expect(playout.stats(12_000)).toMatchObject({ freezes: 0, discarded: 0 });
  });

  it('packets of two frames are played no later than necessary', () => {
    const playout = new Playout();
    const pose = createPose();
    const random = seededRandom(8);
    const packets = packetsOf({ framesPerPacket: 2, delayMs: () => 50 + 10 * random() });
    let next = 0;
    for (let nowMs = 50; nowMs < 11_000; nowMs += FRAME_MS) {
      for (; packets[next]!.arrivalMs <= nowMs; next += 1) take(playout, packets[next]!);
      playout.sample(nowMs, pose);
    }
    const { delayMs, jitterMs, lateShare } = playout.stats(11_000);
    expect(delayMs).toBeGreaterThan(60);
    expect(delayMs).toBeLessThan(66 + 10 + 2);
    expect(jitterMs).toBeLessThan(14);
    expect(lateShare).toBeLessThan(0.1);
  });
});

describe('whatever comes', () => {
  const anyFrame = fc.record({
    senderMs: fc.oneof(
      { weight: 20, arbitrary: fc.double({ min: 0, max: 3000, noNaN: true }) },
      { weight: 2, arbitrary: fc.double({ min: -1e9, max: 1e9, noNaN: true }) },
      { weight: 1, arbitrary: fc.double() },
    ),
    parts: fc.oneof(fc.constant(ALL_PARTS), fc.nat(ALL_PARTS)),
    afterMs: fc.double({ min: 0, max: 120, noNaN: true }),
    draws: fc.nat(4),
  });

  it('frames in any order with any times never break a pose', () => {
    fc.assert(
      fc.property(fc.array(anyFrame, { minLength: 1, maxLength: 80 }), (frames) => {
        const playout = new Playout();
        const [pose, out] = [createPose(), createPose()];
        let nowMs = 0;
        for (const { senderMs, parts, afterMs, draws } of frames) {
          motionAt(Number.isFinite(senderMs) ? senderMs % 10_000 : 0, pose).parts = parts;
          playout.push(pose, senderMs, nowMs);
          for (let k = 0; k < draws; k += 1) {
            nowMs += afterMs / draws;
            playout.sample(nowMs, out);
            expect(isSound(out)).toBe(true);
          }
        }
        const { ageMs, delayMs, jitterMs, lateShare } = playout.stats(nowMs);
        expect([ageMs, delayMs, jitterMs, lateShare].every((value) => value >= 0 && Number.isFinite(value))).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('frames in any order within 300 ms play on without a pop', () => {
    const delays = fc.array(fc.nat(300), { minLength: 120, maxLength: 120 });
    fc.assert(
      fc.property(delays, (delaysMs) => {
        const packets = delaysMs
          .map((delayMs, k) => ({ arrivalMs: k * 33 + delayMs, framesMs: [k * 33] }))
          .sort((a, b) => a.arrivalMs - b.arrivalMs);
        expectNoPop(watch(packets));
      }),
      { numRuns: 40 },
    );
  });

  it('a frame whose time is not a number is counted and discarded', () => {
    const playout = new Playout();
    playout.push(createPose(), Number.NaN, 5);
    playout.push(createPose(), Number.POSITIVE_INFINITY, 5);
    expect(playout.sample(5, createPose())).toBe('none');
    expect(playout.stats(5)).toMatchObject({ received: 2, discarded: 2 });
  });

  it('the hips of a walking sender do not add up', () => {
    const playout = new Playout();
    const [pose, out] = [createPose(), createPose()];
    pose.parts = PosePart.hips;
    for (let k = 0; k < 600; k += 1) {
      pose.values[HIPS_OFFSET] = 30;
      playout.push(pose, k * 33, k * 33);
      playout.sample(k * 33, out);
    }
    expect(out.values[HIPS_OFFSET]).toBeCloseTo(30, 5);
  });
});
