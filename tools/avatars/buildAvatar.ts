import { MeshoptSimplifier } from 'meshoptimizer';
import type { AvatarSpec } from './avatarSpecs';
import { addFeatures, type Morph } from './face/faceMesh';
import { FULL_FEATURES } from './face/feature';
import { hairParts } from './hair/hairParts';
import { beardPart } from './head/beardPart';
import { glassesPart, headPart, headShape } from './head/headParts';
import { meshPart, type PartMesh } from './mesh/meshPart';
import { SkinnedMesh, type SkinnedVertex } from './mesh/skinnedMesh';
import { outfitParts } from './outfits/outfitParts';
import { DARKEST, type Detail, FULL_DETAIL, type Part, type Tint } from './part';
import { clamp, mix } from './sdf/maths';
import type { Sdf, Vec3 } from './sdf/sdf';
import { quantiseShares, unpose } from './weights/boneWeights';

/** Distances (m) along the normal at which the space above a surface is probed, near to far. */
const PROBES = [0.012, 0.03, 0.06] as const;
/** Weight of each probe relative to the one before. */
const FALLOFF = 0.75;

/** How open a surface is to light, 0 closed to 1 open: distance-field ambient occlusion (Evans 2006). */
function openness(occluders: Sdf, point: Vec3, normal: Vec3): number {
  let sum = 0;
  let total = 0;
  let weight = 1;
  for (const probe of PROBES) {
    const space = occluders(point[0] + normal[0] * probe, point[1] + normal[1] * probe, point[2] + normal[2] * probe);
    sum += weight * clamp(space / probe);
    total += weight;
    weight *= FALLOFF;
  }
  return sum / total;
}

/** Outside its box by this much (m), a part no longer affects occlusion or hiding. */
const MARGIN = 0.07;

function distanceToBox(part: Part, x: number, y: number, z: number): number {
  const { min, max } = part.bounds;
  const nearX = part.mirrored ? Math.abs(x) : x;
  return Math.max(min[0] - nearX, nearX - max[0], min[1] - y, y - max[1], min[2] - z, z - max[2]);
}

/** The union of several parts as one field, exact within {@link MARGIN} of them. */
function partField(parts: readonly Part[]): Sdf {
  return (x, y, z) => {
    let distance = Number.POSITIVE_INFINITY;
    for (const part of parts) {
      if (distanceToBox(part, x, y, z) > MARGIN) continue;
      distance = Math.min(distance, part.shape(part.mirrored ? Math.abs(x) : x, y, z));
    }
    return distance;
  };
}

/** A finished avatar: two meshes in the rest pose and the morphs of the second. */
export interface AvatarModel {
  readonly spec: AvatarSpec;
  readonly body: SkinnedMesh;
  readonly face: SkinnedMesh;
  readonly morphs: readonly Morph[];
}

/** Called before each part is meshed. */
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

/** Models, meshes and skins one avatar. The same spec and detail always give the same numbers. */
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
  const bodyParts = [...outfitParts(spec.outfit, spec.build), ...hairParts(spec.hair, head), ...worn];
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
