import { createRequire } from 'node:module';
import { BODY_LANDMARK_COUNT, type BodyReading, type LandmarkFrame } from '@/lib/core/landmarks';
import { BONE_INDEX, type BoneName } from '@/lib/pose/bones';
import { createPose, type Pose, PosePart, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import { quatFromEuler } from '@/lib/pose/quat';
import { OneEuro } from '@/lib/solve/tracks/filters';

interface Euler {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

interface Landmark extends Euler {
  readonly visibility: number;
}

/** Kalidokit's result for a body: Euler angles (XYZ, radians) for a VRM 0 avatar that mirrors the person. */
type Rig = Readonly<Record<string, Euler>> & {
  readonly Hips: { readonly rotation: Euler };
  readonly Spine: Euler;
};

interface Kalidokit {
  readonly Pose: {
    solve(
      world: Landmark[],
      image: Landmark[],
      options: { runtime: 'mediapipe'; imageSize: { width: number; height: number } },
    ): Rig | undefined;
  };
}

// Its entry for ES modules imports folders, which Node cannot; its bundle works.
const require = createRequire(import.meta.url);
const { Pose: Solver } = require('kalidokit/dist/kalidokit.umd.js') as Kalidokit;

/** Shares of its angles that its sample page applies to a VRM. */
const SAMPLE_SHARES = { hips: 0.7, spine: 0.45, chest: 0.25 } as const;

const LIMBS = ['UpperArm', 'LowerArm', 'Hand', 'UpperLeg', 'LowerLeg'] as const;

function landmarks({ visibility }: BodyReading, points: Float32Array): Landmark[] {
  return Array.from(visibility, (visible, at) => ({
    x: points[at * 3]!,
    y: points[at * 3 + 1]!,
    z: points[at * 3 + 2]!,
    visibility: visible,
  }));
}

/**
 * Its avatar looks along -Z and mirrors the person. After half a turn and mirroring back, x and y of its quaternions change
 * sign and the sides are swapped.
 */
function write(pose: Pose, bone: BoneName, euler: Euler, share: number): void {
  const at = ROTATIONS_OFFSET + BONE_INDEX[bone] * 4;
  quatFromEuler((euler.x || 0) * share, (euler.y || 0) * share, (euler.z || 0) * share, 'XYZ', pose.values, at);
  pose.values[at] = -pose.values[at]!;
  pose.values[at + 1] = -pose.values[at + 1]!;
}

/** The pose that Kalidokit solves from the body of `frame`, in our conventions; null if it finds none. */
export function solveWithKalidokit(frame: LandmarkFrame): Pose | null {
  const { body, imageWidthPx, imageHeightPx } = frame;
  if (body === null) return null;
  const imageSize = { width: imageWidthPx, height: imageHeightPx };
  const rig = Solver.solve(landmarks(body, body.world), landmarks(body, body.image), {
    runtime: 'mediapipe',
    imageSize,
  });
  if (rig === undefined) return null;
  const pose = createPose();
  pose.parts = PosePart.upperBody | PosePart.legs;
  write(pose, 'hips', rig.Hips.rotation, SAMPLE_SHARES.hips);
  write(pose, 'spine', rig.Spine, SAMPLE_SHARES.spine);
  write(pose, 'chest', rig.Spine, SAMPLE_SHARES.chest);
  for (const limb of LIMBS) {
    write(pose, `left${limb}`, rig[`Right${limb}`]!, 1);
    write(pose, `right${limb}`, rig[`Left${limb}`]!, 1);
  }
  return pose;
}

/** The best setting for world landmarks in metres. */
const FILTER = { minCutoffHz: 1, beta: 10, speedCutoffHz: 3 } as const;

/** A stateless solver behind a One Euro filter of the body's world points. */
export function createFilteredPeer(
  solve: (frame: LandmarkFrame) => Pose | null,
): (frame: LandmarkFrame, elapsedMs: number) => Pose | null {
  const filter = new OneEuro(BODY_LANDMARK_COUNT, 3, FILTER);
  return (frame, elapsedMs) => {
    if (frame.body === null) return null;
    filter.advance(frame.body.world, elapsedMs);
    return solve({ ...frame, body: { ...frame.body, world: Float32Array.from(filter.values) } });
  };
}
