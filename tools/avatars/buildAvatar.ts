import { MeshoptSimplifier } from 'meshoptimizer';
import type { AvatarSpec } from './avatarSpec';
import { addFeatures, type Morph } from './face/faceMesh';
import { FULL_FEATURES } from './face/sheets';
import { hairParts } from './hair/hairParts';
import { handPart } from './hands/handPart';
import { headPart } from './head/headPart';
import { headShape } from './head/headShape';
import { meshPart, type PartMesh } from './mesh/meshPart';
import { openness } from './mesh/occlusion';
import { partField } from './mesh/partField';
import { SkinnedMesh, type SkinnedVertex } from './mesh/skinnedMesh';
import { outfitParts } from './outfits/outfitParts';
import { DARKEST, type Detail, FULL_DETAIL, type Part, type Tint } from './part';
import { mix } from './sdf/scalar';
import type { Sdf, Vec3 } from './sdf/sdf';
import { quantiseShares } from './weights/boneWeights';
import { unpose } from './weights/unpose';

/** A finished avatar: two meshes in the rest pose and the morphs of the second. */
export interface AvatarModel {
  readonly spec: AvatarSpec;
  readonly body: SkinnedMesh;
  readonly face: SkinnedMesh;
  readonly morphs: readonly Morph[];
}

/** Told before each part is meshed. */
export type OnPart = (name: string, done: number, total: number) => void;

const PLAIN: Tint = [1, 1, 1];

function vertexOf(part: Part, occluders: Sdf, position: Vec3, normal: Vec3): SkinnedVertex {
  const light = mix(part.darkest ?? DARKEST, 1, openness(occluders, position, normal));
  const tint = part.tint?.(position, normal) ?? PLAIN;
  const skin = quantiseShares(part.weights(position));
  return { ...unpose(position, normal, skin), tint: [tint[0] * light, tint[1] * light, tint[2] * light], skin };
}

function triple(values: Float64Array, vertex: number): Vec3 {
  return [values[vertex * 3]!, values[vertex * 3 + 1]!, values[vertex * 3 + 2]!];
}

function appendPart(target: SkinnedMesh, part: Part, mesh: PartMesh, occluders: Sdf): void {
  const count = mesh.positions.length / 3;
  const vertices = Array.from({ length: count }, (_, i) =>
    vertexOf(part, occluders, triple(mesh.positions, i), triple(mesh.normals, i)),
  );
  target.append(part.slot, vertices, mesh.triangles);
}

/** Models, meshes and skins one avatar. The same spec and detail give the same numbers every time. */
export async function buildAvatar(
  spec: AvatarSpec,
  detail: Detail = FULL_DETAIL,
  onPart?: OnPart,
): Promise<AvatarModel> {
  await MeshoptSimplifier.ready;
  const head = headShape(spec.face);
  const skin = headPart(head, spec.face);
  const bodyParts = [...outfitParts(spec.outfit, spec.build), handPart(), ...hairParts(spec.hair, head)];
  const parts = [...bodyParts, skin];
  const everything = partField(parts);
  const [body, face] = [new SkinnedMesh(), new SkinnedMesh()];
  parts.forEach((part, index) => {
    onPart?.(part.name, index, parts.length);
    const others = partField(parts.filter((other) => other !== part));
    appendPart(part === skin ? face : body, part, meshPart(part, others, detail), everything);
  });
  return { spec, body, face, morphs: addFeatures(face, head, spec.face, FULL_FEATURES) };
}
