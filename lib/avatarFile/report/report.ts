import { ARKIT_BLENDSHAPES } from '@/lib/pose/arkit';
import type { Gltf, Primitive } from '../gltf/gltf';
import { listAt, objectAt } from '../gltf/json';
import type { AvatarKind, Humanoid } from '../humanoid';
import { type AvatarLicence, readLicence, type UploadTerms, uploadTerms } from './licence';
import { type AvatarRank, type FigureRank, RANKED_FIGURES, rankFigure, worstRank } from './ranks';

/** The nodes under `roots`, including the roots. */
function subtrees({ nodes }: Gltf, roots: ReadonlySet<number>): number[] {
  const found = new Set(roots);
  // A set is walked as it grows, and holds each node once.
  for (const node of found) for (const child of nodes[node]!.children) found.add(child);
  return [...found];
}

function vrm0Springs(gltf: Gltf): number[] {
  const secondary = objectAt(objectAt(gltf.extensions.VRM, 'VRM').secondaryAnimation, 'VRM.secondaryAnimation');
  const groups = listAt(secondary.boneGroups, 'VRM.secondaryAnimation.boneGroups');
  const reached = new Set(gltf.order);
  const roots = groups.flatMap((group) => listAt(objectAt(group, 'boneGroups').bones, 'boneGroups.bones'));
  const known = new Set(roots.filter((root): root is number => typeof root === 'number' && reached.has(root)));
  return subtrees(gltf, known);
}

function vrm1Springs(gltf: Gltf): number[] {
  const { springs } = objectAt(gltf.extensions.VRMC_springBone, 'VRMC_springBone');
  const joints = listAt(springs, 'VRMC_springBone.springs').flatMap((spring) =>
    listAt(objectAt(spring, 'springs').joints, 'springs.joints').map((joint) => objectAt(joint, 'springs.joints').node),
  );
  return joints.filter((node): node is number => typeof node === 'number' && node in gltf.nodes);
}

/** Counts the joints that swing. @throws AvatarFileError `json` */
function countSpringJoints(gltf: Gltf): number {
  return new Set([...vrm0Springs(gltf), ...vrm1Springs(gltf)]).size;
}

/** The contents of an avatar file, in numbers. */
interface AvatarFigures {
  readonly triangles: number;
  readonly vertices: number;
  /** Distinct materials that are drawn. */
  readonly materials: number;
  /** Draws per frame as in the file, before Parley merges them. */
  readonly draws: number;
  /** Distinct joints of all skins. */
  readonly joints: number;
  readonly springJoints: number;
  readonly images: number;
  /** Longest side of any image. */
  readonly textureSidePx: number;
  readonly texturePixels: number;
  /** Distinct morph target names over all meshes. */
  readonly morphs: number;
  /** How many of the 52 ARKit blendshapes exist by name. */
  readonly arkitMorphs: number;
  readonly sizeBytes: number;
}

function sum<Part>(parts: readonly Part[], measure: (part: Part) => number): number {
  return parts.reduce((total, part) => total + measure(part), 0);
}

function trianglesOf({ accessors }: Gltf, { indices, position }: Primitive): number {
  return Math.floor(accessors[indices < 0 ? position : indices]!.count / 3);
}

/** Counts the contents of a file. @throws AvatarFileError `json` */
function countFigures(gltf: Gltf, sizeBytes: number): AvatarFigures {
  const drawn = gltf.order.flatMap((node) => gltf.meshes[gltf.nodes[node]!.mesh] ?? []);
  const primitives = drawn.flatMap((mesh) => mesh.primitives);
  // However many nodes show a mesh, its names count once.
  const targetNames = new Set(
    [...new Set(drawn)].flatMap((mesh) => mesh.targetNames.map((name) => name.toLowerCase())),
  );
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

/** The report on an avatar file before any of it is drawn. */
export interface AvatarReport {
  readonly kind: AvatarKind;
  readonly rank: AvatarRank;
  readonly figures: AvatarFigures;
  /** Each figure's rank, and the value that would reach the next better one. */
  readonly ranks: readonly FigureRank[];
  readonly licence: AvatarLicence;
  readonly terms: UploadTerms;
}

/** Reports on a file that has been read. @throws AvatarFileError `json` */
export function reportAvatar(gltf: Gltf, humanoid: Humanoid, sizeBytes: number): AvatarReport {
  const figures = countFigures(gltf, sizeBytes);
  const ranks = RANKED_FIGURES.map((figure) => rankFigure(figure, figures[figure]));
  const licence = readLicence(gltf);
  return { kind: humanoid.kind, rank: worstRank(ranks), figures, ranks, licence, terms: uploadTerms(licence) };
}
