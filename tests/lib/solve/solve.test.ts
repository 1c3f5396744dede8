import { describe, expect, it } from 'vitest';
import { BONE_PARTS } from '@/lib/pose/boneParts';
import { BONE_COUNT } from '@/lib/pose/bones';
import { copyPose, createPose, HIPS_OFFSET, type Pose, PosePart, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import { createSolverState, solve } from '@/lib/solve/solve';
import {
  angleDeg,
  apartDeg,
  atDesk,
  directionOf,
  Follower,
  FRAME_MS,
  frameOf,
  largestTurnDeg,
  poseOf,
  readAt,
  STANDING,
  type Turns,
  withVisibility,
} from './person';

const LEFT_LIMB = [1, 0, 0] as const;
const RIGHT_LIMB = [-1, 0, 0] as const;
const DOWN = [0, -1, 0] as const;

const snapshot = (pose: Pose) => copyPose(pose, createPose());

describe('what is in sight', () => {
  it('S-1: the same frame given again changes nothing once everything has settled', () => {
    const person = new Follower();
    const frame = frameOf(STANDING, 10);
    person.watch(frame, 1500);
    const last = readAt(frame, 5000);
    solve(last, person.state, FRAME_MS, person.pose);
    const before = snapshot(person.pose);
    for (let k = 0; k < 5; k += 1) solve(last, person.state, FRAME_MS, person.pose);
    expect(person.pose).toEqual(before);
  });

  it('S-1: two states with the same input give the same poses', () => {
    const [a, b] = [new Follower(), new Follower()];
    for (const person of [a, b]) person.watch(frameOf(STANDING), 700);
    expect(a.pose).toEqual(b.pose);
  });

  it('S-3: a person who lifts the left arm is shown lifting the left arm', () => {
    const pose = new Follower().watch(frameOf({ ...STANDING, leftUpperArm: [0, 0, 70] }), 1500);
    expect(directionOf(pose, 'leftUpperArm', LEFT_LIMB)[1]).toBeGreaterThan(0.9);
    expect(directionOf(pose, 'rightUpperArm', RIGHT_LIMB)[1]).toBeLessThan(-0.8);
  });

  it('S-3: a person who turns to their left is shown turning to their left', () => {
    const pose = new Follower().watch(frameOf({ ...STANDING, hips: [0, 30, 0] }), 1500);
    expect(angleDeg(directionOf(pose, 'chest', [0, 0, 1]), [0.5, 0, Math.sqrt(0.75)])).toBeLessThan(3);
  });

  it('S-4: at a desk there are no legs, whatever the model guesses', () => {
    const person = new Follower();
    for (let k = 0; k < 90; k += 1) {
      const kick: Turns = {
        ...STANDING,
        leftUpperLeg: [-60 * Math.sin(k), 0, 0],
        rightLowerLeg: [40 + 40 * Math.cos(k), 0, 0],
      };
      const { parts, values } = person.see(atDesk(frameOf(kick)));
      expect(parts & PosePart.legs).toBe(0);
      for (let bone = 0; bone < BONE_COUNT; bone += 1) {
        if (BONE_PARTS[bone] === PosePart.legs) expect(values[ROTATIONS_OFFSET + bone * 4 + 3]).toBe(1);
      }
    }
    expect(person.pose.parts & PosePart.upperBody).toBe(PosePart.upperBody);
  });

  it('S-4: legs come with the whole body, go when a desk hides them, and do not flicker', () => {
    const person = new Follower();
    const frame = frameOf(STANDING);
    expect(person.watch(frame, 1000).parts & PosePart.legs).toBe(PosePart.legs);
    person.see(atDesk(frame));
    expect(person.see(frame).parts & PosePart.legs).toBe(PosePart.legs);
    expect(person.watch(atDesk(frame), 300).parts & PosePart.legs).toBe(0);
  });

  it('S-4: an arm out of sight rests while the other is tracked', () => {
    const frame = withVisibility(frameOf({ ...STANDING, leftUpperArm: [0, 0, 70] }), 15, 15, 0.1);
    const person = new Follower();
    const pose = person.watch({ ...frame, leftHand: null }, 1500);
    expect(directionOf(pose, 'leftUpperArm', LEFT_LIMB)[1]).toBeLessThan(-0.7);
    expect(apartDeg(pose, poseOf(STANDING), 'rightLowerArm')).toBeLessThan(20);
  });

  it('S-5: without hips the torso is upright and the shoulder line still turns it', () => {
    const pose = new Follower().watch(atDesk(frameOf({ ...STANDING, hips: [0, 35, 0], spine: [30, 0, 0] })), 1500);
    const up = directionOf(pose, 'upperChest', [0, 1, 0]);
    expect(angleDeg(up, [0, 1, 0])).toBeLessThan(12);
    const front = directionOf(pose, 'upperChest', [0, 0, 1]);
    expect((Math.atan2(front[0]!, front[2]!) * 180) / Math.PI).toBeGreaterThan(20);
  });
});

describe('limbs', () => {
  const cases: Readonly<Record<string, Turns>> = {
    'hanging arms': STANDING,
    'a wave': { ...STANDING, leftUpperArm: [0, 0, 20], leftLowerArm: [0, 0, 80] },
    'arms forward': { leftUpperArm: [0, -80, 0], rightUpperArm: [0, 80, 0] },
    'a step': { ...STANDING, leftUpperLeg: [-50, 0, 0], leftLowerLeg: [70, 0, 0], rightUpperLeg: [20, 0, -10] },
    'a bow': { ...STANDING, hips: [25, 10, 5], spine: [15, 0, 0] },
  };
  for (const [name, turns] of Object.entries(cases)) {
    it(`S-6: limbs point where they are seen: ${name}`, () => {
      const truth = poseOf(turns);
      const pose = new Follower().watch(frameOf(turns), 1500);
      for (const bone of ['leftUpperArm', 'leftLowerArm'] as const) {
        expect(angleDeg(directionOf(pose, bone, LEFT_LIMB), directionOf(truth, bone, LEFT_LIMB))).toBeLessThan(0.5);
      }
      for (const bone of ['rightUpperArm', 'rightLowerArm'] as const) {
        expect(angleDeg(directionOf(pose, bone, RIGHT_LIMB), directionOf(truth, bone, RIGHT_LIMB))).toBeLessThan(0.5);
      }
      for (const bone of ['leftUpperLeg', 'leftLowerLeg', 'rightUpperLeg', 'rightLowerLeg'] as const) {
        expect(angleDeg(directionOf(pose, bone, DOWN), directionOf(truth, bone, DOWN))).toBeLessThan(0.5);
      }
    });
  }

  it('S-7: a straight arm is straight', () => {
    const pose = new Follower().watch(frameOf({ leftUpperArm: [0, -30, 30], rightUpperArm: [0, 0, 80] }), 1500);
    const [upper, lower] = (['leftUpperArm', 'leftLowerArm'] as const).map((bone) =>
      directionOf(pose, bone, LEFT_LIMB),
    );
    expect(angleDeg(upper!, lower!)).toBeLessThan(0.3);
  });

  it('S-7: an elbow that passes through straight does not make the upper arm jump', () => {
    const person = new Follower();
    const bent = (deg: number): Turns => ({ ...STANDING, leftUpperArm: [0, -20, 10], leftLowerArm: [0, -deg, 0] });
    person.watch(frameOf(bent(40)), 1500);
    let before = snapshot(person.pose);
    for (let deg = 40; deg > -12; deg -= 1) {
      const pose = person.see(frameOf(bent(deg)));
      expect(apartDeg(pose, before, 'leftUpperArm'), `at ${deg} degrees`).toBeLessThan(8);
      before = snapshot(pose);
    }
  });

  it('S-8: a forearm follows its hand but never winds up', () => {
    const person = new Follower();
    let before: Pose | null = null;
    for (let deg = 0; deg <= 720; deg += 6) {
      const pose = person.see(frameOf({ ...STANDING, leftHand: [deg, 0, 0] }));
      const twist = apartDeg(pose, poseOf(STANDING), 'leftLowerArm');
      if (deg > 120) expect(twist, `hand turned by ${deg}`).toBeLessThan(90);
      if (deg === 60) before = snapshot(pose);
    }
    expect(apartDeg(before!, poseOf(STANDING), 'leftLowerArm')).toBeGreaterThan(20);
  });

  it('S-16: squatting lowers the hips, and standing puts them at the height of the T-pose', () => {
    const person = new Follower();
    const standing = person.watch(frameOf(STANDING), 1500).values[HIPS_OFFSET + 1]!;
    expect(standing).toBeCloseTo(0, 2);
    const squat: Turns = {
      ...STANDING,
      leftUpperLeg: [-80, 0, 0],
      leftLowerLeg: [110, 0, 0],
      leftFoot: [-30, 0, 0],
      rightUpperLeg: [-80, 0, 0],
      rightLowerLeg: [110, 0, 0],
      rightFoot: [-30, 0, 0],
    };
    // A nearly level thigh and a shin at 30 degrees: together 0.42 (cos 80 + cos 30) m high.
    const sunk = 0.42 * (Math.cos((80 * Math.PI) / 180) + Math.cos(Math.PI / 6)) - 0.84;
    expect(person.watch(frameOf(squat), 1500).values[HIPS_OFFSET + 1]! - standing).toBeCloseTo(sunk, 2);
  });
});

describe('what is lost', () => {
  const LIFTED: Turns = { ...STANDING, leftUpperArm: [0, 0, 60], rightUpperArm: [0, 0, -60], head: [0, 30, 0] };

  it('S-10: a lost part eases to rest within half a second and is then absent', () => {
    const person = new Follower();
    person.watch(frameOf(LIFTED), 1500);
    expect(person.watch(null, 150 + 400).parts & PosePart.upperBody).toBe(PosePart.upperBody);
    expect(person.watch(null, 250).parts).toBe(0);
    expect(largestTurnDeg(person.pose, createPose())).toBe(0);
  });

  it('S-10: no bone jumps when a part is lost or found again', () => {
    const person = new Follower();
    const frames = [frameOf(LIFTED), null, frameOf(STANDING), null, frameOf(LIFTED)];
    person.watch(frames[0]!, 1500);
    let before = snapshot(person.state.shown);
    for (const [at, ms] of [250, 300, 200, 150 + 200, 1000].entries()) {
      for (let passed = 0; passed < ms; passed += FRAME_MS) {
        person.see(frames[at]!);
        // Half a turn, eased over half a second, takes at most 18 degrees a frame.
        expect(largestTurnDeg(person.state.shown, before)).toBeLessThan(18);
        before = snapshot(person.state.shown);
      }
    }
    expect(apartDeg(person.pose, poseOf(LIFTED), 'leftLowerArm')).toBeLessThan(20);
  });

  it('S-10: one picture without a part does not lose it', () => {
    const person = new Follower();
    const frame = frameOf(LIFTED);
    const before = snapshot(person.watch(frame, 1500));
    person.see({ ...frame, body: null, face: null, leftHand: null, rightHand: null });
    expect(person.state.tracking).toEqual({ body: true, face: true, leftHand: true, rightHand: true, legs: true });
    expect(largestTurnDeg(person.see(frame), before)).toBeLessThan(0.1);
  });

  it('S-10: a part whose reading is never renewed is lost too', () => {
    const person = new Follower();
    const frame = frameOf(LIFTED, 1);
    person.watch(frame, 1000);
    const stuck = readAt(frame, person.timeMs);
    for (let passed = 0; passed < 1000 + 600; passed += FRAME_MS) solve(stuck, person.state, FRAME_MS, person.pose);
    expect(person.state.tracking).toEqual({ body: false, face: false, leftHand: false, rightHand: false, legs: false });
    expect(person.pose.parts).toBe(0);
  });

  it('S-10: parts at rest take the caller’s idle pose, with the parts that it has', () => {
    const person = new Follower();
    copyPose(poseOf({ head: [0, 0, 25] }), person.state.idle);
    person.state.idle.parts = PosePart.upperBody | PosePart.face;
    person.state.idle.values[HIPS_OFFSET] = 0.01;
    const pose = person.watch(null, 1000);
    expect(pose.parts).toBe(PosePart.upperBody | PosePart.face);
    expect(apartDeg(pose, poseOf({ head: [0, 0, 25] }), 'head')).toBeLessThan(0.01);
    expect(pose.values[HIPS_OFFSET]).toBe(0);
  });
});

it('S-2: a step that is not a positive number lets no time pass', () => {
  const state = createSolverState();
  const pose = createPose();
  const frame = frameOf(STANDING, 5);
  for (const dtMs of [Number.NaN, -5, Number.POSITIVE_INFINITY, 0]) solve(frame, state, dtMs, pose);
  expect(pose.values.every(Number.isFinite)).toBe(true);
});
