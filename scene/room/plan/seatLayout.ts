/** Where a seat is and which way it faces: metres, in the room's space (table in the middle, floor at y = 0). */
export interface SeatTransform {
  readonly x: number;
  readonly z: number;
  /** About +Y; 0 faces +Z. */
  readonly yawRad: number;
  /**
   * About +Y, straight towards the table's edge. Chairs are turned a little from it, so that neighbours see each other.
   */
  readonly tableYawRad: number;
  /** Where the person stands when they get up: a step back from the table. */
  readonly standX: number;
  readonly standZ: number;
}

/** The line the chairs stand on: two half circles joined by straights along X. */
export interface SeatLine {
  /** Half the length of a straight, metres. */
  readonly halfStraight: number;
  readonly radius: number;
}

/** Distance along the line from chair to chair, metres. */
export const SEAT_SPACING = 0.84;
/** Distance from the middle of a chair to the table's edge, metres. */
export const SEAT_TO_TABLE = 0.4;
/** Distance from the middle of a chair back to where its person stands, metres. */
export const STEP_BACK = 0.58;
const RADIUS_MIN = 0.98;
const RADIUS_MAX = 1.12;

/** Places along the line: an even number, so that everybody has somebody opposite. */
function placeCount(seats: number): number {
  return seats + (seats % 2);
}

/** The line of a round table of `seats`. */
export function seatLine(seats: number): SeatLine {
  const length = placeCount(seats) * SEAT_SPACING;
  const radius = Math.min(RADIUS_MAX, Math.max(RADIUS_MIN, length / (2 * Math.PI)));
  return { radius, halfStraight: Math.max(0, (length - 2 * Math.PI * radius) / 4) };
}

const lineLength = (line: SeatLine): number => 4 * line.halfStraight + 2 * Math.PI * line.radius;

/** The point of the line `along` metres from the middle of the near straight (+Z), and the outward direction. */
function pointOnLine(line: SeatLine, along: number): { x: number; z: number; outX: number; outZ: number } {
  const { halfStraight: half, radius } = line;
  const arc = Math.PI * radius;
  let s = ((along % lineLength(line)) + lineLength(line)) % lineLength(line);
  if (s <= half) return { x: s, z: radius, outX: 0, outZ: 1 };
  s -= half;
  if (s <= arc) return arcPoint(half, radius, s / radius);
  s -= arc;
  if (s <= 2 * half) return { x: half - s, z: -radius, outX: 0, outZ: -1 };
  s -= 2 * half;
  if (s <= arc) return arcPoint(-half, radius, Math.PI + s / radius);
  return { x: s - arc - half, z: radius, outX: 0, outZ: 1 };
}

function arcPoint(centreX: number, radius: number, angle: number) {
  const outX = Math.sin(angle);
  const outZ = Math.cos(angle);
  return { x: centreX + outX * radius, z: outZ * radius, outX, outZ };
}

/** Place of a seat: 0 and 1 face each other across the middle, the next fill up beside them, the ends are last. */
function placeOfSeat(seat: number, places: number): number {
  const half = places / 2;
  const order: number[] = [0, half];
  for (let step = 1; step < half; step += 1) order.push(step, half - step, places - step, half + step);
  return [...new Set(order)][seat] ?? 0;
}

/** How far a chair turns to the table's middle rather than its edge: a little, so that neighbours see each other. */
const TOWARDS_MIDDLE = 0.22;

function yawOf(point: { x: number; z: number; outX: number; outZ: number }): number {
  const distance = Math.hypot(point.x, point.z) || 1;
  const inX = -point.outX * (1 - TOWARDS_MIDDLE) - (point.x / distance) * TOWARDS_MIDDLE;
  const inZ = -point.outZ * (1 - TOWARDS_MIDDLE) - (point.z / distance) * TOWARDS_MIDDLE;
  return Math.atan2(inX, inZ);
}

/** Where `seat` (0 .. seats-1) of a round table of `seats` is. Throws a RangeError for any other seat. */
export function seatTransform(seat: number, seats: number): SeatTransform {
  if (!Number.isInteger(seat) || seat < 0 || seat >= seats) throw new RangeError(`no seat ${seat} of ${seats}`);
  const line = seatLine(seats);
  const places = placeCount(seats);
  const point = pointOnLine(line, (placeOfSeat(seat, places) * lineLength(line)) / places);
  return {
    x: point.x,
    z: point.z,
    yawRad: yawOf(point),
    tableYawRad: Math.atan2(-point.outX, -point.outZ),
    standX: point.x + point.outX * STEP_BACK,
    standZ: point.z + point.outZ * STEP_BACK,
  };
}

/** The edge of a round table's top, inside the line the chairs stand on. */
export function tableEdge(line: SeatLine): SeatLine {
  return { halfStraight: line.halfStraight, radius: line.radius - SEAT_TO_TABLE };
}

/** Distance of a point from a racetrack, metres; 0 within. */
export function distanceOutside({ halfStraight, radius }: SeatLine, x: number, z: number): number {
  return Math.max(0, Math.hypot(Math.max(0, Math.abs(x) - halfStraight), z) - radius);
}
