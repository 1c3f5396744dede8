import type { Palette } from './avatarPalette';
import type { AvatarKey } from './avatars';

/** A skin: its colour, and the lips, inner mouth and eye whites that go with it. */
export type SkinSwatch = Pick<Palette, 'skin' | 'lip' | 'mouth' | 'tongue' | 'sclera'>;

/** Hair and the brows that go with it. */
export type HairSwatch = Pick<Palette, 'hair' | 'brow'>;

/** Clothes; `accent` is what stands out: buttons, a hair tie, the frame of glasses, a headscarf. */
export type ClothesSwatch = Pick<Palette, 'top' | 'trim' | 'trousers' | 'shoe' | 'sole' | 'accent'>;

const LIGHT_MOUTH = { mouth: '#7a2b34', tongue: '#e08078', sclera: '#fbf8f4' } as const;
const DARK_MOUTH = { mouth: '#561f23', tongue: '#d4726c', sclera: '#f6f0e8' } as const;

/** Skins from light to dark. Lips keep their contrast: rosier on light skin, deeper and redder on dark. */
export const SKINS = {
  porcelain: { skin: '#f6d3b8', lip: '#c8645a', ...LIGHT_MOUTH },
  rose: { skin: '#eebfa4', lip: '#bd5d54', ...LIGHT_MOUTH },
  sand: { skin: '#f0c6a2', lip: '#b8665a', ...LIGHT_MOUTH },
  honey: { skin: '#e2b088', lip: '#b25a4e', ...LIGHT_MOUTH },
  olive: { skin: '#cf9c74', lip: '#a9504a', ...LIGHT_MOUTH },
  amber: { skin: '#b98058', lip: '#ab4e48', ...DARK_MOUTH },
  umber: { skin: '#a06a49', lip: '#943a3c', ...DARK_MOUTH },
  cocoa: { skin: '#84553b', lip: '#b8605a', ...DARK_MOUTH },
  ebony: { skin: '#64402f', lip: '#a9585a', ...DARK_MOUTH },
} as const satisfies Record<string, SkinSwatch>;

/** Colours of hair. */
export const HAIRS = {
  black: { hair: '#3a3130', brow: '#1f1614' },
  espresso: { hair: '#4a362e', brow: '#2a1d18' },
  chestnut: { hair: '#5f4030', brow: '#452c20' },
  auburn: { hair: '#7d3c26', brow: '#552818' },
  copper: { hair: '#a8502f', brow: '#74351f' },
  wheat: { hair: '#c99a5f', brow: '#8f6638' },
  silver: { hair: '#b9b4ae', brow: '#8d857d' },
  white: { hair: '#e6e0d8', brow: '#b3a99d' },
} as const satisfies Record<string, HairSwatch>;

export type SkinName = keyof typeof SKINS;
export type HairName = keyof typeof HAIRS;

const CREAM = { shoe: '#f0ebe2', sole: '#fffdf8' } as const;
const LEATHER = { shoe: '#4a3630', sole: '#2a2120' } as const;
const CANVAS = { shoe: '#3b4250', sole: '#f2ede4' } as const;

