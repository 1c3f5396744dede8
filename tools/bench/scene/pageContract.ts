/**
 * What draws the people: our crowd with a whole pose for each person in every frame, the same within the meeting's frame
 * loop, or three-vrm as its users drive it.
 */
export type Engine = 'ours' | 'loop' | 'naive';

/** Which avatars: the default ones, or the heavy one made for this benchmark. */
export type Wardrobe = 'light' | 'heavy';

/** Whom to put on the stage. */
export interface StageOrder {
  readonly engine: Engine;
  readonly people: number;
  /** Addresses of the models, given to people in turn. */
  readonly models: readonly string[];
}

/** What one frame hands to the GPU. */
export interface DrawCounts {
  readonly draws: number;
  readonly triangles: number;
}

/** What the page of the benchmark offers as `globalThis.scenePage`. */
export interface ScenePage {
  /** Loads all people; resolves when they are there. */
  fill(order: StageOrder): Promise<void>;
  /** Draws `frames` frames as fast as possible. */
  run(frames: number): Promise<void>;
  /** Counts of the last frame. */
  counts(): DrawCounts;
}
