/** Receives the places of listener and speakers. Metres of the room, +Y up. Called every frame; must not allocate. */
export interface HearingSink {
  /** The listener's place and the unit vector in which they look. */
  setListener(x: number, y: number, z: number, forwardX: number, forwardY: number, forwardZ: number): void;
  /** Where the mouth of `personId` is. */
  setMouth(personId: string, x: number, y: number, z: number): void;
}
