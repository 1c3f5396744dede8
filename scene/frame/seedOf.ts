import { fnv1a } from '@/lib/core/fnv1a';
/** A number from 0 to 1 that is always the same for `id`: people breathe, blink and speak each in their own time. */
export function seedOf(id: string): number {
  return fnv1a(id) / 0xffffffff;
}

/** The same for the `index`-th of something that repeats. */
export function seedAt(seed: number, index: number): number {
  const n = Math.sin(seed * 91.7 + index * 12.9898) * 43758.5453;
  return n - Math.floor(n);
}
