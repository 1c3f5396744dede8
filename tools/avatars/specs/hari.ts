import { paletteOf } from '@/lib/core/avatarSwatches';
import type { AvatarSpec } from '../avatarSpec';

export const hari: AvatarSpec = {
  key: 'hari',
  name: 'Hari',
  hair: 'curls',
  outfit: 'shirt',
  beard: 0.0045,
  build: { shoulders: 1.03, chest: 1, waist: 0.96, pelvis: 0.96, legs: 1, stature: 1.05 },
  face: {
    width: 0.97,
    chin: 1.06,
    browThickness: 0.0068,
    lashes: 0.2,
    lips: 0.5,
    irisRadius: 0.0276,
    eyeHeight: 0.95,
    eyeTilt: 0.002,
    nose: 1.12,
    noseWidth: 1,
    jaw: 0.97,
    age: 0,
    blush: 0.4,
  },
  palette: paletteOf('hari'),
};
