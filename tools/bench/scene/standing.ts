/** Metres between neighbours. */
const SPACING = 0.55;

/** Where person number `index` of `people` stands: rows in a block, metres on the floor. */
export function standAt(index: number, people: number): { x: number; z: number } {
  const columns = Math.ceil(Math.sqrt(people));
  const x = ((index % columns) - (columns - 1) / 2) * SPACING;
  return { x, z: 1 - Math.floor(index / columns) * SPACING };
}
