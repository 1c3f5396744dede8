import type { AvatarSpec } from '../avatarSpec';

export const bo: AvatarSpec = {
  key: 'bo',
  name: 'Bo',
  hair: 'swept',
  outfit: 'hoodie',
  build: { shoulders: 1.04, chest: 1.02, waist: 1, pelvis: 0.98, legs: 1.02 },
  face: { width: 1, chin: 1.04, browThickness: 0.006, lashes: 0, lips: 0.1, irisRadius: 0.0282, blush: 0.5 },
  palette: {
    skin: '#f0c6a2',
    hair: '#5f4030',
    top: '#5b80ad',
    trim: '#42628c',
    trousers: '#434754',
    shoe: '#f0ebe2',
    sole: '#fffdf8',
    sclera: '#fbf8f4',
    iris: '#8a5c35',
    pupil: '#241a19',
    mouth: '#7a2b34',
    tongue: '#e08078',
    white: '#fffdf8',
    lip: '#b8665a',
    brow: '#452c20',
    accent: '#e8734a',
  },
};
