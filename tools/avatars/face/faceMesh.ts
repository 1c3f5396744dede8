import { ARKIT_BLENDSHAPES } from '@/lib/pose/arkit';
import type { FaceSpec } from '../avatarSpecs';
import { beardDeform } from '../head/beardPart';
import { EYE_BED, type HeadShape, MOUTH_BED } from '../head/headParts';
import { LEVEL_COUNT, type Levels, type SkinnedMesh, type SkinnedVertex } from '../mesh/skinnedMesh';
import type { Tint } from '../part';
import { add, mix } from '../sdf/maths';
import type { Vec3 } from '../sdf/sdf';
import { HEAD_HEIGHT } from '../skeleton/restSkeleton';
import { rigidHead } from '../weights/bodyWeights';
import { quantiseShares } from '../weights/boneWeights';
import { eyeFeatures } from './eyeFeatures';
import { type FaceSurface, faceDeform, faceSurface } from './faceSurface';
import { type FaceWeights, MODELLED_PRESETS, type Side, sign, weightOf } from './faceWeights';
import {
  evenColumns,
  type Feature,
  type FeatureDetail,
  gridTriangles,
  type PlacedFeature,
  type Put,
  placeFeature,
} from './feature';
import { browFeature, lidFeatures } from './lidsAndBrows';
import { mouthFeatures } from './mouth';

/** Half width (m) of a line at its fullest, for an age of 1. */
const HALF_WIDTH = 0.0012;
const TINT: Tint = [0.7, 0.56, 0.53];

/** A position on the face, head space (m). */
type Point = readonly [x: number, y: number];

/** A line along `path` (0..1) that tapers at both ends. */
function line(
  name: string,
  face: FaceSpec,
  columns: number,
  flip: boolean,
  path: (t: number, weights: FaceWeights) => Point,
): Feature {
  const place = (put: Put, weights: FaceWeights) => {
    for (const across of [-1, 1])
      for (const t of evenColumns(columns)) {
        const [x, y] = path(t, weights);
        const half = HALF_WIDTH * face.age * Math.sin(Math.PI * mix(0.04, 0.96, t));
        put(x, y + across * half, 0.0012);
      }
  };
  return { name, slot: 'skin', triangles: gridTriangles(1, columns, flip), lastLevel: 0, place, tint: () => TINT };
}

function ofSide(side: Side, face: FaceSpec, columns: number): Feature[] {
  const s = sign(side);
  const flip = side === 'Right';
  const fold = (t: number, w: FaceWeights): Point => {
    const smile = weightOf(w, `mouthSmile${side}`);
    const bow = 0.006 * Math.sin(Math.PI * t);
    return [s * (mix(0.03, 0.057 + 0.006 * smile, t) + bow), MOUTH_BED.y + mix(0.04, 0.004 + 0.004 * smile, t)];
  };
  const underEye = (t: number): Point => [
    s * (EYE_BED.x + mix(-0.022, 0.024, t)),
    EYE_BED.y - 0.0405 * face.eyeHeight - 0.006 * Math.sin(Math.PI * t),
  ];
  return [line(`fold${side}`, face, columns, flip, fold), line(`underEye${side}`, face, columns, flip, underEye)];
}

/** Folds beside the mouth and lines under the eyes and on the forehead, for an old face. */
function ageFeatures(face: FaceSpec, { columns }: FeatureDetail): Feature[] {
  if (face.age === 0) return [];
  const forehead = [0.252, 0.271].map((height, i) =>
    line(`forehead${i}`, face, columns, false, (t, w) => [
      mix(-0.055, 0.055, t) * (1 - 0.18 * i),
      height + 0.004 * Math.sin(Math.PI * t) + 0.005 * weightOf(w, 'browInnerUp'),
    ]),
  );
  return [...ofSide('Left', face, columns), ...ofSide('Right', face, columns), ...forehead];
}

const SIDES: readonly Side[] = ['Left', 'Right'];

/** All sheets that lie on a face. */
export function faceFeatures(face: FaceSpec, detail: FeatureDetail): Feature[] {
  const ofSide = (side: Side) => [
    ...eyeFeatures(side, face, detail),
    ...lidFeatures(side, face, detail),
    browFeature(side, face, detail),
  ];
  return [...SIDES.flatMap(ofSide), ...mouthFeatures(face, detail), ...ageFeatures(face, detail)];
}

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

/** A face mesh before its features: the head's skin, and perhaps a beard. */
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

/** Adds the features to a bare face and creates its morphs: ARKit's, then the presets'. */
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
