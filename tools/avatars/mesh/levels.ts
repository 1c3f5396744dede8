/**
 * Index triples of every level of detail, 0 the finest. All levels share one set of vertices, and each uses only
 * vertices of the next finer one.
 */
export type Levels = readonly (readonly number[])[];

/** Levels of detail of every avatar: close by, at a table, across a room, and a figure of forty pixels. */
export const LEVEL_COUNT = 4;

/** The level that also comes as a file of its own, to be had first. */
export const FIRST_SEEN_LEVEL = 2;

/** Share of the finest level's triangles that each level keeps. */
export const LEVEL_SHARES = [1, 0.42, 0.19, 0.06] as const;

/** The same levels with every index changed by `change`. */
export function mapLevels(levels: Levels, change: (vertex: number) => number): number[][] {
  return levels.map((triangles) => triangles.map(change));
}
