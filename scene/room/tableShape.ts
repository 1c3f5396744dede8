import type { SeatLine } from './seatLayout';
import { SEAT_TO_TABLE } from './seatLayout';
import type { PlanePoint } from './slab';

/** Sideways swing of the seam, as a share of the table's half width. */
const SEAM_SWING = 0.3;
const ARC_STEPS = 40;
const SEAM_STEPS = 36;
/** Half the gap between the two halves, metres. */
const SEAM_GAP = 0.004;

/** The outline of the right half's end: from the far middle round +X to the near middle. Drawn in x, -z. */
function endOutline(halfStraight: number, radius: number): PlanePoint[] {
  return Array.from({ length: ARC_STEPS + 1 }, (_, i) => {
    const angle = -Math.PI / 2 + (Math.PI * i) / ARC_STEPS;
    return { x: halfStraight + radius * Math.cos(angle), y: radius * Math.sin(angle) };
  });
}

/** The seam from the near to the far edge: an S, so that each half swells like a quotation mark and tapers. */
function seam(radius: number): PlanePoint[] {
  return Array.from({ length: SEAM_STEPS + 1 }, (_, i) => {
    const y = radius * (1 - (2 * i) / SEAM_STEPS);
    return { x: SEAM_GAP - Math.sin((Math.PI * y) / radius) * SEAM_SWING * radius, y };
  });
}

/** Edge of the table's top on the line the chairs stand on. */
export function tableEdge(line: SeatLine): SeatLine {
  return { halfStraight: line.halfStraight, radius: line.radius - SEAT_TO_TABLE };
}

/**
 * The right half of the table's top: turned by half a turn it is the left one. Two facing quotation marks that meet,
 * seen from above: Parley's mark. In the plane x, -z, anticlockwise, metres.
 */
export function halfTable(line: SeatLine): PlanePoint[] {
  const { halfStraight, radius } = tableEdge(line);
  return [...seam(radius), ...endOutline(halfStraight, radius)];
}
