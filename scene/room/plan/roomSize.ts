/** The room's inside, metres from its middle. */
export const ROOM = {
  halfX: 6.2,
  halfZ: 5,
  height: 3.5,
} as const;

/** Top of a chair's cushion, metres. */
export const SEAT_HEIGHT = 0.345;

/** Top of the table, metres. */
export const TABLE_HEIGHT = 0.56;

/** The opening of the gallery, in the wall opposite the screen, metres. It reaches down to the floor. */
export const OPENING = { halfWidth: 3.2, height: 2.75 } as const;
