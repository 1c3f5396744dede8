import { describe, expect, it } from 'vitest';
import { AVATAR_SPECS } from '@/tools/avatars/avatarSpecs';
import { faceFeatures } from '@/tools/avatars/face/faceMesh';
import { FULL_FEATURES } from '@/tools/avatars/face/feature';

describe('levels of the features of a face', () => {
  const features = faceFeatures(AVATAR_SPECS.gus.face, FULL_FEATURES);

  it.each(features.map((feature) => [feature.name, feature] as const))(
    '%s: coarser levels use fewer of the same vertices',
    (_, { triangles }) => {
      for (const level of [1, 2, 3]) {
        const [finer, coarser] = [triangles[level - 1]!, triangles[level]!];
        expect(coarser.length).toBeLessThanOrEqual(finer.length);
        expect(coarser.length).toBeGreaterThan(0);
        const known = new Set(finer);
        expect(coarser.every((vertex) => known.has(vertex))).toBe(true);
      }
    },
  );
});
