import { arcLine, arcTransform, distanceOutsideArc } from './arcLayout';
import { distanceOutside, type SeatLine, type SeatTransform, seatLine, seatTransform, tableEdge } from './seatLayout';

/** `table`: round a table; `arc`: along a horseshoe that opens towards the room's screen. */
export type ArrangementName = 'table' | 'arc';

/** The most people at a round table, where everybody is close enough to talk; more sit in an arc. */
export const TABLE_SEATS_MAX = 6;

/** Where chairs and table stand. */
export interface Arrangement {
  readonly name: ArrangementName;
  /** The line the chairs stand on, in an arc the closed part of it; everybody sits within it. */
  readonly line: SeatLine;
  /** By seat number. */
  readonly seats: readonly SeatTransform[];
  /** Distance of a point of the floor from the table's top as seen from above, metres; 0 below it. */
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
