import { paletteOf } from '@/lib/core/avatarSwatches';
import type { AvatarSpec } from '../avatarSpec';

export const emi: AvatarSpec = {
  key: 'emi',
  name: 'Emi',
  hair: 'ponytail',
  outfit: 'dungarees',
  glasses: true,
  build: { shoulders: 0.93, chest: 0.92, waist: 0.9, pelvis: 0.97, legs: 0.94, stature: 0.94 },
  face: {
    width: 1.02,
    chin: 0.92,
    browThickness: 0.0042,
    lashes: 0.5,
    lips: 0.6,
    irisRadius: 0.0272,
    eyeHeight: 0.9,
    eyeTilt: 0.006,
    nose: 0.85,
    noseWidth: 1.05,
    jaw: 1.03,
    age: 0,
    blush: 0.7,
  },
  palette: paletteOf('emi'),
};
