/** Classes of {@link level}. */
export const LEVELS = 16;

const SIZE_MAX = 4096;
const FIRST = 3;

/** A size of 0 or more as one of sixteen classes, two to each doubling: 0 up to 2, 15 from 256 or so. */
export function level(size: number): number {
  const bounded = Math.min(size, SIZE_MAX);
  const doubled = 32 - Math.clz32(Math.imul(bounded, bounded)) - FIRST;
  if (doubled < 0) return 0;
  return doubled < LEVELS ? doubled : LEVELS - 1;
}
