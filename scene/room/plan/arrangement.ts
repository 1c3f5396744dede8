import { arcLine, arcTransform, distanceOutsideArc } from './arcLayout';
import { distanceOutside, type SeatLine, type SeatTransform, seatLine, seatTransform, tableEdge } from './seatLayout';

/** `table`: round a table; `arc`: along a horseshoe that opens towards the room's screen. */
export type ArrangementName = 'table' | 'arc';

/** At a table everybody is within an arm's length of talk; more people than this sit in an arc. */
export const TABLE_SEATS_MAX = 6;

/** How chairs and table stand. */
export interface Arrangement {
  readonly name: ArrangementName;
  /** Chairs stand on it, or on the part of it that is not open; holds everybody. */
  readonly line: SeatLine;
  /** By seat number. */
  readonly seats: readonly SeatTransform[];
  /** Distance (m) of a point of the floor from under the table's top, 0 below it. */
  fromTable(x: number, z: number): number;
}

function createTable(seats: number): Arrangement {
  const line = seatLine(seats);
  const edge = tableEdge(line);
  return {
    name: 'table',
    line,
    seats: Array.from({ length: seats }, (_, seat) => seatTransform(seat, seats)),
    fromTable: (x, z) => distanceOutside(edge, x, z),
  };
}

function createArc(seats: number): Arrangement {
  const line = arcLine(seats);
  return {
    name: 'arc',
    line,
    seats: Array.from({ length: seats }, (_, seat) => arcTransform(seat, seats)),
    fromTable: (x, z) => distanceOutsideArc(line, x, z),
  };
}

/** The arrangement `name` of a meeting with `seats` seats; a table has at most {@link TABLE_SEATS_MAX} of them. */
export function createArrangement(name: ArrangementName, seats: number): Arrangement {
  return name === 'table' ? createTable(Math.min(seats, TABLE_SEATS_MAX)) : createArc(seats);
}
