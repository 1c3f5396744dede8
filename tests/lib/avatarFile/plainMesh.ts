import type { BufferGeometry } from 'three';

/** The arrays of a geometry, in the form that clustering takes. */
export function plainMesh({ attributes, index }: BufferGeometry) {
  return {
    mesh: {
      positions: attributes.position!.array as Float32Array<ArrayBuffer>,
      uvs: (attributes.uv?.array as Float32Array<ArrayBuffer> | undefined) ?? null,
    },
    triangles: Uint32Array.from(index!.array),
  };
}
