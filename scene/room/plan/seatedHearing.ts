import { SEATS_MAX } from '@/lib/core/meeting';
import { createArrangement, TABLE_SEATS_MAX } from './arrangement';
import { tableEdge } from './seatLayout';

/** Height of the ears and the mouth of a seated person, metres. */
const EAR_Y = 1.05;
const MOUTH_Y = 0.98;
/** A mouth is this far in front of the middle of its chair, metres. */
const MOUTH_FORWARD = 0.12;

/** A point of the room, or a direction, metres. */
type RoomVector = readonly [x: number, y: number, z: number];

/** A room as somebody hears it. */
interface SeatedHearing {
  readonly ear: RoomVector;
  /** The unit vector in which they look. */
  readonly forward: RoomVector;
  /** Where somebody on a seat speaks. */
  mouthOf(seat: number): RoomVector;
}

/**
 * Where people on `seats` speak and are heard from: from the seat `listener`, or, if that is null, from the table's edge on the side
 * of the gallery, looking to the room's screen. The room is the one that the scene draws for these seats.
 */
export function seatedHearing(seats: readonly number[], listener: number | null): SeatedHearing {
  const isTable = seats.every((seat) => seat < TABLE_SEATS_MAX);
  const arrangement = isTable ? createArrangement('table', TABLE_SEATS_MAX) : createArrangement('arc', SEATS_MAX);
  const mouthOf = (seat: number): RoomVector => {
    const { x, z, yawRad } = arrangement.seats[seat] ?? arrangement.seats[0]!;
    return [x + Math.sin(yawRad) * MOUTH_FORWARD, MOUTH_Y, z + Math.cos(yawRad) * MOUTH_FORWARD];
  };
  const chair = listener === null ? undefined : arrangement.seats[listener];
  if (chair) {
    const forward: RoomVector = [Math.sin(chair.yawRad), 0, Math.cos(chair.yawRad)];
    return { ear: [chair.x, EAR_Y, chair.z], forward, mouthOf };
  }
  const edge = tableEdge(arrangement.line);
  return { ear: [edge.halfStraight + edge.radius, EAR_Y, 0], forward: [-1, 0, 0], mouthOf };
}
