import { Color, type Material, MeshLambertMaterial, type MeshStandardMaterial } from 'three';
import type { AvatarSurface } from './avatarSource';

/** Brightness of somebody fully dimmed. */
export const DIM_BRIGHTNESS = 0.5;

/** Makes the material avatars are drawn with; its program must come of three's Lambert shader. */
export type CreateAvatarMaterial = (surface: AvatarSurface) => Material;

export const createPlainMaterial: CreateAvatarMaterial = (surface) => new MeshLambertMaterial(surface);

/** Map and colours of `source`. MToon and PBR alike become matte. */
export function matteSurface(source: Material): AvatarSurface {
  const from = source as Partial<MeshStandardMaterial>;
  return {
    name: source.name,
    map: from.map ?? null,
    color: from.color?.clone() ?? new Color(1, 1, 1),
    vertexColors: source.vertexColors,
    transparent: source.transparent,
    alphaTest: source.alphaTest,
    side: source.side,
  };
}
