import {
  type BufferAttribute,
  type BufferGeometry,
  DataArrayTexture,
  DataUtils,
  HalfFloatType,
  type InterleavedBufferAttribute,
} from 'three';
import { ARKIT_COUNT } from '@/lib/pose/arkit';

type Attribute = BufferAttribute | InterleavedBufferAttribute;

const WIDTH = 1024;
const TEXEL = 4;

/** How each ARKit blendshape moves each vertex of a mesh, as a texture that all levels and instances share. */
export interface MorphTargets {
  /**
   * A layer for each blendshape with `texelsPerVertex` texels for each vertex, row after row: its offset, then that of
   * the normal. Half floats suffice: a blendshape moves a vertex by some centimetres, which they keep to hundredths of
   * a millimetre.
   */
  readonly texture: DataArrayTexture;
  readonly texelsPerVertex: 1 | 2;
}

/**
 * Writes the morph targets of `geometry` (offsets from the neutral face, as in glTF) into a texture. `arkitMorphs` is
 * the target of each blendshape, -1 for none.
 */
export function createMorphTargets(geometry: BufferGeometry, arkitMorphs: readonly number[]): MorphTargets | null {
  const { position, normal } = geometry.morphAttributes;
  if (!position || arkitMorphs.length === 0) return null;
  const texelsPerVertex = normal ? 2 : 1;
  const height = Math.ceil((geometry.attributes.position!.count * texelsPerVertex) / WIDTH);
  const layerLength = WIDTH * height * TEXEL;
  const data = new Uint16Array(layerLength * ARKIT_COUNT);
  arkitMorphs.forEach((target, layer) => {
    if (target < 0) return;
    const at = layer * layerLength;
    writeTarget(position[target]!, data, at, texelsPerVertex * TEXEL);
    if (normal) writeTarget(normal[target]!, data, at + TEXEL, texelsPerVertex * TEXEL);
  });
  const texture = new DataArrayTexture(data, WIDTH, height, ARKIT_COUNT);
  texture.type = HalfFloatType;
  texture.needsUpdate = true;
  return { texture, texelsPerVertex };
}

function writeTarget(target: Attribute, out: Uint16Array, at: number, stride: number): void {
  for (let vertex = 0; vertex < target.count; vertex += 1) {
    const to = at + vertex * stride;
    out[to] = DataUtils.toHalfFloat(target.getX(vertex));
    out[to + 1] = DataUtils.toHalfFloat(target.getY(vertex));
    out[to + 2] = DataUtils.toHalfFloat(target.getZ(vertex));
  }
}
