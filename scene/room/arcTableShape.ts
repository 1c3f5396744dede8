import { ARC_TABLE_WIDTH, arcSpineRadius } from './arcLayout';
import type { SeatLine } from './seatLayout';
import type { PlanePoint } from './slab';

const ARC_STEPS = 28;
const CAP_STEPS = 14;
const SEAM_STEPS = 12;
/** Half the gap between the two halves, and how far the seam swings to either side, metres. */
const SEAM_GAP = 0.004;
const SEAM_SWING = 0.11;

/** Points of a circle round (x, y), from one angle to another. */
function arc(x: number, y: number, radius: number, from: number, to: number, steps: number): PlanePoint[] {
  return Array.from({ length: steps + 1 }, (_, i) => {
    const angle = from + ((to - from) * i) / steps;
    return { x: x + radius * Math.cos(angle), y: y + radius * Math.sin(angle) };
  });
}

/** Where arms have no length, arc and tip share a point. */
function isSamePlace(a: PlanePoint, b: PlanePoint): boolean {
  return Math.hypot(a.x - b.x, a.y - b.y) < 1e-6;
}

/** The seam across the top at the closed end, from the inner to the outer edge; an S, as on the round table. */
function seam(line: SeatLine, side: number): PlanePoint[] {
  const inner = line.halfStraight + arcSpineRadius(line) - ARC_TABLE_WIDTH / 2;
  return Array.from({ length: SEAM_STEPS + 1 }, (_, i) => {
    const t = i / SEAM_STEPS;
    return { x: inner + t * ARC_TABLE_WIDTH, y: Math.sin(2 * Math.PI * t) * SEAM_SWING + side * SEAM_GAP };
  });
}

/**
 * One half of the horseshoe's top, on the far (1) or the near (-1) side: a quotation mark from the seam round to its
 * arm's round tip. In the plane x, -z, anticlockwise, metres.
 */
export function halfArc(line: SeatLine, side: 1 | -1): PlanePoint[] {
  const { halfStraight: half } = line;
  const spine = arcSpineRadius(line);
  const width = ARC_TABLE_WIDTH / 2;
  const quarter = (side * Math.PI) / 2;
  const outline = [
    ...seam(line, side),
    ...arc(half, 0, spine + width, side * 0.02, quarter, ARC_STEPS),
    ...arc(-half, side * spine, width, quarter, quarter + side * Math.PI, CAP_STEPS),
    ...arc(half, 0, spine - width, quarter, side * 0.02, ARC_STEPS),
  ];
  const apart = outline.filter((point, i) => !isSamePlace(point, outline.at(i - 1)!));
  return side < 0 ? apart.reverse() : apart;
}
