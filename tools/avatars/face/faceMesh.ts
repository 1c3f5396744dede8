import { ARKIT_BLENDSHAPES } from '@/lib/pose/arkit';
import type { FaceSpec } from '../avatarSpec';
import { beardDeform } from '../head/beardPart';
import type { HeadShape } from '../head/headShape';
import { LEVEL_COUNT, type Levels } from '../mesh/levels';
import type { SkinnedMesh, SkinnedVertex } from '../mesh/skinnedMesh';
import type { Vec3 } from '../sdf/sdf';
import { add } from '../sdf/vec';
import { HEAD_HEIGHT } from '../skeleton/restSkeleton';
import { rigidHead } from '../weights/bodyWeights';
import { quantiseShares } from '../weights/boneWeights';
import { faceDeform } from './faceDeform';
import { faceFeatures } from './faceFeatures';
import { type FaceSurface, faceSurface } from './faceSurface';
import type { FaceWeights } from './faceWeights';
import { type Feature, type PlacedFeature, placeFeature } from './feature';
import { MODELLED_PRESETS } from './presets';
import type { FeatureDetail } from './sheets';

/** A named change of the face mesh's positions. */
export interface Morph {
  readonly name: string;
  /** xyz triples (m) for every vertex of the face mesh. */
  readonly deltas: Float64Array;
}

function lifted([x, y, z]: Vec3): Vec3 {
  return [x, y + HEAD_HEIGHT, z];
}

function featureVertices(feature: Feature, { positions, normals }: PlacedFeature): SkinnedVertex[] {
  const heights = positions.map((p) => p[1]);
  const [low, high] = [Math.min(...heights), Math.max(...heights)];
  const skin = quantiseShares(rigidHead());
  return positions.map((p, i) => ({
    position: lifted(p),
    normal: normals[i]!,
    tint: feature.tint?.((p[1] - low) / (high - low || 1)) ?? [1, 1, 1],
    skin,
  }));
}

function shownLevels({ triangles, lastLevel = LEVEL_COUNT }: Feature): Levels {
  return triangles.map((level, i) => (i > lastLevel ? [] : level));
}

/** A face mesh before its features: the head's skin, then perhaps a beard. */
export interface BareFace {
  readonly mesh: SkinnedMesh;
  /** Vertices of the skin; those after them are the beard's. */
  readonly skinCount: number;
}

function bareDelta({ mesh, skinCount }: BareFace, vertex: number, weights: FaceWeights, surface: FaceSurface): Vec3 {
  const at = vertex * 3;
  const p: Vec3 = [mesh.positions[at]!, mesh.positions[at + 1]! - HEAD_HEIGHT, mesh.positions[at + 2]!];
  const moved = faceDeform(p, weights);
  return vertex < skinCount ? moved : add(moved, beardDeform(p, weights, surface));
}

/** Adds the features to a bare face, and makes its morphs: ARKit's, then the presets'. */
export function addFeatures(bare: BareFace, head: HeadShape, face: FaceSpec, detail: FeatureDetail): Morph[] {
  const { mesh } = bare;
  const bareCount = mesh.vertexCount;
  const surface = faceSurface(head.base);
  const features = faceFeatures(face, detail);
  for (const feature of features)
    mesh.append(feature.slot, featureVertices(feature, placeFeature(feature, surface, {})), shownLevels(feature));

  const morph = (name: string, weights: FaceWeights): Morph => {
    const deltas = new Float64Array(mesh.positions.length);
    for (let vertex = 0; vertex < bareCount; vertex++)
      deltas.set(bareDelta(bare, vertex, weights, surface), vertex * 3);
    const placed = features.flatMap((feature) => placeFeature(feature, surface, weights).positions);
    placed.forEach((p, i) => {
      const at = (bareCount + i) * 3;
      lifted(p).forEach((value, axis) => {
        deltas[at + axis] = value - mesh.positions[at + axis]!;
      });
    });
    return { name, deltas };
  };
  return [
    ...ARKIT_BLENDSHAPES.map((name) => morph(name, { [name]: 1 })),
    ...Object.entries(MODELLED_PRESETS).map(([name, weights]) => morph(name, weights)),
  ];
}
