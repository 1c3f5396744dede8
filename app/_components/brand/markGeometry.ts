/** The left quotation mark in a box of 64; the right one is the same, turned half round about (32, 32). */
export const MARK_PATH =
  'M2 38.5C-.5 22.5 11 10.5 25.5 10.5C30.5 10.5 35 12 38.5 14.6C27 14.4 19.4 22.2 20 35.2C20.3 42 15.6 46.6 10.4 46.6C6.2 46.6 2.8 43.6 2 38.5Z';

/** Turns the left mark into the right one. */
export const MARK_TURN = 'rotate(180 32 32)';

/** The table between them: radius at (32, 32). */
export const MARK_TABLE_RADIUS = 9;
