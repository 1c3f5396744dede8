import type { AvatarSpec } from '../avatarSpec';

export const cleo: AvatarSpec = {
  key: 'cleo',
  name: 'Cleo',
  hair: 'bun',
  outfit: 'sweater',
  build: { shoulders: 0.98, chest: 0.97, waist: 0.95, pelvis: 1.02, legs: 0.96 },
  face: { width: 1, chin: 0.97, browThickness: 0.005, lashes: 0.9, lips: 1, irisRadius: 0.0286, blush: 0.55 },
  palette: {
    skin: '#a87150',
    hair: '#453229',
    top: '#e07a4c',
    trim: '#fbeedb',
    trousers: '#4b5a63',
    shoe: '#f3e3c8',
    sole: '#fffaf0',
    sclera: '#f7f1ea',
    iris: '#80512c',
    pupil: '#1f1614',
    mouth: '#5e2226',
    tongue: '#d8766e',
    white: '#fffdf8',
    lip: '#c4635a',
    brow: '#2a1d18',
    accent: '#f2c98a',
  },
};
