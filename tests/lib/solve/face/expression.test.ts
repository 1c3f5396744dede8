import { describe, expect, it } from 'vitest';
import { FACE_BLENDSHAPES, type LandmarkFrame } from '@/lib/core/landmarks';
import { ARKIT_BLENDSHAPES, ARKIT_INDEX, type ArkitBlendshape } from '@/lib/pose/arkit';
import { copyPose, createPose, FACE_OFFSET, GAZE_OFFSET, type Pose } from '@/lib/pose/pose';
import { Calibrator, NEUTRAL_CALIBRATION, readCalibration } from '@/lib/solve/face/calibration';
import { apartDeg, Follower, FRAME_MS, frameOf, largestTurnDeg, poseOf, readAt, STANDING, type Turns } from '../person';

type Shapes = Partial<Record<ArkitBlendshape, number>>;

/** A face alone, with some shapes moved. */
function faceOf(shapes: Shapes, turns: Turns = {}): LandmarkFrame {
  const frame = frameOf({ ...STANDING, ...turns });
  const blendshapes = Float32Array.from(FACE_BLENDSHAPES, (name) => shapes[name as ArkitBlendshape] ?? 0);
  return { ...frame, body: null, leftHand: null, rightHand: null, face: { ...frame.face!, blendshapes } };
}

const weightOf = (pose: Pose, shape: ArkitBlendshape) => pose.values[FACE_OFFSET + ARKIT_INDEX[shape]]!;

function calibrate(frame: (k: number) => LandmarkFrame, samples = 40) {
  const calibrator = new Calibrator();
  for (let k = 0; k < samples; k += 1) calibrator.add(readAt(frame(k), k * FRAME_MS));
  return calibrator.finish();
}

describe('the head', () => {
  const TURNED: Turns = { neck: [5, 10, 0], head: [-10, 25, 8] };

  it('S-11: the head comes from the face', () => {
    const pose = new Follower().watch(frameOf({ ...STANDING, ...TURNED }), 1500);
    expect(apartDeg(pose, poseOf({ ...STANDING, ...TURNED }), 'head')).toBeLessThan(0.3);
  });

  it('S-11: the head comes from the body if no face is read', () => {
    const frame = frameOf({ ...STANDING, ...TURNED });
    const pose = new Follower().watch({ ...frame, face: null }, 1500);
    expect(apartDeg(pose, poseOf({ ...STANDING, ...TURNED }), 'head')).toBeLessThan(3);
  });

  it('S-11: the head turns without a body too', () => {
    const pose = new Follower().watch(faceOf({}, { head: [0, 30, 0] }), 1500);
    expect(apartDeg(pose, poseOf({ head: [0, 30, 0] }), 'head')).toBeLessThan(3);
  });

  it('S-13: the head is measured from its own neutral', () => {
    const person = new Follower();
    person.state.calibration = calibrate(() => faceOf({}, { head: [18, -6, 0] }))!;
    const straight = person.watch(faceOf({}, { head: [18, -6, 0] }), 1500);
    expect(apartDeg(straight, poseOf({}), 'head')).toBeLessThan(3);
  });
});

