import type { AvatarSpec } from '../avatarSpec';

export const ada: AvatarSpec = {
  key: 'ada',
  name: 'Ada',
  hair: 'bob',
  outfit: 'blazer',
  build: { shoulders: 0.97, chest: 0.95, waist: 0.92, pelvis: 1, legs: 0.94 },
  face: { width: 0.98, chin: 0.95, browThickness: 0.0046, lashes: 1, lips: 0.9, irisRadius: 0.0284, blush: 0.6 },
  palette: {
    skin: '#f6d3b8',
    hair: '#a8502f',
    top: '#39435a',
    trim: '#f6efe2',
    trousers: '#6f5f52',
    shoe: '#4a3630',
    sole: '#2a2120',
    sclera: '#fbf8f4',
    iris: '#5f9a70',
    pupil: '#2a1d1c',
    mouth: '#7a2b34',
    tongue: '#e08078',
    white: '#fffdf8',
    lip: '#c8645a',
    brow: '#74351f',
    accent: '#d9b46a',
  },
};
