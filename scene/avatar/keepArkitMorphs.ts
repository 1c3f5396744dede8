import type { BufferGeometry } from 'three';

/**
 * Drops every morph target but those `wanted` (an index a blendshape, -1 for none), in that order, and returns where
 * each now is. Targets nobody moves would still cost memory and time on the GPU.
 */
export function keepArkitMorphs(geometry: BufferGeometry, wanted: readonly number[]): number[] {
  const kept = wanted.filter((index) => index >= 0);
  for (const name of ['position', 'normal', 'color'] as const) {
    const targets = geometry.morphAttributes[name];
    if (targets) geometry.morphAttributes[name] = kept.map((index) => targets[index]!);
  }
  if (kept.length === 0) geometry.morphAttributes = {};
  let next = 0;
  return wanted.map((index) => {
    if (index < 0) return -1;
    next += 1;
    return next - 1;
  });
}
