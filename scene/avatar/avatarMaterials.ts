import {
  Color,
  type Material,
  MeshLambertMaterial,
  type MeshLambertMaterialParameters,
  type MeshStandardMaterial,
} from 'three';

/** Steps from full colour to fully dimmed. */
export const DIM_STEPS = 5;

const DIM_BRIGHTNESS = 0.5;

/** Makes the material avatars are drawn with. */
export type CreateAvatarMaterial = (parameters: MeshLambertMaterialParameters) => Material;

export const createPlainMaterial: CreateAvatarMaterial = (parameters) => new MeshLambertMaterial(parameters);

/** Matte materials with the map and colours of `source`, from full colour to dimmed. MToon and PBR alike become matte. */
export function matteMaterials(source: Material, create: CreateAvatarMaterial): Material[] {
  const from = source as Partial<MeshStandardMaterial>;
  const base = from.color ?? new Color(1, 1, 1);
  return Array.from({ length: DIM_STEPS }, (_, step) => {
    const brightness = 1 - (1 - DIM_BRIGHTNESS) * (step / (DIM_STEPS - 1));
    return create({
      name: source.name,
      map: from.map ?? null,
      color: base.clone().multiplyScalar(brightness),
      vertexColors: source.vertexColors,
      transparent: source.transparent,
      alphaTest: source.alphaTest,
      side: source.side,
    });
  });
}
