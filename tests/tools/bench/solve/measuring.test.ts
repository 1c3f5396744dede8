import { describe, expect, it } from 'vitest';
import { BONE_INDEX } from '@/lib/pose/bones';
import { copyPose, createPose, type Pose, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import { mulQuat, quatFromAxisAngle } from '@/lib/pose/quat';
import { CORPUS_FPS, type CorpusClip } from '@/tools/bench/motion/corpusClip';
import { loadCorpus } from '@/tools/bench/motion/loadCorpus';
import { solveWithKalidokit } from '@/tools/bench/solve/kalidokitPeer';
import { BODY_NOISE, HAND_NOISE, LandmarkNoise } from '@/tools/bench/solve/landmarkNoise';
import { landmarksOf } from '@/tools/bench/solve/landmarkTruth';
import { BoneErrors, measureErrors } from '@/tools/bench/solve/measureErrors';
import { measureFlips, measureSeated } from '@/tools/bench/solve/measureFaults';
import { LagMeter, measureStatic } from '@/tools/bench/solve/measureSmoothing';
import { errorResults, ratioResult } from '@/tools/bench/solve/solveResults';

const FRAME_MS = 1000 / CORPUS_FPS;
const DEGREES = Math.PI / 180;

/** A few seconds of two generated clips. */
const CLIPS: readonly CorpusClip[] = loadCorpus(null)
  .filter(({ name }) => name === 'made-lively' || name === 'made-walk')
  .map((clip) => ({ ...clip, poses: clip.poses.slice(0, 120) }));

function turned(pose: Pose, bone: keyof typeof BONE_INDEX, deg: number): Pose {
  const out = copyPose(pose, createPose());
  const at = ROTATIONS_OFFSET + BONE_INDEX[bone] * 4;
  const turn = [0, 0, 0, 1];
  quatFromAxisAngle(0, 0, 1, deg * DEGREES, turn, 0);
  mulQuat(turn, 0, out.values, at, out.values, at);
  return out;
}

describe('errors', () => {
  it('bone errors are angles of directions, local rotations, and millimetres of wrists', () => {
    const errors = new BoneErrors();
    errors.add(createPose(), turned(createPose(), 'leftUpperArm', 10));
    expect(errors.direction.upper_arm.mean).toBeCloseTo(5, 3);
    expect(errors.local.upper_arm.mean).toBeCloseTo(5, 3);
    expect(errors.direction.lower_arm.mean).toBeCloseTo(5, 3);
    expect(errors.local.lower_arm.mean).toBeCloseTo(0, 3);
    expect(errors.wristMm.mean).toBeCloseTo((2 * Math.sin(5 * DEGREES) * 520) / 2, 1);
    expect(errors.direction.hips.mean).toBe(0);
  });

  it('local errors count twist, direction errors do not', () => {
    const errors = new BoneErrors();
    const twisted = createPose();
    quatFromAxisAngle(1, 0, 0, 30 * DEGREES, twisted.values, ROTATIONS_OFFSET + BONE_INDEX.leftUpperArm * 4);
    errors.add(createPose(), twisted);
    expect(errors.direction.upper_arm.mean).toBeCloseTo(0, 3);
    expect(errors.local.upper_arm.p95).toBeCloseTo(30, 3);
  });
});

describe('made landmarks', () => {
  it("made landmarks are in the webcam's axes, about the middle of the hips", () => {
    const { world, image } = landmarksOf(createPose(), 0).body!;
    // Left wrist in T-pose: on the right of the picture, above the hips, at the same depth.
    const [x, y, z] = world.subarray(45, 48);
    expect(x).toBeCloseTo(0.69, 2);
    expect(y).toBeCloseTo(-0.45, 2);
    expect(z).toBeCloseTo(0, 5);
    expect(world[0 * 3 + 2]).toBeLessThan(-0.1);
    expect(image[45]!).toBeGreaterThan(image[48]!);
  });

  it('landmark noise has its standard deviation and is the same for the same seed', () => {
    const frames = Array.from({ length: 600 }, (_, at) => landmarksOf(createPose(), at * FRAME_MS));
    const strays = (seed: number) => {
      const noise = new LandmarkNoise(seed, BODY_NOISE, HAND_NOISE);
      return frames.map((frame) => noise.apply(frame).body!.world.map((value, at) => value - frame.body!.world[at]!));
    };
    const all = strays(4);
    const rms = (axis: number) => {
      const values = all.flatMap((one) => [...one].filter((_, at) => at % 3 === axis));
      return 1000 * Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
    };
    expect(rms(0)).toBeCloseTo(Math.hypot(2, 15), -1);
    expect(rms(2)).toBeCloseTo(Math.hypot(4, 40), -1);
    expect(strays(4)[599]).toEqual(all[599]);
  });
});

describe('on clips made here', () => {
  it('our solver keeps directions on exact landmarks and beats its peer on noisy ones', () => {
    const clean = measureErrors(CLIPS, false);
    expect(clean.ours.direction.upper_arm.mean).toBeLessThan(1);
    expect(clean.ours.direction.lower_arm.mean).toBeLessThan(1);
    expect(clean.ours.direction.upper_leg.mean).toBeLessThan(1);
    expect(clean.ours.direction.chest.mean).toBeLessThan(5);
    expect(clean.ours.wristMm.mean).toBeLessThan(25);
    const noisy = measureErrors(CLIPS, true);
    expect(noisy.ours.direction.upper_arm.mean).toBeLessThan(12);
    expect(ratioResult(noisy).value).toBeGreaterThan(2);
    const names = errorResults('noisy', noisy).map(({ name }) => name);
    expect(names).toContain('solve.noisy.upper_arm.p95_deg');
    expect(names).toContain('solve.noisy.lower_leg.local_mean_deg');
  });

  it('our solver turns no one round, moves no hidden leg, and rests when the person does', () => {
    const flips = measureFlips(CLIPS);
    expect(flips.told).toBeGreaterThan(flips.frames / 5);
    expect(flips.ours).toBe(0);
    expect(measureSeated(CLIPS[1]!.poses, FRAME_MS)).toBe(0);
    const jitter = measureStatic([CLIPS[0]!.poses[60]!], FRAME_MS);
    expect(jitter.body.rms).toBeLessThan(0.4);
    expect(jitter.hands.rms).toBeLessThan(0.6);
  });

  it('Kalidokit is read as on its sample page: hanging arms hang', () => {
    const hanging = turned(turned(createPose(), 'leftUpperArm', -70), 'rightUpperArm', 70);
    const errors = new BoneErrors();
    errors.add(hanging, solveWithKalidokit(landmarksOf(hanging, 0))!);
    expect(errors.direction.upper_arm.mean).toBeLessThan(45);
  });

  it('the lag meter finds a delay', () => {
    const { poses } = CLIPS[0]!;
    const late = poses.map((_, at) => poses[Math.max(0, at - 2)]!);
    const meter = new LagMeter();
    meter.add(poses, late);
    expect(meter.frames).toBeCloseTo(2, 1);
    const none = new LagMeter();
    none.add(poses, poses);
    expect(none.frames).toBeCloseTo(0, 1);
  });
});
