import type { AvatarModel } from '../buildAvatar';
import type { SkinnedMesh } from '../mesh/skinnedMesh';
import type { Vec3 } from '../sdf/sdf';
import { add, normalize } from '../sdf/vec';
import { type Affine, transformDirection, transformPoint } from '../skeleton/affine';
import { bothSides, poseJoints } from '../skeleton/poseJoints';
import { blendedMatrix } from '../weights/unpose';

/** A mesh ready to be drawn: posed positions and normals beside its own tints and palette coordinates. */
export interface PosedMesh {
  readonly mesh: SkinnedMesh;
  readonly positions: readonly Vec3[];
  readonly normals: readonly Vec3[];
}

/** Arms hanging, head turned and tilted a little. */
const POSE: readonly Affine[] = poseJoints([
  ...bothSides('UpperArm', 'z', -72),
  ...bothSides('LowerArm', 'y', -15),
  { bone: 'head', axis: 'z', degrees: -3 },
  { bone: 'head', axis: 'y', degrees: 4 },
]);

/** What the face does: weights of morphs by name. */
const SMILE: Readonly<Record<string, number>> = {
  mouthSmileLeft: 0.75,
  mouthSmileRight: 0.75,
  cheekSquintLeft: 0.3,
  cheekSquintRight: 0.3,
  browInnerUp: 0.2,
};

function triple(values: ArrayLike<number>, vertex: number): Vec3 {
  return [values[vertex * 3]!, values[vertex * 3 + 1]!, values[vertex * 3 + 2]!];
}

function posed(mesh: SkinnedMesh, offset: (vertex: number) => Vec3): PosedMesh {
  const positions: Vec3[] = [];
  const normals: Vec3[] = [];
  for (let vertex = 0; vertex < mesh.vertexCount; vertex++) {
    const four = (values: readonly number[]) =>
      values.slice(vertex * 4, vertex * 4 + 4) as [number, number, number, number];
    const matrix = blendedMatrix(POSE, { joints: four(mesh.joints), weights: four(mesh.weights) });
    positions.push(transformPoint(matrix, add(triple(mesh.positions, vertex), offset(vertex))));
    normals.push(normalize(transformDirection(matrix, triple(mesh.normals, vertex))));
  }
  return { mesh, positions, normals };
}

/** Body and face as they sit for the portrait. */
export function portraitPose({ body, face, morphs }: AvatarModel): PosedMesh[] {
  const smiling = morphs.filter(({ name }) => name in SMILE);
  const smile = (vertex: number) =>
    smiling.reduce<Vec3>(
      (sum, { name, deltas }) => {
        const [x, y, z] = triple(deltas, vertex);
        const weight = SMILE[name]!;
        return add(sum, [x * weight, y * weight, z * weight]);
      },
      [0, 0, 0],
    );
  return [posed(body, () => [0, 0, 0]), posed(face, smile)];
}
