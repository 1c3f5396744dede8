import { BufferAttribute, type BufferGeometry, type Object3D, SkinnedMesh } from 'three';
import type { GLTF } from 'three/addons/loaders/GLTFLoader.js';

/** Coarser indices that a file brings for its geometries, fine to coarse. */
export type FileLevels = ReadonlyMap<BufferGeometry, readonly BufferAttribute[]>;

export const NO_LEVELS: FileLevels = new Map();

/**
 * Reads the levels of detail that our own generator writes: accessors of coarser triangles over the same vertices, named
 * in a primitive's `extras.levels`. What isn't of that form counts as no levels.
 */
export async function readFileLevels(gltf: GLTF): Promise<FileLevels> {
  const levels = new Map<BufferGeometry, BufferAttribute[]>();
  for (const geometry of geometriesOf(gltf.scene)) {
    const indices = await indicesOf(gltf, geometry);
    if (indices.length > 0) levels.set(geometry, indices);
  }
  return levels;
}

function geometriesOf(root: Object3D): Set<BufferGeometry> {
  const geometries = new Set<BufferGeometry>();
  root.traverse((node) => {
    if (node instanceof SkinnedMesh) geometries.add(node.geometry as BufferGeometry);
  });
  return geometries;
}

async function indicesOf({ parser }: GLTF, geometry: BufferGeometry): Promise<BufferAttribute[]> {
  const named: unknown = geometry.userData.levels;
  if (!Array.isArray(named)) return [];
  const count: number = parser.json.accessors.length;
  const accessors = named.filter((accessor) => Number.isInteger(accessor) && accessor >= 0 && accessor < count);
  const indices: unknown[] = await Promise.all(accessors.map((accessor) => parser.getDependency('accessor', accessor)));
  return indices.every((index) => isIndexOf(index, geometry)) ? (indices as BufferAttribute[]) : [];
}

/** Whether `index` is whole triangles of vertices that `geometry` has. */
function isIndexOf(index: unknown, geometry: BufferGeometry): boolean {
  if (!(index instanceof BufferAttribute) || index.itemSize !== 1 || index.count % 3 !== 0) return false;
  if (!(index.array instanceof Uint16Array || index.array instanceof Uint32Array)) return false;
  const vertices = geometry.attributes.position?.count ?? 0;
  return index.array.every((vertex) => vertex < vertices);
}
