import type { AvatarModel } from '../buildAvatar';
import type { SkinnedMesh } from '../mesh/skinnedMesh';
import { add, normalize } from '../sdf/maths';
import type { Vec3 } from '../sdf/sdf';
import { type Affine, transformDirection, transformPoint } from '../skeleton/affine';
import { blendedMatrix } from '../weights/boneWeights';

/** A mesh ready to draw: posed positions and normals, with the mesh's tints and palette coordinates. */
export interface PosedMesh {
  readonly mesh: SkinnedMesh;
  readonly positions: readonly Vec3[];
  readonly normals: readonly Vec3[];
}

/** Weights of morphs by name; absent ones 0. */
export type MorphWeights = Readonly<Record<string, number>>;

function triple(values: ArrayLike<number>, vertex: number): Vec3 {
  return [values[vertex * 3]!, values[vertex * 3 + 1]!, values[vertex * 3 + 2]!];
}

function posed(mesh: SkinnedMesh, pose: readonly Affine[], offset: (vertex: number) => Vec3): PosedMesh {
  const positions: Vec3[] = [];
  const normals: Vec3[] = [];
  for (let vertex = 0; vertex < mesh.vertexCount; vertex++) {
    const four = (values: readonly number[]) =>
      values.slice(vertex * 4, vertex * 4 + 4) as [number, number, number, number];
    const matrix = blendedMatrix(pose, { joints: four(mesh.joints), weights: four(mesh.weights) });
    positions.push(transformPoint(matrix, add(triple(mesh.positions, vertex), offset(vertex))));
    normals.push(normalize(transformDirection(matrix, triple(mesh.normals, vertex))));
  }
  return { mesh, positions, normals };
}

/** Body and face of a model in a pose, with the face's `weights`. */
export function poseModel(
  { body, face, morphs }: AvatarModel,
  pose: readonly Affine[],
  weights: MorphWeights,
): PosedMesh[] {
  const active = morphs.filter(({ name }) => name in weights);
  const moved = (vertex: number) =>
    active.reduce<Vec3>(
      (sum, { name, deltas }) => {
        const [x, y, z] = triple(deltas, vertex);
        const weight = weights[name]!;
        return add(sum, [x * weight, y * weight, z * weight]);
      },
      [0, 0, 0],
    );
  return [posed(body, pose, () => [0, 0, 0]), posed(face, pose, moved)];
}
