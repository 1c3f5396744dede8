import { describe, expect, it } from 'vitest';
import { ARKIT_BLENDSHAPES, ARKIT_COUNT } from '@/lib/pose/arkit';
import { blendPoses } from '@/lib/pose/blendPoses';
import { BONE_PARTS } from '@/lib/pose/boneParts';
import { BONE_COUNT, BONE_INDEX, BONE_PARENTS, BONES, type BoneName } from '@/lib/pose/bones';
import { CANONICAL_OFFSETS, HIPS_REST_HEIGHT_M } from '@/lib/pose/canonicalBody';
import { createBodyState, solveBody } from '@/lib/pose/forwardKinematics';
import {
  ALL_PARTS,
  copyPose,
  createPose,
  FACE_OFFSET,
  HIPS_OFFSET,
  POSE_LENGTH,
  PosePart,
  ROTATIONS_OFFSET,
  resetPose,
} from '@/lib/pose/pose';
import { angleBetweenQuats, quatFromAxisAngle } from '@/lib/pose/quat';

function placeOf(pose: ReturnType<typeof createPose>, bone: BoneName): number[] {
  const { positions } = solveBody(pose, createBodyState());
  return Array.from(positions.subarray(BONE_INDEX[bone] * 3, BONE_INDEX[bone] * 3 + 3));
}

describe('the pose', () => {
  it('P-1: a pose has 22 body bones and 30 finger bones, each parent before its children', () => {
    expect(BONE_COUNT).toBe(52);
    expect(BONES.slice(0, 6)).toEqual(['hips', 'spine', 'chest', 'upperChest', 'neck', 'head']);
    expect(BONES.slice(22, 25)).toEqual(['leftThumbMetacarpal', 'leftThumbProximal', 'leftThumbDistal']);
    BONE_PARENTS.forEach((parent, bone) => {
      expect(parent).toBeLessThan(bone);
    });
    expect(BONES[BONE_PARENTS[BONE_INDEX.rightLittleProximal]!]).toBe('rightHand');
    expect(BONES[BONE_PARENTS[BONE_INDEX.leftThumbDistal]!]).toBe('leftThumbProximal');
  });

  it('P-2: the rest pose is a T-pose in which every rotation is the identity', () => {
    const pose = createPose();
    for (let bone = 0; bone < BONE_COUNT; bone += 1) {
      const at = ROTATIONS_OFFSET + bone * 4;
      expect(Array.from(pose.values.subarray(at, at + 4))).toEqual([0, 0, 0, 1]);
    }
  });

  it('P-3: at rest the canonical hips are at their height and the toes near the floor', () => {
    expect(placeOf(createPose(), 'hips')).toEqual([0, Math.fround(HIPS_REST_HEIGHT_M), 0]);
    expect(placeOf(createPose(), 'leftToes')[1]).toBeCloseTo(0.02, 2);
    const raised = createPose();
    raised.values[HIPS_OFFSET + 1] = 0.2;
    expect(placeOf(raised, 'head')[1]! - placeOf(createPose(), 'head')[1]!).toBeCloseTo(0.2);
  });

  it('P-4, P-5: the avatar faces +Z with its left at +X, up at +Y', () => {
    const pose = createPose();
    expect(placeOf(pose, 'leftHand')[0]).toBeGreaterThan(0.6);
    expect(placeOf(pose, 'rightHand')[0]).toBeCloseTo(-placeOf(pose, 'leftHand')[0]!);
    expect(placeOf(pose, 'head')[1]).toBeGreaterThan(1.4);
    expect(placeOf(pose, 'leftToes')[2]).toBeGreaterThan(0.1);
    const thumb = CANONICAL_OFFSETS.subarray(BONE_INDEX.leftThumbProximal * 3, BONE_INDEX.leftThumbProximal * 3 + 3);
    expect(thumb[0]).toBeCloseTo(thumb[2]!);
  });

  it('P-5: a hand moves with its upper arm', () => {
    const pose = createPose();
    quatFromAxisAngle(0, 0, 1, -Math.PI / 2, pose.values, ROTATIONS_OFFSET + BONE_INDEX.leftUpperArm * 4);
    const [x, y] = placeOf(pose, 'leftHand');
    const [shoulderX, shoulderY] = placeOf(pose, 'leftUpperArm');
    expect(x).toBeCloseTo(shoulderX!);
    expect(y).toBeCloseTo(shoulderY! - 0.52);
  });

  it('P-6: a pose has 52 face weights in alphabetical order', () => {
    expect(ARKIT_COUNT).toBe(52);
    expect([...ARKIT_BLENDSHAPES].sort()).toEqual(ARKIT_BLENDSHAPES);
  });

  it('P-8: each bone belongs to one part, and the parts use all the bits', () => {
    expect(Object.values(PosePart).reduce((sum, bit) => sum + bit, 0)).toBe(ALL_PARTS);
    const bonesOf = (part: number) => BONES.filter((_, bone) => BONE_PARTS[bone] === part);
    expect(bonesOf(PosePart.legs)).toHaveLength(8);
    expect(bonesOf(PosePart.upperBody)).toHaveLength(14);
    expect(bonesOf(PosePart.upperBody)).toContain('hips');
    expect(bonesOf(PosePart.leftFingers).every((bone) => bone.startsWith('left'))).toBe(true);
    expect(bonesOf(PosePart.rightFingers)).toHaveLength(15);
  });

  it('P-9: a pose is 265 floats', () => {
    expect(POSE_LENGTH).toBe(265);
    expect(createPose().values).toHaveLength(265);
  });

  it('a pose is copied and reset as a whole', () => {
    const pose = createPose();
    pose.values.fill(0.5);
    pose.parts = ALL_PARTS;
    const copy = copyPose(pose, createPose());
    expect(copy).toEqual(pose);
    expect(resetPose(copy)).toEqual(createPose());
  });
});

