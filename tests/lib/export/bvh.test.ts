import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BvhWriter, eulerZxy } from '@/lib/export/bvh';
import { ClipPoser, createTrackRow } from '@/lib/motion/bvhRetarget';
import { mapSkeleton } from '@/lib/motion/bvhSkeleton';
import { createBvhSource } from '@/lib/motion/bvhSource';
import { parseBvh } from '@/lib/motion/parseBvh';
import { BONE_COUNT, BONE_INDEX, BONES } from '@/lib/pose/bones';
import { createPose, HIPS_OFFSET, type Pose, PosePart, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import { angleBetweenQuats, quatFromEuler, setNormalizedQuat } from '@/lib/pose/quat';
import { bodyPoses, livelyPoses } from './motionWorld';

const DEGREES = 180 / Math.PI;
/** Three decimals of three angles. */
const ROUNDING_DEG = 0.002;

function bvhOf(poses: ReadonlyArray<readonly [Pose, number]>, endMs: number, fps = 30): string {
  let text = '';
  const writer = new BvhWriter({ startMs: 0, endMs, fps }, (piece) => {
    text += piece;
  });
  for (const [pose, timeMs] of poses) writer.add(pose, timeMs);
  writer.finish();
  return text;
}

/** Frames of a BVH as our own reader poses them, before it centres a clip. */
function readBack(text: string): Float32Array[] {
  const clip = parseBvh(text);
  const poser = new ClipPoser(clip, mapSkeleton(clip));
  return Array.from({ length: clip.frameCount }, (_, frame) => {
    const row = createTrackRow();
    poser.pose(frame, row);
    return row;
  });
}

function worstDeg(a: Float32Array, b: Float32Array): number {
  return Math.max(
    ...BONES.map((_, bone) => {
      const at = ROTATIONS_OFFSET + bone * 4;
      return angleBetweenQuats(a, at, b, at) * DEGREES;
    }),
  );
}

describe('BVH', () => {
  it('a motion that is written is read back by our own reader, every bone and finger', () => {
    const poses = livelyPoses(4);
    const text = bvhOf(
      poses.map((pose, k) => [pose, (k * 1000) / 30] as const),
      ((poses.length - 1) * 1000) / 30,
    );
    const rows = readBack(text);
    expect(rows).toHaveLength(poses.length);
    rows.forEach((row, k) => {
      expect(worstDeg(row, poses[k]!.values)).toBeLessThan(ROUNDING_DEG);
    });
  });

  it('the hips are where they were, in metres of the canonical body', () => {
    const poses = bodyPoses(4);
    const rows = readBack(
      bvhOf(
        poses.map((pose, k) => [pose, (k * 1000) / 30] as const),
        3900,
      ),
    );
    // The reader takes the lowest soles for the floor: one height for all frames.
    const floor = rows[0]![HIPS_OFFSET + 1]! - poses[0]!.values[HIPS_OFFSET + 1]!;
    rows.forEach((row, k) => {
      for (let axis = 0; axis < 3; axis += 1) {
        const expected = poses[k]!.values[HIPS_OFFSET + axis]! + (axis === 1 ? floor : 0);
        expect(row[HIPS_OFFSET + axis]).toBeCloseTo(expected, 4);
      }
    });
  });

  it('a body at rest is unturned in the file, and stands on the floor', () => {
    const [row] = readBack(bvhOf([[{ ...createPose(), parts: 127 }, 0]], 0));
    expect(row).toEqual(Float32Array.from(createPose().values.subarray(0, ROTATIONS_OFFSET + BONE_COUNT * 4)));
  });

  it('the file plays as a motion source', () => {
    const poses = bodyPoses(3);
    const source = createBvhSource(
      bvhOf(
        poses.map((pose, k) => [pose, (k * 1000) / 30] as const),
        2966,
      ),
    );
    const played = source.sample(500, createPose());
    expect(played.parts & PosePart.leftFingers).not.toBe(0);
    const arm = ROTATIONS_OFFSET + BONE_INDEX.leftUpperArm * 4;
    expect(angleBetweenQuats(played.values, arm, poses[15]!.values, arm) * DEGREES).toBeLessThan(ROUNDING_DEG);
  });

  it('frames between those that came are between them, and pauses hold what was last seen', () => {
    const turned = (yawRad: number) => {
      const pose = createPose();
      pose.parts = 127;
      quatFromEuler(0, yawRad, 0, 'YXZ', pose.values, ROTATIONS_OFFSET + BONE_INDEX.head * 4);
      return pose;
    };
    const text = bvhOf(
      [
        [turned(0.2), 100],
        [turned(0.4), 300],
        [turned(1.4), 2300],
      ],
      2500,
      10,
    );
    const at = ROTATIONS_OFFSET + BONE_INDEX.head * 4;
    const yaws = readBack(text).map((row) => 2 * Math.atan2(row[at + 1]!, row[at + 3]!));
    const expected = [0.2, 0.2, 0.3, 0.4, ...Array(19).fill(0.4), 1.4, 1.4, 1.4];
    expect(yaws).toHaveLength(26);
    yaws.forEach((yaw, k) => {
      expect(yaw, `frame ${k}`).toBeCloseTo(expected[k]!, 3);
    });
  });

  it('parts that are not sent stay as they were', () => {
    const [first, second] = [bodyPoses(1)[3]!, createPose()];
    const both = { values: first.values, parts: PosePart.upperBody | PosePart.legs };
    const rows = readBack(
      bvhOf(
        [
          [both, 0],
          [{ ...second, parts: PosePart.legs }, 100],
        ],
        100,
        10,
      ),
    );
    const arm = ROTATIONS_OFFSET + BONE_INDEX.leftUpperArm * 4;
    const leg = ROTATIONS_OFFSET + BONE_INDEX.leftUpperLeg * 4;
    expect(angleBetweenQuats(rows[1]!, arm, first.values, arm) * DEGREES).toBeLessThan(ROUNDING_DEG);
    expect(angleBetweenQuats(rows[1]!, leg, second.values, leg) * DEGREES).toBeLessThan(ROUNDING_DEG);
  });

  it('any rotation is what its three angles give, right angles included', () => {
    const number = fc.float({ min: -1, max: 1, noNaN: true });
    const right = fc.constantFrom(-1, 1, 0, Math.SQRT1_2, -Math.SQRT1_2, 1e-9);
    const component = fc.oneof(number, right);
    fc.assert(
      fc.property(component, component, component, component, (x, y, z, w) => {
        const quat = new Float32Array(4);
        setNormalizedQuat(x, y, z, w, quat, 0);
        const [zDeg, xDeg, yDeg] = eulerZxy(quat, 0);
        const back = new Float64Array(4);
        quatFromEuler(xDeg / DEGREES, yDeg / DEGREES, zDeg / DEGREES, 'ZXY', back, 0);
        expect(angleBetweenQuats(quat, 0, back, 0) * DEGREES).toBeLessThan(0.05);
      }),
    );
  });

  it('a motion without frames is one of the rest pose', () => {
    expect(readBack(bvhOf([], 1000, 10))).toHaveLength(11);
  });
});
