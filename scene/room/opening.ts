/** The opening in the wall opposite the screen behind which spectators sit, metres; its foot is on the floor. */
export const OPENING = { halfWidth: 3.2, height: 2.75 } as const;
