import { type Material, MeshLambertMaterial } from 'three';
import type { AvatarSurface } from './avatarSource';

/** Brightness of somebody fully dimmed. */
export const DIM_BRIGHTNESS = 0.5;

/** Makes the material avatars are drawn with; its program must come of three's Lambert shader. */
export type CreateAvatarMaterial = (surface: AvatarSurface) => Material;

export const createPlainMaterial: CreateAvatarMaterial = (surface) => new MeshLambertMaterial(surface);
