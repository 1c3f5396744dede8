import type { AvatarKey } from '@/lib/core/avatars';
import type { Palette } from './palette';

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
  /** How much (m) the outer corner of an eye lies above the inner one. */
  readonly eyeTilt: number;
  /** Factors on the nose: its size, and its width beside that. */
  readonly nose: number;
  readonly noseWidth: number;
  /** Factor on the lower cheeks' width. */
  readonly jaw: number;
  /** 0 smooth to 1 lined: folds beside the mouth, lines on the forehead and under the eyes. */
  readonly age: number;
  /** Strength of the blush on cheeks and nose, 0..1. */
  readonly blush: number;
}

/** Everything that makes one default avatar itself; data only. */
export interface AvatarSpec {
  readonly key: AvatarKey;
  readonly name: string;
  readonly hair: HairStyle;
  readonly outfit: Outfit;
  /** Thickness (m) of a beard; none where absent. */
  readonly beard?: number;
  readonly glasses?: boolean;
  readonly build: Build;
  readonly face: FaceSpec;
  readonly palette: Palette;
}
