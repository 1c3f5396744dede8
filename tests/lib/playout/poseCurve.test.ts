import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameRing } from '@/lib/playout/frameRing';
import { PoseCurve } from '@/lib/playout/poseCurve';
import { createTangent, moveAlong, tangentBetween } from '@/lib/playout/poseTangent';
import { blendPoses } from '@/lib/pose/blendPoses';
import { ALL_PARTS, createPose, FACE_OFFSET, GAZE_OFFSET, HIPS_OFFSET, type Pose } from '@/lib/pose/pose';
import { isSound, motionAt, stepOf } from './motion';

function curveThrough(timesMs: readonly number[], poseAt: (ms: number) => Pose = motionAt): PoseCurve {
  const ring = new FrameRing(16);
  for (const ms of timesMs) ring.insert(poseAt(ms), ms);
  return new PoseCurve(ring);
}

/** A pose with one weight, one place of the hips, one gaze. */
function plain(weight: number, hips: number, yaw: number): Pose {
  const pose = createPose();
  pose.parts = ALL_PARTS;
  pose.values[FACE_OFFSET] = weight;
  pose.values[HIPS_OFFSET] = hips;
  pose.values[GAZE_OFFSET] = yaw;
  return pose;
}

describe('tangents between two poses', () => {
  it('a tangent leads from one pose to the other', () => {
    fc.assert(
      fc.property(fc.nat(20_000), fc.nat(20_000), (a, b) => {
        const tangent = createTangent();
        const out = motionAt(a);
        tangentBetween(out, motionAt(b), tangent);
        moveAlong(out, tangent, out);
        expect(stepOf(out, motionAt(b)).deg).toBeLessThan(0.01);
        expect(stepOf(out, motionAt(b)).metres).toBeLessThan(1e-6);
      }),
    );
  });

  it('moving along a tangent keeps weights within 0 and 1', () => {
    const tangent = createTangent().fill(3);
    expect(isSound(moveAlongNew(tangent))).toBe(true);
    expect(isSound(moveAlongNew(tangent.fill(-3)))).toBe(true);
  });

  function moveAlongNew(tangent: Float64Array): Pose {
    const out = motionAt(500);
    moveAlong(out, tangent, out);
    return out;
  }
});

describe('the curve through frames', () => {
  const times = [0, 100, 190, 310, 400, 500];

  it('the curve goes through every frame', () => {
    const curve = curveThrough(times);
    const out = createPose();
    for (const ms of times) {
      curve.read(ms, out);
      expect(stepOf(out, motionAt(ms)).deg).toBeLessThan(0.01);
    }
  });

  it('the curve has at most a third of the error of slerp where both sides are known', () => {
    const curve = curveThrough(times);
    const [cubic, straight] = [createPose(), createPose()];
    let cubicDeg = 0;
    let straightDeg = 0;
    for (let ms = 101; ms < 400; ms += 1) {
      const next = times.findIndex((time) => time > ms);
      const [from, to] = [times[next - 1]!, times[next]!];
      curve.read(ms, cubic);
      blendPoses(motionAt(from), motionAt(to), (ms - from) / (to - from), straight);
      cubicDeg += stepOf(cubic, motionAt(ms)).deg;
      straightDeg += stepOf(straight, motionAt(ms)).deg;
    }
    expect(cubicDeg).toBeLessThan(straightDeg / 3);
  });

  it('the curve has the same speed on both sides of a frame', () => {
    const curve = curveThrough(times);
    const [before, at, after] = [createPose(), createPose(), createPose()];
    for (const ms of [190, 310]) {
      curve.read(ms - 1, before);
      curve.read(ms, at);
      curve.read(ms + 1, after);
      expect(Math.abs(stepOf(before, at).deg - stepOf(at, after).deg)).toBeLessThan(0.02);
    }
  });

  it('no weight, hips or gaze of the curve overshoots, whatever the frames', () => {
    const times = [0, 40, 70, 120];
    const mark = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.tuple(mark, mark, mark, mark), (marks) => {
        const curve = curveThrough(times, (ms) => {
          const here = marks[times.indexOf(ms)]!;
          return plain(here, here * 2, -here);
        });
        const out = createPose();
        const [low, high] = [Math.min(marks[1], marks[2]) - 1e-6, Math.max(marks[1], marks[2]) + 1e-6];
        for (let ms = 40; ms <= 70; ms += 2) {
          curve.read(ms, out);
          for (const value of [out.values[FACE_OFFSET]!, out.values[HIPS_OFFSET]! / 2, -out.values[GAZE_OFFSET]!]) {
            expect(value).toBeGreaterThanOrEqual(low);
            expect(value).toBeLessThanOrEqual(high);
          }
        }
      }),
    );
  });

  it('after the newest frame the curve continues, slows down and comes to rest', () => {
    const curve = curveThrough([0, 33, 66]);
    const [a, b] = [createPose(), createPose()];
    const steps = [0, 30, 100, 300, 1000, 3000].map((aheadMs) => {
      curve.read(66 + aheadMs, a);
      curve.read(66 + aheadMs + 10, b);
      expect(isSound(b)).toBe(true);
      return stepOf(a, b).deg;
    });
    expect(steps[0]).toBeCloseTo(stepOf(motionAt(33), motionAt(66)).deg * (10 / 33), 0);
    expect(steps).toEqual([...steps].sort((x, y) => y - x));
    expect(steps.at(-1)).toBeLessThan(0.01);
  });

  it('the curve stands still before its first frame, and with a single one', () => {
    const out = createPose();
    curveThrough([100, 200]).read(50, out);
    expect(out).toEqual(motionAt(100));
    curveThrough([100]).read(400, out);
    expect(stepOf(out, motionAt(100)).deg).toBeLessThan(1e-3);
  });
});
