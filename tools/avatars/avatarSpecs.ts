import { paletteOf } from '@/lib/core/avatarSwatches';
import type { AvatarKey } from '@/lib/core/avatars';
import type { Palette } from './part';

export type HairStyle = 'bob' | 'swept' | 'bun' | 'crop' | 'ponytail' | 'hijab' | 'ring' | 'curls';
export type Outfit = 'blazer' | 'hoodie' | 'sweater' | 'dungarees' | 'tunic' | 'cardigan' | 'shirt';

/** Factors on the shared build; 1 is the middle. */
export interface Build {
  readonly shoulders: number;
  readonly chest: number;
  readonly waist: number;
  readonly pelvis: number;
  readonly legs: number;
  /** Factor on everything, head to toe. */
  readonly stature: number;
}

export interface FaceSpec {
  /** Factor on the head's width. */
  readonly width: number;
  /** Factor on the chin's width. */
  readonly chin: number;
  /** Half thickness of a brow (m). */
  readonly browThickness: number;
  /** 0 plain to 1 long and winged. */
  readonly lashes: number;
  /** 0 thin to 1 full. */
  readonly lips: number;
  /** Radius of the iris (m). */
  readonly irisRadius: number;
  /** Factor on the height of the eyes. */
  readonly eyeHeight: number;
  /** Height (m) of the outer corner of an eye above the inner one. */
  readonly eyeTilt: number;
  /** Factors on the nose: its size, and in addition its width. */
  readonly nose: number;
  readonly noseWidth: number;
  /** Factor on the lower cheeks' width. */
  readonly jaw: number;
  /** 0 smooth to 1 lined: folds beside the mouth, lines on the forehead and under the eyes. */
  readonly age: number;
  /** Strength of the blush on cheeks and nose, 0..1. */
  readonly blush: number;
}

/** Everything that distinguishes one default avatar; data only. */
export interface AvatarSpec {
  readonly key: AvatarKey;
  readonly name: string;
  readonly hair: HairStyle;
  readonly outfit: Outfit;
  /** Thickness (m) of the beard; absent for none. */
  readonly beard?: number;
  readonly glasses?: boolean;
  readonly build: Build;
  readonly face: FaceSpec;
  readonly palette: Palette;
}

const ada: AvatarSpec = {
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

const bo: AvatarSpec = {
  key: 'bo',
  name: 'Bo',
  hair: 'swept',
  outfit: 'hoodie',
  build: { shoulders: 1.04, chest: 1.02, waist: 1, pelvis: 0.98, legs: 1.02, stature: 1.03 },
  face: {
    width: 1,
    chin: 1.04,
    browThickness: 0.006,
    lashes: 0,
    lips: 0.1,
    irisRadius: 0.0282,
    eyeHeight: 0.98,
    eyeTilt: 0,
    nose: 1,
    noseWidth: 1,
    jaw: 1,
    age: 0,
    blush: 0.5,
  },
  palette: paletteOf('bo'),
};

const cleo: AvatarSpec = {
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

const dayo: AvatarSpec = {
  key: 'dayo',
  name: 'Dayo',
  hair: 'crop',
  outfit: 'hoodie',
  build: { shoulders: 1.06, chest: 1.04, waist: 1, pelvis: 0.98, legs: 1.04, stature: 1.04 },
  face: {
    width: 0.99,
    chin: 1.08,
    browThickness: 0.0062,
    lashes: 0,
    lips: 0.8,
    irisRadius: 0.028,
    eyeHeight: 0.95,
    eyeTilt: 0.001,
    nose: 1.05,
    noseWidth: 1.3,
    jaw: 1.02,
    age: 0,
    blush: 0.35,
  },
  palette: paletteOf('dayo'),
};

const emi: AvatarSpec = {
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

const farah: AvatarSpec = {
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

const gus: AvatarSpec = {
  key: 'gus',
  name: 'Gus',
  hair: 'ring',
  outfit: 'cardigan',
  beard: 0.014,
  build: { shoulders: 1.08, chest: 1.16, waist: 1.32, pelvis: 1.16, legs: 1.1, stature: 1 },
  face: {
    width: 1.03,
    chin: 1.1,
    browThickness: 0.0078,
    lashes: 0,
    lips: 0.2,
    irisRadius: 0.0252,
    eyeHeight: 0.84,
    eyeTilt: -0.003,
    nose: 1.3,
    noseWidth: 1.12,
    jaw: 1.06,
    age: 1,
    blush: 0.8,
  },
  palette: paletteOf('gus'),
};

const hari: AvatarSpec = {
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

/** The default avatars. */
export const AVATAR_SPECS: Readonly<Record<AvatarKey, AvatarSpec>> = { ada, bo, cleo, dayo, emi, farah, gus, hari };
