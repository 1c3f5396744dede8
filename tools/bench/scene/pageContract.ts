/**
 * Who draws the people: our engine with a whole pose for everybody in every frame, the same within the meeting's frame
 * loop, or three-vrm as its users drive it.
 */
export type Engine = 'ours' | 'loop' | 'naive';

/** What they wear: the default avatars, or the heavy one made for this benchmark. */
export type Wardrobe = 'light' | 'heavy';

/** What is put on the stage. */
export interface StageOrder {
  readonly engine: Engine;
  readonly people: number;
  /** Addresses of the models; person i wears the i-th, over and over. */
  readonly models: readonly string[];
}

/** What one frame hands to the GPU. */
export interface DrawCounts {
  readonly draws: number;
  readonly triangles: number;
}

/** What the page of the benchmark offers as `globalThis.scenePage`. */
export interface ScenePage {
  /** Loads everybody; resolves when all of them are there. */
  fill(order: StageOrder): Promise<void>;
  /** Draws `frames` frames, as fast as they go. */
  run(frames: number): Promise<void>;
  /** Of the last frame. */
  counts(): DrawCounts;
}
