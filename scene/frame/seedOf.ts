import { fnv1a } from '@/lib/core/hash';
/** A number from 0 to 1 that depends only on `id`, so that people breathe, blink and speak differently. */
export function seedOf(id: string): number {
  return fnv1a(id) / 0xffffffff;
}

/** A number from 0 to 1 that depends only on `seed` and the `index` of something that repeats. */
export function seedAt(seed: number, index: number): number {
  const n = Math.sin(seed * 91.7 + index * 12.9898) * 43758.5453;
  return n - Math.floor(n);
}
