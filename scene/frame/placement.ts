/** Where one seat's person is: metres on the floor, root space of the room; yaw about +Y, 0 looks along +Z. */
export interface Placement {
  /** Middle of the chair. */
  readonly x: number;
  readonly z: number;
  readonly yawRad: number;
  /** Where the person stands while standing. */
  readonly standX: number;
  readonly standZ: number;
  /** Height of the seat's surface, or null where there is no chair: the person then always stands. */
  readonly seatHeight: number | null;
}
