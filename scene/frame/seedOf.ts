/** A number from 0 to 1 that is always the same for `id`: people breathe, blink and speak each in their own time. */
export function seedOf(id: string): number {
  let hash = 2166136261;
  for (let i = 0; i < id.length; i += 1) hash = Math.imul(hash ^ id.charCodeAt(i), 16777619);
  return (hash >>> 0) / 0xffffffff;
}

/** The same for the `index`-th of something that repeats. */
export function seedAt(seed: number, index: number): number {
  const n = Math.sin(seed * 91.7 + index * 12.9898) * 43758.5453;
  return n - Math.floor(n);
}
