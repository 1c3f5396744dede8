import { paletteOf } from '@/lib/core/avatarSwatches';
import type { AvatarSpec } from '../avatarSpec';

export const bo: AvatarSpec = {
  key: 'bo',
  name: 'Bo',
  hair: 'swept',
  outfit: 'hoodie',
  build: { shoulders: 1.04, chest: 1.02, waist: 1, pelvis: 0.98, legs: 1.02, stature: 1.03 },
  face: {
    width: 1,
    chin: 1.04,
    browThickness: 0.006,
    lashes: 0,
    lips: 0.1,
    irisRadius: 0.0282,
    eyeHeight: 0.98,
    eyeTilt: 0,
    nose: 1,
    noseWidth: 1,
    jaw: 1,
    age: 0,
    blush: 0.5,
  },
  palette: paletteOf('bo'),
};
