import { type BufferAttribute, BufferGeometry } from 'three';

/** Texture coordinates closer than this share a colour of the palette. */
const UV_CELL = 1 / 64;

/** A number for the cell a vertex falls in: place, and colour so that borders between garments stay. */
function cellKey(geometry: BufferGeometry, vertex: number, cellSize: number): string {
  const { position, uv } = geometry.attributes;
  const x = Math.round(position!.getX(vertex) / cellSize);
  const y = Math.round(position!.getY(vertex) / cellSize);
  const z = Math.round(position!.getZ(vertex) / cellSize);
  const color = uv ? `${Math.floor(uv.getX(vertex) / UV_CELL)},${Math.floor(uv.getY(vertex) / UV_CELL)}` : '';
  return `${x},${y},${z},${color}`;
}

/** The vertex that stands for each vertex's cell: the first that fell in. */
function representatives(geometry: BufferGeometry, cellSize: number): Uint32Array {
  const first = new Map<string, number>();
  const count = geometry.attributes.position!.count;
  return Uint32Array.from({ length: count }, (_, vertex) => {
    const key = cellKey(geometry, vertex, cellSize);
    const known = first.get(key) ?? vertex;
    first.set(key, known);
    return known;
  });
}

/**
 * Triangles of a coarser version of `geometry`: vertices within a cell of `cellSize` metres fall together (vertex
 * clustering, Rossignac and Borrel 1993). Only the index is new, so the coarse mesh shares every vertex buffer.
 */
export function coarseIndex(geometry: BufferGeometry, cellSize: number): number[] {
  const index = geometry.index;
  if (!index) return [];
  const standsFor = representatives(geometry, cellSize);
  const kept: number[] = [];
  for (let i = 0; i < index.count; i += 3) {
    const a = standsFor[index.getX(i)]!;
    const b = standsFor[index.getX(i + 1)]!;
    const c = standsFor[index.getX(i + 2)]!;
    if (a !== b && b !== c && c !== a) kept.push(a, b, c);
  }
  return kept;
}

/** A geometry with the same vertex buffers and a coarser index; the same geometry where it has no index. */
export function coarseGeometry(geometry: BufferGeometry, cellSize: number): BufferGeometry {
  return geometry.index ? withIndex(geometry, coarseIndex(geometry, cellSize)) : geometry;
}

/** A geometry with the same vertex buffers and morphs, and another index. */
export function withIndex(geometry: BufferGeometry, index: BufferAttribute | number[]): BufferGeometry {
  const other = new BufferGeometry();
  for (const [name, attribute] of Object.entries(geometry.attributes)) other.setAttribute(name, attribute);
  other.morphAttributes = geometry.morphAttributes;
  other.morphTargetsRelative = geometry.morphTargetsRelative;
  other.setIndex(index);
  return other;
}