describe('blending poses', () => {
  const head = ROTATIONS_OFFSET + BONE_INDEX.head * 4;

  function turned(radians: number, parts: number) {
    const pose = createPose();
    quatFromAxisAngle(0, 1, 0, radians, pose.values, head);
    pose.values[FACE_OFFSET] = Math.abs(radians);
    pose.parts = parts;
    return pose;
  }

  it('P-10: blending by half meets rotations and weights in the middle', () => {
    const half = blendPoses(turned(0, ALL_PARTS), turned(0.8, ALL_PARTS), 0.5, createPose());
    expect(angleBetweenQuats(half.values, head, turned(0.4, 0).values, head)).toBeLessThan(1e-5);
    expect(half.values[FACE_OFFSET]).toBeCloseTo(0.4);
  });

  it('P-10: blending takes the shorter way where signs differ', () => {
    const to = turned(0.8, ALL_PARTS);
    for (let k = 0; k < 4; k += 1) to.values[head + k] = -to.values[head + k]!;
    const half = blendPoses(turned(0, ALL_PARTS), to, 0.5, createPose());
    expect(angleBetweenQuats(half.values, head, turned(0.4, 0).values, head)).toBeLessThan(1e-5);
  });

  it('P-10: a blend has the parts of the later pose, and takes parts that only that has unchanged', () => {
    const from = turned(0, PosePart.upperBody);
    const to = turned(0.8, PosePart.upperBody | PosePart.face);
    const half = blendPoses(from, to, 0.5, createPose());
    expect(half.parts).toBe(to.parts);
    expect(half.values[FACE_OFFSET]).toBeCloseTo(0.8);
    expect(blendPoses(to, from, 0.5, createPose()).parts).toBe(PosePart.upperBody);
  });

  it('a blend may write over either input', () => {
    const expected = blendPoses(turned(0.2, ALL_PARTS), turned(0.8, ALL_PARTS), 0.3, createPose());
    const from = turned(0.2, ALL_PARTS);
    expect(blendPoses(from, turned(0.8, ALL_PARTS), 0.3, from)).toEqual(expected);
    const to = turned(0.8, ALL_PARTS);
    expect(blendPoses(turned(0.2, ALL_PARTS), to, 0.3, to)).toEqual(expected);
  });
});
