import type { FaceSpec } from '../avatarSpec';
import { ageFeatures } from './ageFeatures';
import { browFeature } from './browFeature';
import { eyeFeatures } from './eyeFeatures';
import type { Side } from './faceWeights';
import type { Feature } from './feature';
import { lidFeatures } from './lidFeatures';
import { mouthFeatures } from './mouthFeatures';
import type { FeatureDetail } from './sheets';

const SIDES: readonly Side[] = ['Left', 'Right'];

/** All the sheets that lie on a face. */
export function faceFeatures(face: FaceSpec, detail: FeatureDetail): Feature[] {
  const ofSide = (side: Side) => [
    ...eyeFeatures(side, face, detail),
    ...lidFeatures(side, face, detail),
    browFeature(side, face, detail),
  ];
  return [...SIDES.flatMap(ofSide), ...mouthFeatures(face, detail), ...ageFeatures(face, detail)];
}
