import { ARKIT_BLENDSHAPES } from '@/lib/pose/arkit';
import type { Gltf, Primitive } from '../gltf/gltf';
import { countSpringJoints } from './springs';

/** What there is in an avatar's file. */
export interface AvatarFigures {
  readonly triangles: number;
  readonly vertices: number;
  /** Different materials on what is drawn. */
  readonly materials: number;
  /** Draws a frame as the file has it, before Parley merges them. */
  readonly draws: number;
  /** Different joints of all skins. */
  readonly joints: number;
  readonly springJoints: number;
  readonly images: number;
  /** Longest side of any image. */
  readonly textureSidePx: number;
  readonly texturePixels: number;
  /** Shapes by name over all meshes. */
  readonly morphs: number;
  /** How many of the 52 ARKit blendshapes there are by name. */
  readonly arkitMorphs: number;
  readonly sizeBytes: number;
}

function sum<Part>(parts: readonly Part[], measure: (part: Part) => number): number {
  return parts.reduce((total, part) => total + measure(part), 0);
}

function trianglesOf({ accessors }: Gltf, { indices, position }: Primitive): number {
  return Math.floor(accessors[indices < 0 ? position : indices]!.count / 3);
}

/** Counts what a file holds. @throws AvatarFileError `json` */
export function countFigures(gltf: Gltf, sizeBytes: number): AvatarFigures {
  const drawn = gltf.order.flatMap((node) => gltf.meshes[gltf.nodes[node]!.mesh] ?? []);
  const primitives = drawn.flatMap((mesh) => mesh.primitives);
  const targetNames = new Set(drawn.flatMap((mesh) => mesh.targetNames.map((name) => name.toLowerCase())));
  return {
    triangles: sum(primitives, (primitive) => trianglesOf(gltf, primitive)),
    vertices: sum(primitives, ({ position }) => gltf.accessors[position]!.count),
    materials: new Set(primitives.map(({ material }) => material)).size,
    draws: primitives.length,
    joints: new Set(gltf.skins.flatMap(({ joints }) => joints)).size,
    springJoints: countSpringJoints(gltf),
    images: gltf.images.length,
    textureSidePx: Math.max(0, ...gltf.images.map(({ widthPx, heightPx }) => Math.max(widthPx, heightPx))),
    texturePixels: sum(gltf.images, ({ widthPx, heightPx }) => widthPx * heightPx),
    morphs: targetNames.size || Math.max(0, ...primitives.map(({ targets }) => targets.length)),
    arkitMorphs: ARKIT_BLENDSHAPES.filter((name) => targetNames.has(name.toLowerCase())).length,
    sizeBytes,
  };
}
