import { describe, expect, it } from 'vitest';
import { BvhError } from '@/lib/motion/bvhClip';
import { type PoseTrack, retargetBvh, TRACK_STRIDE } from '@/lib/motion/bvhRetarget';
import { mapSkeleton } from '@/lib/motion/bvhSkeleton';
import { parseBvh } from '@/lib/motion/parseBvh';
import { BODY_BONES, BONE_INDEX, type BoneName } from '@/lib/pose/bones';
import { PosePart, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import { angleBetweenQuats, quatFromAxisAngle, rotateVector } from '@/lib/pose/quat';
import { LIMBS, LimbJudge } from './limbDirections';
import {
  type BoneMotion,
  CMU_CLASSIC,
  DAZ,
  FAMILIES,
  LIVELY,
  MADE_HIPS_HEIGHT,
  MIXAMO,
  MIXAMO_Z_UP,
  MOTION_BUILDER,
  makeClip,
} from './madeClips';

const track = (text: string) => retargetBvh(parseBvh(text));
const rotationAt = (bone: BoneName, frame = 0) => frame * TRACK_STRIDE + ROTATIONS_OFFSET + BONE_INDEX[bone] * 4;

function turnedDeg(of: PoseTrack, bone: BoneName, frame = 0): number {
  return (angleBetweenQuats(of.frames, rotationAt(bone, frame), [0, 0, 0, 1], 0) * 180) / Math.PI;
}

function errorOf(text: string): BvhError {
  try {
    track(text);
  } catch (error) {
    if (error instanceof BvhError) return error;
    throw error;
  }
  throw new Error('mapped without an error');
}

const only =
  (bone: string, x: number, y: number, z: number): BoneMotion =>
  (name) =>
    name === bone ? [x, y, z] : [0, 0, 0];

describe('mapping a skeleton onto the humanoid', () => {
  it.each(FAMILIES)('P-2: a T-pose of $label is the identity of every bone', (family) => {
    const still = track(makeClip(family));
    for (const bone of BODY_BONES) expect(turnedDeg(still, bone), bone).toBeLessThan(0.01);
  });

  it.each(FAMILIES)('P-4: limbs of $label point where they point in the file', (family) => {
    const judge = new LimbJudge(parseBvh(makeClip(family, { frames: 60, motion: LIVELY })));
    for (let frame = 0; frame < 60; frame += 7) {
      judge.show(frame);
      for (const limb of LIMBS) expect(judge.errorDeg(limb), limb.join()).toBeLessThan(0.05);
    }
  });

  it('P-4: a left upper arm turned down in the file hangs down', () => {
    const [lowered] = [track(makeClip(MIXAMO, { motion: only('leftUpperArm', 0, 0, -90) }))];
    const expected = [0, 0, 0, 1];
    quatFromAxisAngle(0, 0, 1, -Math.PI / 2, expected, 0);
    expect(angleBetweenQuats(lowered.frames, rotationAt('leftUpperArm'), expected, 0)).toBeLessThan(1e-3);
    expect(turnedDeg(lowered, 'leftLowerArm')).toBeLessThan(0.01);
  });

  it('P-4: a file with z up is turned upright', () => {
    const turned = track(makeClip(MIXAMO_Z_UP, { motion: only('head', 0, 0, 40) }));
    const expected = [0, 0, 0, 1];
    quatFromAxisAngle(0, 1, 0, (40 * Math.PI) / 180, expected, 0);
    expect(angleBetweenQuats(turned.frames, rotationAt('head'), expected, 0)).toBeLessThan(1e-3);
  });

  it('P-1: torso joints are spread over spine, chest and upper chest', () => {
    const boneOf = (text: string) =>
      Object.fromEntries(
        [...mapSkeleton(parseBvh(text))].map(([bone, joint]) => [bone, parseBvh(text).joints[joint]!.name]),
      );
    expect(boneOf(makeClip(DAZ))).toMatchObject({ spine: 'abdomen', chest: 'chest', leftShoulder: 'lCollar' });
    expect(boneOf(makeClip(DAZ))).not.toHaveProperty('upperChest');
    expect(boneOf(makeClip(CMU_CLASSIC))).toMatchObject({ spine: 'LowerBack', chest: 'Spine', upperChest: 'Spine1' });
    expect(boneOf(makeClip(MOTION_BUILDER))).toMatchObject({
      leftShoulder: 'LeftCollar',
      leftUpperArm: 'LeftShoulder',
    });
    expect(boneOf(makeClip(MIXAMO))).toMatchObject({
      leftThumbMetacarpal: 'mixamorigLeftHandThumb1',
      rightLittleDistal: 'mixamorigRightHandPinky3',
    });
  });

  it('P-8: a clip has fingers only if its file has them', () => {
    const body = PosePart.hips | PosePart.upperBody | PosePart.legs;
    expect(track(makeClip(DAZ)).parts).toBe(body);
    expect(track(makeClip(MIXAMO)).parts).toBe(body | PosePart.leftFingers | PosePart.rightFingers);
  });

  it('fingers bend as in the file', () => {
    const bent = track(makeClip(MIXAMO, { motion: only('leftIndex1', 0, 0, -50) }));
    expect(turnedDeg(bent, 'leftIndexProximal')).toBeCloseTo(50, 1);
    expect(turnedDeg(bent, 'leftMiddleProximal')).toBeLessThan(0.01);
  });
});

describe('placing a clip', () => {
  it('P-3: the hips are measured from their rest height, in canonical metres', () => {
    const crouched = track(
      makeClip(DAZ, { frames: 3, hips: (frame) => [0, MADE_HIPS_HEIGHT - (frame === 1 ? 18 : 0), 0] }),
    );
    // The feet of the made person end at the ankle, 84 cm below the hips.
    expect(crouched.frames[1]).toBeCloseTo((18 / 84) * 0.95, 2);
    expect(crouched.frames[TRACK_STRIDE + 1]).toBeCloseTo(0, 2);
  });

  it('a clip starts over the origin wherever its file starts, and keeps its steps', () => {
    const walk = track(makeClip(MIXAMO, { frames: 2, hips: (frame) => [300 + 9 * frame, MADE_HIPS_HEIGHT, -200] }));
    expect(Array.from(walk.frames.subarray(0, 3))).toEqual([0, expect.closeTo(0, 5), 0]);
    expect(walk.frames[TRACK_STRIDE]).toBeCloseTo((9 / 90) * 0.95, 4);
  });

  it.each([0, 90, -135, 180])('P-4: a clip faces +Z though its file faces %i degrees aside', (yaw) => {
    const turned = track(makeClip(MIXAMO, { motion: only('hips', 0, yaw, 0) }));
    const forward = [0, 0, 1];
    rotateVector(turned.frames, rotationAt('hips'), forward, 0, forward, 0);
    expect(forward[2]).toBeCloseTo(1, 4);
  });

  it('a person who walks forwards in the file walks along +Z', () => {
    const hips = (frame: number) => [frame * 10, MADE_HIPS_HEIGHT, 0] as const;
    const walk = track(makeClip(MIXAMO, { frames: 4, motion: only('hips', 0, 90, 0), hips }));
    expect(walk.frames[3 * TRACK_STRIDE + 2]).toBeGreaterThan(0.25);
    expect(walk.frames[3 * TRACK_STRIDE]).toBeCloseTo(0, 4);
  });

  it('fast clips are resampled to 60 frames a second, slow ones kept', () => {
    expect(track(makeClip(DAZ, { frames: 121, frameTime: 1 / 120 }))).toMatchObject({ fps: 60, frameCount: 61 });
    expect(track(makeClip(DAZ, { frames: 31, frameTime: 0.04 }))).toMatchObject({ fps: 25, frameCount: 31 });
  });

  it('long clips are kept in bounded memory at a lower rate', () => {
    const long = track(makeClip(DAZ, { frames: 400, frameTime: 10, motion: LIVELY }));
    expect(long.frames.byteLength).toBeLessThanOrEqual(64 * 1024 * 1024 + TRACK_STRIDE * 4);
    expect(long.frameCount).toBe(400);
  });

  it('a T-pose before the motion is cut off, smeared or not', () => {
    const blend = [0, 0.3, 0.8];
    const cut: BoneMotion = (bone, frame) => {
      const [x, y, z] = LIVELY(bone, frame / 4);
      const share = blend[frame] ?? 1;
      return [x * share + 40 * share, y * share, z * share];
    };
    const all = track(
      makeClip(DAZ, { frames: 60, frameTime: 1 / 120, motion: (bone, frame) => LIVELY(bone, frame / 4) }),
    );
    const shortened = track(makeClip(DAZ, { frames: 60, frameTime: 1 / 120, motion: cut }));
    expect(all.frameCount).toBe(30);
    expect(shortened.frameCount).toBe(29);
    expect(turnedDeg(shortened, 'leftLowerLeg')).toBeGreaterThan(30);
  });
});

describe('refusing a skeleton', () => {
  it('a missing joint is named, with the line of the root', () => {
    const error = errorOf(makeClip(DAZ).replace('lForeArm', 'lTentacle'));
    expect(error).toMatchObject({ reason: 'skeleton', line: 2 });
    expect(error.message).toMatch(/no joint "lforearm" for the leftLowerArm.*DAZ/);
  });

  it('a skeleton that is not a person is refused', () => {
    const text =
      'HIERARCHY\nROOT Body\n{\nOFFSET 0 0 0\nCHANNELS 1 Xrotation\n}\nMOTION\nFrames: 1\nFrame Time: 0.1\n0\n';
    expect(errorOf(text)).toMatchObject({ reason: 'skeleton', line: 2 });
  });

  it('limbs in the wrong order are refused', () => {
    const swapped = makeClip(DAZ).replace('lShldr', 'swap').replace('lForeArm', 'lShldr').replace('swap', 'lForeArm');
    expect(errorOf(swapped).message).toMatch(/"lForeArm" should hang below joint "lShldr"/);
  });

  it('a rest pose without extent is refused', () => {
    expect(errorOf(makeClip(DAZ).replaceAll(/OFFSET .*/g, 'OFFSET 0 0 0'))).toMatchObject({ reason: 'skeleton' });
  });
});
