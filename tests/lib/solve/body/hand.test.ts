import { describe, expect, it } from 'vitest';
import { BONE_INDEX, FINGER_BONES } from '@/lib/pose/bones';
import { createPose, type Pose, PosePart, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import { angleBetweenQuats } from '@/lib/pose/quat';
import { createMadeFingers } from '@/tools/bench/motion/madeParts';
import { landmarksOf } from '@/tools/bench/solve/landmarkTruth';
import { apartDeg, Follower, frameOf, poseOf, STANDING, type Turns } from '../person';

const FIST: Turns = Object.fromEntries(
  FINGER_BONES.filter((bone) => !bone.includes('Thumb')).map((bone) => [
    bone,
    [0, 0, (bone.startsWith('left') ? -1 : 1) * (bone.endsWith('Distal') ? 55 : 85)],
  ]),
);

function localDeg(a: Pose, b: Pose, bone: keyof typeof BONE_INDEX): number {
  const at = ROTATIONS_OFFSET + BONE_INDEX[bone] * 4;
  return (angleBetweenQuats(a.values, at, b.values, at) * 180) / Math.PI;
}

describe('hands', () => {
  it('S-9: hands turn with their palms, on both sides', () => {
    const turns: Turns = { ...STANDING, leftHand: [40, 15, -30], rightHand: [-20, 10, 35] };
    const pose = new Follower().watch(frameOf(turns), 1500);
    for (const bone of ['leftHand', 'rightHand'] as const)
      expect(apartDeg(pose, poseOf(turns), bone)).toBeLessThan(0.5);
  });

  it('S-9: a fist is solved as a fist and an open hand as an open hand', () => {
    for (const turns of [{ ...STANDING, ...FIST }, STANDING]) {
      const pose = new Follower().watch(frameOf(turns), 1500);
      for (const bone of FINGER_BONES) expect(localDeg(pose, poseOf(turns), bone), bone).toBeLessThan(1);
    }
  });

  it("S-9: a talker's fingers are recovered joint by joint", () => {
    const maker = createMadeFingers(5, PosePart.leftFingers | PosePart.rightFingers);
    let sum = 0;
    let count = 0;
    for (let second = 0; second < 12; second += 1) {
      const truth = poseOf(STANDING);
      maker.pose(second, truth);
      const pose = new Follower().watch(landmarksOf(truth, 0), 1500);
      for (const bone of FINGER_BONES) {
        sum += localDeg(pose, truth, bone);
        count += 1;
      }
    }
    // The true joints also twist a little, and a thumb's tip bends sideways partly by its twist.
    expect(sum / count).toBeLessThan(1.5);
  });

  it('S-9: no joint bends further than a finger can', () => {
    const backwards: Turns = { ...STANDING, leftIndexProximal: [0, 0, 90], leftMiddleIntermediate: [0, 60, 70] };
    const pose = new Follower().watch(frameOf(backwards), 1500);
    expect(localDeg(pose, createPose(), 'leftIndexProximal')).toBeLessThan(31);
    expect(localDeg(pose, createPose(), 'leftMiddleIntermediate')).toBeLessThan(9);
  });

  it('S-4: without landmarks a hand gives no fingers and goes into line with its forearm', () => {
    const frame = frameOf({ ...STANDING, leftHand: [0, 0, -50], ...FIST });
    const person = new Follower();
    person.watch(frame, 1500);
    const pose = person.watch({ ...frame, leftHand: null }, 1500);
    expect(pose.parts & PosePart.leftFingers).toBe(0);
    expect(pose.parts & PosePart.rightFingers).toBe(PosePart.rightFingers);
    expect(localDeg(pose, createPose(), 'leftHand')).toBeLessThan(1);
  });
});
