import { paletteOf } from '@/lib/core/avatarSwatches';
import type { AvatarSpec } from '../avatarSpec';

export const farah: AvatarSpec = {
  key: 'farah',
  name: 'Farah',
  hair: 'hijab',
  outfit: 'tunic',
  build: { shoulders: 0.97, chest: 1, waist: 1, pelvis: 1.04, legs: 1, stature: 0.97 },
  face: {
    width: 0.97,
    chin: 0.98,
    browThickness: 0.0054,
    lashes: 1,
    lips: 0.85,
    irisRadius: 0.0284,
    eyeHeight: 0.98,
    eyeTilt: 0.005,
    nose: 1.02,
    noseWidth: 0.95,
    jaw: 0.97,
    age: 0,
    blush: 0.55,
  },
  palette: paletteOf('farah'),
};
