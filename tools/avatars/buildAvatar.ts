import { MeshoptSimplifier } from 'meshoptimizer';
import type { AvatarSpec } from './avatarSpec';
import { addFeatures, type Morph } from './face/faceMesh';
import { FULL_FEATURES } from './face/sheets';
import { hairParts } from './hair/hairParts';
import { handPart } from './hands/handPart';
import { beardPart } from './head/beardPart';
import { glassesPart } from './head/glassesPart';
import { headPart } from './head/headPart';
import { headShape } from './head/headShape';
import { meshPart, type PartMesh } from './mesh/meshPart';
import { openness } from './mesh/occlusion';
import { partField } from './mesh/partField';
import { SkinnedMesh, type SkinnedVertex } from './mesh/skinnedMesh';
import { outfitParts, sleeveEndOf } from './outfits/outfitParts';
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
  target.append(part.slot, vertices, mesh.levels);
}

/** Models, meshes and skins one avatar. The same spec and detail give the same numbers every time. */
export async function buildAvatar(
  spec: AvatarSpec,
  detail: Detail = FULL_DETAIL,
  onPart?: OnPart,
): Promise<AvatarModel> {
  await MeshoptSimplifier.ready;
  const head = headShape(spec.face, spec.hair === 'hijab');
  const skin = headPart(head, spec.face);
  const faceParts = [skin, ...(spec.beard === undefined ? [] : [beardPart(head, spec.beard)])];
  const worn = spec.glasses ? [glassesPart(head, spec.face.width)] : [];
  const bodyParts = [
    ...outfitParts(spec.outfit, spec.build),
    handPart(sleeveEndOf(spec.outfit)),
    ...hairParts(spec.hair, head),
    ...worn,
  ];
  const parts = [...bodyParts, ...faceParts];
  const everything = partField(parts);
  const [body, face] = [new SkinnedMesh(), new SkinnedMesh()];
  let skinCount = 0;
  parts.forEach((part, index) => {
    onPart?.(part.name, index, parts.length);
    const others = partField(parts.filter((other) => other !== part));
    appendPart(faceParts.includes(part) ? face : body, part, meshPart(part, others, detail), everything);
    if (part === skin) skinCount = face.vertexCount;
  });
  return { spec, body, face, morphs: addFeatures({ mesh: face, skinCount }, head, spec.face, FULL_FEATURES) };
}
