import { type Material, MeshLambertMaterial, type MeshLambertMaterialParameters } from 'three';

/** Makes the matte material furniture is drawn with. */
export type CreateMaterial = (parameters: MeshLambertMaterialParameters) => Material;

export const createPlainMaterial: CreateMaterial = (parameters) => new MeshLambertMaterial(parameters);
