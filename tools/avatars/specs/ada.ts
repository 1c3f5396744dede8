import { paletteOf } from '@/lib/core/avatarSwatches';
import type { AvatarSpec } from '../avatarSpec';

export const ada: AvatarSpec = {
  key: 'ada',
  name: 'Ada',
  hair: 'bob',
  outfit: 'blazer',
  build: { shoulders: 0.97, chest: 0.95, waist: 0.92, pelvis: 1, legs: 0.94, stature: 0.99 },
  face: {
    width: 0.98,
    chin: 0.95,
    browThickness: 0.0046,
    lashes: 1,
    lips: 0.9,
    irisRadius: 0.0284,
    eyeHeight: 1,
    eyeTilt: 0.003,
    nose: 0.95,
    noseWidth: 1,
    jaw: 1,
    age: 0,
    blush: 0.6,
  },
  palette: paletteOf('ada'),
};
