import type { Image } from '../gltf/gltf';
import type { DataMesh } from './avatarData';
import { DecodeBudget } from './decodeBudget';
import { type DecodedPart, OFFSET_BYTES, VERTEX_BYTES } from './decodePart';
import { meshLevels } from './meshLevels';
import type { AtlasPicture } from './picture';

/** The key of parts that are drawn together: with or without a face, solid or translucent. At most four draws. */
function drawKey({ material, morphs }: DecodedPart): string {
  return `${morphs.length > 0 ? 'face' : 'body'}${material.alphaMode === 'BLEND' ? 'Blended' : ''}`;
}

/**
 * Joins parts into as few meshes as possible. `atlas`: the new places of their images; null if there is only one.
 * @throws AvatarFileError `tooHeavy`
 */
export function mergeParts(parts: readonly DecodedPart[], atlas: AtlasPicture | null): DataMesh[] {
  const groups = new Map<string, DecodedPart[]>();
  for (const part of parts) {
    if (part.positions.length > 0) groups.set(drawKey(part), [...(groups.get(drawKey(part)) ?? []), part]);
  }
  refuseLarge([...groups.values()]);
  const triangles = parts.reduce((sum, { levels }) => sum + levels[0]!.length / 3, 0);
  return [...groups].map(([name, group]) => mergeGroup(name, group, atlas, triangles));
}

/** Joining gives every vertex of a group each of its blendshapes. @throws AvatarFileError `tooHeavy` */
function refuseLarge(groups: readonly (readonly DecodedPart[])[]): void {
  const budget = new DecodeBudget();
  for (const parts of groups) {
    const vertices = parts.reduce((sum, part) => sum + vertexCount(part), 0);
    budget.make(vertices * (VERTEX_BYTES + shapesOf(parts).size * OFFSET_BYTES));
    budget.make(parts.reduce((sum, { levels }) => sum + 4 * levels.reduce((all, level) => all + level.length, 0), 0));
  }
}

function shapesOf(parts: readonly DecodedPart[]): Set<number> {
  return new Set(parts.flatMap(({ morphs }) => morphs.map(({ shape }) => shape)));
}

function mergeGroup(
  name: string,
  parts: readonly DecodedPart[],
  atlas: AtlasPicture | null,
  modelTriangles: number,
): DataMesh {
  const positions = joined(parts, ({ positions: own }) => own);
  const uvs = parts.every((part) => !part.uvs && !atlas) ? null : joined(parts, (part) => uvsOf(part, atlas));
  const cutoffs = parts.flatMap(({ material }) => (material.alphaMode === 'MASK' ? [material.alphaCutoff] : []));
  return {
    name,
    positions,
    normals: joined(parts, ({ normals }) => normals),
    uvs,
    colors: parts.every(({ colors }) => colors === null) ? null : joined(parts, colorsOf),
    joints: Uint16Array.from(parts.flatMap(({ joints }) => [...joints])),
    weights: joined(parts, ({ weights }) => weights),
    levels: meshLevels({ positions, uvs, isFace: name.startsWith('face') }, joinedLevels(parts), modelTriangles),
    morphs: joinedMorphs(parts),
    isBlended: parts.some(({ material }) => material.alphaMode === 'BLEND'),
    isDoubleSided: parts.some(({ material }) => material.isDoubleSided),
    alphaCutoff: Math.min(...cutoffs, cutoffs.length > 0 ? 1 : 0),
  };
}

function joined(parts: readonly DecodedPart[], of: (part: DecodedPart) => Float32Array): Float32Array<ArrayBuffer> {
  const arrays = parts.map(of);
  const out = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const array of arrays) {
    out.set(array, at);
    at += array.length;
  }
  return out;
}

const vertexCount = ({ positions }: DecodedPart): number => positions.length / 3;

function colorsOf(part: DecodedPart): Float32Array {
  return part.colors ?? new Float32Array(vertexCount(part) * 4).fill(1);
}

function cellOf({ cells }: AtlasPicture, image: Image | null) {
  return cells.find((cell) => cell.image === image)!;
}

/** A part's texture coordinates, in the atlas if there is one. */
function uvsOf(part: DecodedPart, atlas: AtlasPicture | null): Float32Array {
  const own = part.uvs ?? new Float32Array(vertexCount(part) * 2).fill(0.5);
  if (!atlas) return own;
  const cell = cellOf(atlas, part.image);
  const [begin, extent] = [
    [cell.x, cell.y],
    [cell.width, cell.height],
  ] as const;
  // Coordinates beyond the tile show the tile's border.
  return own.map((value, i) => (begin[i & 1]! + Math.min(1, Math.max(0, value)) * extent[i & 1]!) / atlas.sidePx);
}

/** The levels that all parts have, joined. */
function joinedLevels(parts: readonly DecodedPart[]): Uint32Array<ArrayBuffer>[] {
  const count = Math.min(...parts.map(({ levels }) => levels.length));
  return Array.from({ length: count }, (_, level) => {
    let first = 0;
    const triangles: number[] = [];
    for (const part of parts) {
      for (const vertex of part.levels[level]!) triangles.push(vertex + first);
      first += vertexCount(part);
    }
    return Uint32Array.from(triangles);
  });
}

function joinedMorphs(parts: readonly DecodedPart[]) {
  return [...shapesOf(parts)]
    .sort((a, b) => a - b)
    .map((shape) => ({
      shape,
      offsets: joined(
        parts,
        (part) =>
          part.morphs.find((morph) => morph.shape === shape)?.offsets ?? new Float32Array(part.positions.length),
      ),
    }));
}
