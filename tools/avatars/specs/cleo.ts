import { paletteOf } from '@/lib/core/avatarSwatches';
import type { AvatarSpec } from '../avatarSpec';

export const cleo: AvatarSpec = {
  key: 'cleo',
  name: 'Cleo',
  hair: 'bun',
  outfit: 'sweater',
  build: { shoulders: 0.98, chest: 0.97, waist: 0.95, pelvis: 1.02, legs: 0.96, stature: 0.98 },
  face: {
    width: 1,
    chin: 0.97,
    browThickness: 0.005,
    lashes: 0.9,
    lips: 1,
    irisRadius: 0.0286,
    eyeHeight: 1,
    eyeTilt: 0.004,
    nose: 1,
    noseWidth: 1.15,
    jaw: 0.98,
    age: 0,
    blush: 0.55,
  },
  palette: paletteOf('cleo'),
};
