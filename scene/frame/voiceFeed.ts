/** Where the frame loop reads how loud everybody is. Called once a person and frame; must not allocate. */
export interface VoiceFeed {
  /** How loud `personId` speaks now, 0 (silent) to 1, smoothed for the eye. */
  level(personId: string): number;
}

/** Nobody speaks. */
export const SILENCE: VoiceFeed = { level: () => 0 };
