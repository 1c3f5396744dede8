/** A plate or a face on the screen, CSS pixels from the top left; `depth` in metres from the camera. */
export interface ScreenBox {
  x: number;
  y: number;
  halfWidth: number;
  halfHeight: number;
  depth: number;
  /** Whether it is in the picture at all. */
  isShown: boolean;
}

export function createScreenBox(): ScreenBox {
  return { x: 0, y: 0, halfWidth: 0, halfHeight: 0, depth: 0, isShown: false };
}

/** Lift of a plate that finds no free place: better no plate than two in one. */
export const NO_PLACE = -1;

const GAP = 3;
/** A plate that has to go higher than this above its head stays where it is. */
const LIFT_MAX = 90;
const ROUNDS = 4;

function overlaps(a: ScreenBox, lift: number, b: ScreenBox, bLift: number): boolean {
  return (
    Math.abs(a.x - b.x) < a.halfWidth + b.halfWidth + GAP &&
    Math.abs(a.y - lift - (b.y - bLift)) < a.halfHeight + b.halfHeight + GAP
  );
}

/** The lift that puts `a` just above `b`. */
function above(a: ScreenBox, b: ScreenBox, bLift: number): number {
  return a.y - (b.y - bLift) + a.halfHeight + b.halfHeight + GAP;
}

/** Whether plate `i` gives way to plate `j`: the farther one does, then the later one. */
function givesWay(plates: readonly ScreenBox[], i: number, j: number): boolean {
  const gap = plates[i]!.depth - plates[j]!.depth;
  return Math.abs(gap) > 0.02 ? gap > 0 : i > j;
}

function liftFor(plates: readonly ScreenBox[], faces: readonly ScreenBox[], i: number, lifts: Float32Array): number {
  const plate = plates[i]!;
  let lift = lifts[i]!;
  for (let j = 0; j < plates.length; j += 1) {
    if (j === i) continue;
    const face = faces[j]!;
    if (face.isShown && overlaps(plate, lift, face, 0)) lift = above(plate, face, 0);
    const other = plates[j]!;
    if (other.isShown && givesWay(plates, i, j) && overlaps(plate, lift, other, lifts[j]!)) {
      lift = above(plate, other, lifts[j]!);
    }
  }
  return lift > LIFT_MAX ? lifts[i]! : lift;
}

/** Whether plate `i` still lies over one it should give way to. */
function isInTheWay(plates: readonly ScreenBox[], i: number, lifts: Float32Array): boolean {
  for (let j = 0; j < plates.length; j += 1) {
    const isOther = j !== i && plates[j]!.isShown && lifts[j] !== NO_PLACE;
    if (isOther && givesWay(plates, i, j) && overlaps(plates[i]!, lifts[i]!, plates[j]!, lifts[j]!)) return true;
  }
  return false;
}

/**
 * Writes into `lifts` how far up each plate has to go (CSS pixels) so that it covers neither another's face nor a
 * nearer plate, or {@link NO_PLACE}. `plates[i]` and `faces[i]` belong to one person. Allocates nothing.
 */
export function layOutPlates(plates: readonly ScreenBox[], faces: readonly ScreenBox[], lifts: Float32Array): void {
  lifts.fill(0);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let i = 0; i < plates.length; i += 1) {
      if (plates[i]!.isShown) lifts[i] = liftFor(plates, faces, i, lifts);
    }
  }
  for (let i = 0; i < plates.length; i += 1) {
    if (plates[i]!.isShown && isInTheWay(plates, i, lifts)) lifts[i] = NO_PLACE;
  }
}
