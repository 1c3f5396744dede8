import { SEAT_SPACING, SEAT_TO_TABLE, type SeatLine, type SeatTransform, STEP_BACK } from './seatLayout';

/** Radius of the closed end on which the chairs stand, metres. */
const RADIUS = 1.5;
/** From the outer to the inner edge of the table, metres. */
export const ARC_TABLE_WIDTH = 0.62;

/**
 * The racetrack that a horseshoe of `seats` is cut from: chairs stand on both straights and around the end at +X; the
 * end at -X is open.
 */
export function arcLine(seats: number): SeatLine {
  const length = (seats - 1) * SEAT_SPACING;
  return { radius: RADIUS, halfStraight: Math.max(0, (length - Math.PI * RADIUS) / 4) };
}

/** Distance of the middle of the horseshoe's top from the racetrack's axis, metres. */
export const arcSpineRadius = ({ radius }: SeatLine): number => radius - SEAT_TO_TABLE - ARC_TABLE_WIDTH / 2;

/** Distance of a point of the floor from the horseshoe's top as seen from above, metres; 0 below it. */
export function distanceOutsideArc(line: SeatLine, x: number, z: number): number {
  const spine = arcSpineRadius(line);
  const { halfStraight } = line;
  const fromSpine =
    x > halfStraight
      ? Math.abs(Math.hypot(x - halfStraight, z) - spine)
      : Math.hypot(Math.min(0, x + halfStraight), Math.abs(z) - spine);
  return Math.max(0, fromSpine - ARC_TABLE_WIDTH / 2);
}

/** Place along the horseshoe, 0 in the middle: the first seats are there, the others alternate outwards. */
function placeOfSeat(seat: number, seats: number): number {
  const fromMiddle = seats % 2 === 1 ? Math.ceil(seat / 2) : Math.floor(seat / 2) + 0.5;
  return seat % 2 === 0 ? fromMiddle : -fromMiddle;
}

interface LinePoint {
  readonly x: number;
  readonly z: number;
  readonly outX: number;
  readonly outZ: number;
}

/**
 * The point of the line `along` metres from the middle of the closed end, positive towards +Z, and the outward
 * direction.
 */
function pointOnArc({ halfStraight, radius }: SeatLine, along: number): LinePoint {
  const angle = along / radius;
  if (Math.abs(angle) <= Math.PI / 2) {
    const [outX, outZ] = [Math.cos(angle), Math.sin(angle)];
    return { x: halfStraight + outX * radius, z: outZ * radius, outX, outZ };
  }
  const side = Math.sign(along);
  return { x: halfStraight - (Math.abs(along) - (Math.PI / 2) * radius), z: side * radius, outX: 0, outZ: side };
}

/** How far a chair turns to the opening rather than straight across, so that those on the arms see the screen. */
const TOWARDS_OPENING = 0.34;
/** Chairs turn to a point this far outside the opening, metres. */
const FOCUS_BEFORE = 1.2;

function yawOf({ x, z, outX, outZ }: LinePoint, line: SeatLine): number {
  const [dx, dz] = [-line.halfStraight - FOCUS_BEFORE - x, -z];
  const distance = Math.hypot(dx, dz) || 1;
  const inX = -outX * (1 - TOWARDS_OPENING) + (dx / distance) * TOWARDS_OPENING;
  const inZ = -outZ * (1 - TOWARDS_OPENING) + (dz / distance) * TOWARDS_OPENING;
  return Math.atan2(inX, inZ);
}

/** Where `seat` (0 .. seats-1) of a horseshoe of `seats` is. Throws a RangeError for any other seat. */
export function arcTransform(seat: number, seats: number): SeatTransform {
  if (!Number.isInteger(seat) || seat < 0 || seat >= seats) throw new RangeError(`no seat ${seat} of ${seats}`);
  const line = arcLine(seats);
  const point = pointOnArc(line, placeOfSeat(seat, seats) * SEAT_SPACING);
  return {
    x: point.x,
    z: point.z,
    yawRad: yawOf(point, line),
    tableYawRad: Math.atan2(-point.outX, -point.outZ),
    standX: point.x + point.outX * STEP_BACK,
    standZ: point.z + point.outZ * STEP_BACK,
  };
}