/** The clothes of each avatar, its default first. */
export const CLOTHES = {
  ada: {
    navy: { top: '#39435a', trim: '#f6efe2', trousers: '#6f5f52', accent: '#d9b46a', ...LEATHER },
    plum: { top: '#5d3a4e', trim: '#f3e6da', trousers: '#3f3a44', accent: '#d9b46a', ...LEATHER },
    moss: { top: '#5c6748', trim: '#f6efe2', trousers: '#4c443c', accent: '#c98b4d', ...LEATHER },
    camel: { top: '#b98d5e', trim: '#fbf6ec', trousers: '#39435a', accent: '#4a3630', ...LEATHER },
  },
  bo: {
    denim: { top: '#5b80ad', trim: '#42628c', trousers: '#434754', accent: '#e8734a', ...CREAM },
    brick: { top: '#b8583f', trim: '#8f3f2c', trousers: '#4a4a50', accent: '#f0c77e', ...CREAM },
    oat: { top: '#d8c7ab', trim: '#b9a482', trousers: '#46525c', accent: '#b8583f', ...CANVAS },
    ink: { top: '#3a4152', trim: '#2a2f3c', trousers: '#7a6d5f', accent: '#e8734a', ...CREAM },
  },
  cleo: {
    persimmon: { top: '#e07a4c', trim: '#fbeedb', trousers: '#4b5a63', accent: '#f2c98a', ...CREAM },
    lilac: { top: '#9d8bb8', trim: '#f5eef7', trousers: '#4a4a5c', accent: '#f0b7a0', ...CREAM },
    teal: { top: '#3f8085', trim: '#f4ead6', trousers: '#5b4f48', accent: '#f0a860', ...CREAM },
    berry: { top: '#a8445a', trim: '#f8e4dc', trousers: '#3e4450', accent: '#f2c98a', ...CANVAS },
  },
  dayo: {
    fern: { top: '#5b9478', trim: '#3f7259', trousers: '#55504a', accent: '#e8a94a', ...CREAM },
    mustard: { top: '#d29a3c', trim: '#a87524', trousers: '#3f4650', accent: '#3f7259', ...CREAM },
    cobalt: { top: '#3f62a8', trim: '#2d4880', trousers: '#55504a', accent: '#e8a94a', ...CREAM },
    stone: { top: '#c9c2b6', trim: '#a29a8c', trousers: '#3c4a44', accent: '#e0784a', ...CANVAS },
  },
  emi: {
    sky: { top: '#f4ead8', trim: '#d8654a', trousers: '#557aa0', accent: '#3a2b2b', ...CREAM },
    rust: { top: '#f4ead8', trim: '#3f6f78', trousers: '#b0603c', accent: '#3a2b2b', ...CREAM },
    forest: { top: '#f2dfc4', trim: '#b98a3e', trousers: '#4c6650', accent: '#8a3f2e', ...CANVAS },
    rose: { top: '#fbf1e8', trim: '#8a97b4', trousers: '#c98590', accent: '#4a3a50', ...CREAM },
  },
  farah: {
    jade: { top: '#4f8a86', trim: '#f1e2c4', trousers: '#5a5048', accent: '#e6c9a4', shoe: '#8a5a44', sole: '#4a3028' },
    wine: { top: '#7e3f52', trim: '#e8c9a8', trousers: '#453a40', accent: '#d9a9a4', shoe: '#5a3a34', sole: '#3a2622' },
    dusk: { top: '#6f7ba8', trim: '#efe6f2', trousers: '#4a4c60', accent: '#39456e', shoe: '#4a4c60', sole: '#2c2e3c' },
    sage: { top: '#a9b08a', trim: '#fbf3df', trousers: '#6a5c4c', accent: '#8c5a3c', shoe: '#6a4a38', sole: '#42302a' },
  },
  gus: {
    heather: { top: '#8a6f7c', trim: '#6e5562', trousers: '#55606c', accent: '#f0e2c4', ...LEATHER },
    pine: { top: '#4a6a58', trim: '#385244', trousers: '#7a6a56', accent: '#e6cf9c', ...LEATHER },
    ochre: { top: '#c08a44', trim: '#9c6c30', trousers: '#4c4640', accent: '#4a3630', ...LEATHER },
    slate: { top: '#5a6678', trim: '#465060', trousers: '#6c5c50', accent: '#e2d6c2', ...LEATHER },
  },
  hari: {
    apricot: { top: '#ecb678', trim: '#fbf2e2', trousers: '#3f4c60', accent: '#8a4a34', ...CANVAS },
    chalk: { top: '#eae4da', trim: '#8a7c6c', trousers: '#5d6b58', accent: '#8a4a34', ...LEATHER },
    marine: { top: '#4a78a0', trim: '#f4efe4', trousers: '#c2ab8a', accent: '#f0e2c4', ...LEATHER },
    fig: { top: '#7a5070', trim: '#f2e0e0', trousers: '#454650', accent: '#e8b07a', ...CREAM },
  },
} as const satisfies Record<AvatarKey, Record<string, ClothesSwatch>>;

/** Names of the clothes that an avatar can wear. */
export type ClothesName<Key extends AvatarKey = AvatarKey> = Key extends AvatarKey
  ? keyof (typeof CLOTHES)[Key]
  : never;

/** Avatars whose hair is covered: its colour shows in their brows alone. */
export const HAIR_COVERED: ReadonlySet<AvatarKey> = new Set<AvatarKey>(['farah']);

/** The swatches chosen for an avatar, by name. */
export interface AvatarLook<Key extends AvatarKey = AvatarKey> {
  readonly skin: SkinName;
  readonly hair: HairName;
  readonly clothes: ClothesName<Key>;
}

/** The default swatches of each avatar. */
export const DEFAULT_LOOKS = {
  ada: { skin: 'porcelain', hair: 'copper', clothes: 'navy' },
  bo: { skin: 'sand', hair: 'chestnut', clothes: 'denim' },
  cleo: { skin: 'umber', hair: 'espresso', clothes: 'persimmon' },
  dayo: { skin: 'cocoa', hair: 'black', clothes: 'fern' },
  emi: { skin: 'honey', hair: 'black', clothes: 'sky' },
  farah: { skin: 'olive', hair: 'espresso', clothes: 'jade' },
  gus: { skin: 'rose', hair: 'white', clothes: 'heather' },
  hari: { skin: 'amber', hair: 'black', clothes: 'apricot' },
} as const satisfies { readonly [Key in AvatarKey]: AvatarLook<Key> };

/** Eyes cannot be chosen. Brown ones on dark skin are lighter than in life, so that a glance is seen. */
const IRISES: Readonly<Record<AvatarKey, string>> = {
  ada: '#5f9a70',
  bo: '#8a5c35',
  cleo: '#96602f',
  dayo: '#8f5a2c',
  emi: '#74492e',
  farah: '#7a7a3c',
  gus: '#6f9cbc',
  hari: '#865228',
};

/** The palette of an avatar with chosen swatches; one that it does not have (another avatar's clothes) becomes its default. */
export function paletteOf(key: AvatarKey, look: AvatarLook = DEFAULT_LOOKS[key]): Palette {
  const wardrobe: Readonly<Record<string, ClothesSwatch>> = CLOTHES[key];
  const clothes = wardrobe[look.clothes] ?? wardrobe[DEFAULT_LOOKS[key].clothes]!;
  const eyes = { iris: IRISES[key], pupil: '#221817', white: '#fffdf8' };
  return { ...SKINS[look.skin], ...HAIRS[look.hair], ...clothes, ...eyes };
}
