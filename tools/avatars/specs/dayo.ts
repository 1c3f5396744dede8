import { paletteOf } from '@/lib/core/avatarSwatches';
import type { AvatarSpec } from '../avatarSpec';

export const dayo: AvatarSpec = {
  key: 'dayo',
  name: 'Dayo',
  hair: 'crop',
  outfit: 'hoodie',
  build: { shoulders: 1.06, chest: 1.04, waist: 1, pelvis: 0.98, legs: 1.04, stature: 1.04 },
  face: {
    width: 0.99,
    chin: 1.08,
    browThickness: 0.0062,
    lashes: 0,
    lips: 0.8,
    irisRadius: 0.028,
    eyeHeight: 0.95,
    eyeTilt: 0.001,
    nose: 1.05,
    noseWidth: 1.3,
    jaw: 1.02,
    age: 0,
    blush: 0.35,
  },
  palette: paletteOf('dayo'),
};
