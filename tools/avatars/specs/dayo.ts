import type { AvatarSpec } from '../avatarSpec';

export const dayo: AvatarSpec = {
  key: 'dayo',
  name: 'Dayo',
  hair: 'crop',
  outfit: 'hoodie',
  build: { shoulders: 1.06, chest: 1.04, waist: 1, pelvis: 0.98, legs: 1.04 },
  face: { width: 0.99, chin: 1.08, browThickness: 0.0062, lashes: 0, lips: 0.6, irisRadius: 0.0284, blush: 0.35 },
  palette: {
    skin: '#87583d',
    hair: '#382a24',
    top: '#5b9478',
    trim: '#3f7259',
    trousers: '#55504a',
    shoe: '#e9e3d8',
    sole: '#fffaf0',
    sclera: '#f6f0e8',
    iris: '#6f4526',
    pupil: '#1b1312',
    mouth: '#4e1d20',
    tongue: '#cc6b66',
    white: '#fffdf8',
    lip: '#b06a59',
    brow: '#1f1512',
    accent: '#e8a94a',
  },
};