describe('the face', () => {
  it('S-12: shapes go to their ARKit places and the tongue stays in', () => {
    const reported = Object.fromEntries(ARKIT_BLENDSHAPES.map((shape, at) => [shape, 0.01 * (at + 1)])) as Shapes;
    const pose = new Follower().watch(faceOf({ ...reported, jawOpen: 0.7, mouthSmileLeft: 0.4 }), 1500);
    expect(weightOf(pose, 'jawOpen')).toBeCloseTo(0.7, 2);
    expect(weightOf(pose, 'mouthSmileLeft')).toBeCloseTo(0.4, 2);
    expect(weightOf(pose, 'mouthSmileRight')).toBeCloseTo(reported.mouthSmileRight!, 2);
    expect(weightOf(pose, 'tongueOut')).toBe(0);
  });

  it('S-12: the gaze goes left if the left eye looks out and the right one in, and up with both', () => {
    const looks = { eyeLookOutLeft: 0.5, eyeLookInRight: 0.5, eyeLookUpLeft: 0.2, eyeLookUpRight: 0.2 };
    const pose = new Follower().watch(faceOf(looks), 1500);
    expect(pose.values[GAZE_OFFSET]).toBeCloseTo(0.61 * 0.5, 2);
    expect(pose.values[GAZE_OFFSET + 1]).toBeCloseTo(0.61 * 0.2, 2);
  });

  it('S-13: the weights of a face at rest become 0, with the whole range left above them', () => {
    const resting: Shapes = { browDownLeft: 0.3, mouthFrownLeft: 0.2, noseSneerLeft: 0.02 };
    const person = new Follower();
    person.state.calibration = calibrate(() => faceOf(resting))!;
    const rest = person.watch(faceOf(resting), 1500);
    expect(weightOf(rest, 'browDownLeft')).toBeLessThan(0.01);
    expect(weightOf(rest, 'noseSneerLeft')).toBeLessThan(0.01);
    const moved = person.watch(
      faceOf({ browDownLeft: 1, mouthFrownLeft: 0.6, noseSneerLeft: 0.2, cheekPuff: 0.15 }),
      1500,
    );
    expect(weightOf(moved, 'browDownLeft')).toBeGreaterThan(0.99);
    expect(weightOf(moved, 'mouthFrownLeft')).toBeCloseTo((0.6 - 0.2) / 0.8, 1);
    expect(weightOf(moved, 'noseSneerLeft')).toBeGreaterThan(0.6);
    expect(weightOf(moved, 'cheekPuff')).toBeGreaterThan(0.6);
  });

  it('S-13: a face at rest that flickers stays at rest', () => {
    const flicker = (k: number) => faceOf({ eyeWideLeft: 0.06 + (k % 2) * 0.02, cheekPuff: 0.01 + (k % 3) * 0.005 });
    const person = new Follower();
    person.state.calibration = calibrate(flicker)!;
    person.watch(flicker(0), 1000);
    for (let k = 0; k < 60; k += 1) {
      const pose = person.see(flicker(k));
      expect(weightOf(pose, 'eyeWideLeft')).toBe(0);
      expect(weightOf(pose, 'cheekPuff')).toBe(0);
    }
  });

  it('S-13: a shape that a person moves further than most is not cut off', () => {
    const person = new Follower();
    person.watch(faceOf({ cheekPuff: 0.6 }), 1500);
    expect(weightOf(person.watch(faceOf({ cheekPuff: 0.3 }), 1500), 'cheekPuff')).toBeCloseTo(0.5, 1);
  });
});

describe('a calibration', () => {
  it('S-13: a calibration needs enough faces, and skips those turned away or taken before', () => {
    expect(calibrate(() => faceOf({}), 14)).toBeNull();
    expect(calibrate(() => faceOf({}, { head: [0, 60, 0] }))).toBeNull();
    const calibrator = new Calibrator();
    for (let k = 0; k < 40; k += 1) calibrator.add(faceOf({}));
    expect(calibrator.samples).toBe(1);
    expect(calibrate(() => ({ ...faceOf({}), face: null }))).toBeNull();
  });

  it('S-13: a calibration survives JSON, and anything else is refused', () => {
    const calibration = calibrate((k) => faceOf({ browDownLeft: 0.2 + (k % 2) * 0.1 }, { head: [10, 0, 0] }))!;
    expect(readCalibration(JSON.parse(JSON.stringify(calibration)))).toEqual(calibration);
    expect(calibration.deviations[ARKIT_INDEX.browDownLeft]).toBeCloseTo(0.05, 3);
    expect(readCalibration(NEUTRAL_CALIBRATION)).toEqual(NEUTRAL_CALIBRATION);
    const wrong = [null, 3, {}, { ...calibration, version: 2 }, { ...calibration, head: [0, 0, 0, 0] }];
    const worse = [
      { ...calibration, weights: [1] },
      { ...calibration, deviations: calibration.weights.map(() => Number.NaN) },
    ];
    for (const value of [...wrong, ...worse]) expect(readCalibration(value)).toBeNull();
  });

  it('S-13: a new calibration is eased in', () => {
    const person = new Follower();
    const face = faceOf({ browDownLeft: 0.8 }, { head: [20, 0, 0] });
    let before = copyPose(person.watch(face, 1500), createPose());
    person.state.calibration = calibrate(() => face)!;
    let moved = 0;
    for (let k = 0; k < 20; k += 1) {
      const pose = person.see(face);
      expect(largestTurnDeg(pose, before)).toBeLessThan(3);
      expect(Math.abs(weightOf(pose, 'browDownLeft') - weightOf(before, 'browDownLeft'))).toBeLessThan(0.1);
      moved += largestTurnDeg(pose, before);
      before = copyPose(pose, createPose());
    }
    expect(moved).toBeGreaterThan(8);
    expect(weightOf(person.pose, 'browDownLeft')).toBeLessThan(0.01);
  });
});
