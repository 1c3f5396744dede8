import { paletteOf } from '@/lib/core/avatarSwatches';
import type { AvatarSpec } from '../avatarSpec';

export const gus: AvatarSpec = {
  key: 'gus',
  name: 'Gus',
  hair: 'ring',
  outfit: 'cardigan',
  beard: 0.014,
  build: { shoulders: 1.08, chest: 1.16, waist: 1.32, pelvis: 1.16, legs: 1.1, stature: 1 },
  face: {
    width: 1.03,
    chin: 1.1,
    browThickness: 0.0078,
    lashes: 0,
    lips: 0.2,
    irisRadius: 0.0252,
    eyeHeight: 0.84,
    eyeTilt: -0.003,
    nose: 1.3,
    noseWidth: 1.12,
    jaw: 1.06,
    age: 1,
    blush: 0.8,
  },
  palette: paletteOf('gus'),
};
