import { indicesOf } from '../gltf/accessorValues';
import type { Gltf, Primitive } from '../gltf/gltf';
import type { DecodeBudget } from './decodeBudget';

/** Unit normals of vertices, for files without: each is the mean of its triangles' normals weighted by area. */
export function smoothNormals(positions: Float32Array, triangles: ArrayLike<number>): Float32Array<ArrayBuffer> {
  const normals = new Float32Array(positions.length);
  for (let i = 0; i + 2 < triangles.length; i += 3) addFace(positions, normals, triangles, i);
  for (let i = 0; i < normals.length; i += 3) {
    const length = Math.hypot(normals[i]!, normals[i + 1]!, normals[i + 2]!);
    for (let axis = 0; axis < 3; axis += 1)
      normals[i + axis] = length > 0 ? normals[i + axis]! / length : axis === 1 ? 1 : 0;
  }
  return normals;
}

function addFace(positions: Float32Array, normals: Float32Array, triangles: ArrayLike<number>, i: number): void {
  const [a, b, c] = [triangles[i]! * 3, triangles[i + 1]! * 3, triangles[i + 2]! * 3];
  const along = (axis: number, to: number) => positions[to + axis]! - positions[a + axis]!;
  const [ux, uy, uz] = [along(0, b), along(1, b), along(2, b)];
  const [vx, vy, vz] = [along(0, c), along(1, c), along(2, c)];
  const normal = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
  for (const corner of [a, b, c]) for (let axis = 0; axis < 3; axis += 1) normals[corner + axis]! += normal[axis]!;
}

/** The vertices that triangles use, and the triangles in terms of them. */
export interface UsedVertices {
  /** The file's index of each used vertex. */
  readonly vertices: readonly number[];
  /** Whole texture tiles to subtract from the coordinates of each, u v. */
  readonly tiles: readonly number[];
  /** Triangles at each level of the file, fine to coarse. */
  readonly levels: readonly number[][];
}

/** Tiles farther out than this count as mistakes. */
const TILES_MAX = 64;
/** Coordinates this close to a tile's border belong to the tile. */
const BORDER = 1e-3;

/** The tile of a triangle's coordinates. */
function tileOf(uvs: Float32Array, [a, b, c]: readonly [number, number, number], axis: number): number {
  const least = Math.min(uvs[a * 2 + axis]!, uvs[b * 2 + axis]!, uvs[c * 2 + axis]!);
  return Math.min(TILES_MAX, Math.max(-TILES_MAX, Math.floor(least + BORDER)));
}

/** Finds used vertices; one that is shared by triangles of two texture tiles becomes two. */
class VertexPicker {
  readonly vertices: number[] = [];
  readonly tiles: number[] = [];
  private readonly places = new Map<number, number>();

  /** `uvs`: null if tiles don't matter. */
  constructor(private readonly uvs: Float32Array | null) {}

  pick(indices: Uint32Array): number[] {
    const picked: number[] = [];
    for (let i = 0; i + 2 < indices.length; i += 3) {
      const corners = [indices[i]!, indices[i + 1]!, indices[i + 2]!] as const;
      const u = this.uvs ? tileOf(this.uvs, corners, 0) : 0;
      const v = this.uvs ? tileOf(this.uvs, corners, 1) : 0;
      for (const corner of corners) picked.push(this.placeOf(corner, u, v));
    }
    return picked;
  }

  private placeOf(vertex: number, u: number, v: number): number {
    const key = (vertex * 256 + u + TILES_MAX) * 256 + v + TILES_MAX;
    const known = this.places.get(key);
    if (known !== undefined) return known;
    this.places.set(key, this.vertices.length);
    this.tiles.push(u, v);
    return this.vertices.push(vertex) - 1;
  }
}

function inOrder(count: number): Uint32Array {
  return Uint32Array.from({ length: count - (count % 3) }, (_, index) => index);
}

/** Picks the vertices that a primitive's triangles use. @throws AvatarFileError `bounds` */
export function usedVertices(
  { accessors }: Gltf,
  budget: DecodeBudget,
  primitive: Primitive,
  uvs: Float32Array | null,
  where: string,
): UsedVertices {
  const { count } = accessors[primitive.position]!;
  const picker = new VertexPicker(uvs);
  const indices = (accessor: number) => indicesOf(budget.read(accessors[accessor]!), count, where);
  const fine = primitive.indices < 0 ? inOrder(count) : indices(primitive.indices);
  const levels = [fine, ...primitive.levels.map(indices)].map((level) => picker.pick(level));
  return { vertices: picker.vertices, tiles: picker.tiles, levels };
}
