/**
 * Index triples of every level of detail, 0 the finest. All levels share one set of vertices, and each uses only
 * vertices of the next finer one.
 */
export type Levels = readonly (readonly number[])[];

/** Levels of detail of every avatar. */
export const LEVEL_COUNT = 3;

/** Share of the finest level's triangles that each level keeps. */
export const LEVEL_SHARES = [1, 0.42, 0.17] as const;

/** The same levels with every index changed by `change`. */
export function mapLevels(levels: Levels, change: (vertex: number) => number): number[][] {
  return levels.map((triangles) => triangles.map(change));
}
