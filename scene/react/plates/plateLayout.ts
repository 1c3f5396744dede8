/** A plate on the screen, CSS pixels from the top left; `depth` in metres from the camera. */
export interface PlateBox {
  x: number;
  y: number;
  halfWidth: number;
  halfHeight: number;
  depth: number;
  /** Whether it is in the picture at all. */
  isShown: boolean;
}

/** A face on the screen, CSS pixels from the top left. */
export interface FaceDisc {
  x: number;
  y: number;
  radius: number;
  isShown: boolean;
}

export function createPlateBox(): PlateBox {
  return { x: 0, y: 0, halfWidth: 0, halfHeight: 0, depth: 0, isShown: false };
}

export function createFaceDisc(): FaceDisc {
  return { x: 0, y: 0, radius: 0, isShown: false };
}

/** Lift of a plate that finds no free place: no plate is better than one over a face or another plate. */
export const NO_PLACE = Number.POSITIVE_INFINITY;

/** Gap between a plate and what it gives way to, CSS pixels. */
const PLATE_GAP = 3;
/** A plate goes at most this far above its head, or below its chin, CSS pixels. */
const LIFT_MAX = 64;
const DROP_MAX = 44;
/** A plate keeps this far from the edge of the picture, CSS pixels. */
const RIM = 6;
/**
 * A plate that had no place comes back only if it needs less than this share of its range, so that it does not flicker.
 */
const RETURN_SHARE = 0.75;
/** A plate below the chin goes back up only if it needs less than this share of its range. */
const UP_AGAIN_SHARE = 0.4;
const ROUNDS_MAX = 48;

/** What plates are laid out among. */
export interface PlatePicture {
  /** Size of the picture, CSS pixels. */
  width: number;
  height: number;
  /** By person; `plates[i]` and `faces[i]` are one person's. */
  readonly plates: readonly PlateBox[];
  readonly faces: readonly FaceDisc[];
  /** A plate that stays where it is and that all others give way to. */
  readonly caption: PlateBox;
}

/** How far above or below a disc's middle a plate's must be so that they do not touch; 0 if any distance will do. */
function clearanceOfFace(plate: PlateBox, { x, radius, isShown }: FaceDisc): number {
  if (!isShown) return 0;
  const reach = radius + PLATE_GAP;
  const beside = Math.max(0, Math.abs(plate.x - x) - plate.halfWidth);
  return beside >= reach ? 0 : plate.halfHeight + Math.sqrt(reach * reach - beside * beside);
}

function clearanceOfPlate(plate: PlateBox, other: PlateBox): number {
  const isBeside = Math.abs(plate.x - other.x) >= plate.halfWidth + other.halfWidth + PLATE_GAP;
  return isBeside ? 0 : plate.halfHeight + other.halfHeight + PLATE_GAP;
}

/** Added to every move, so that a plate is clear in spite of rounding. */
const ROUNDING = 0.01;

/** Lays plates out, one after another. Allocates nothing in a frame. */
export class PlateLayout {
  private readonly order: Int32Array;

  constructor(most: number) {
    this.order = new Int32Array(most);
  }

  /**
   * Writes into `lifts` how far up (CSS pixels; negative: down) each plate has to go, or {@link NO_PLACE}; what it
   * wrote last are the plates' places so far. The rules: nearer plates choose first, and speakers' count as nearest.
   * Each takes the lowest place above its head at which it covers no face, its own included, and no plate that has
   * chosen; if that is too high, the highest place below its chin; if that is too low, it is not shown. No plate leaves
   * the picture, and people outside it have none.
   */
  lay(picture: PlatePicture, lifts: Float32Array): void {
    const { plates } = picture;
    this.sort(plates);
    for (let place = 0; place < plates.length; place += 1) {
      const i = this.order[place]!;
      lifts[i] = plates[i]!.isShown ? this.choose(picture, i, place, lifts) : NO_PLACE;
    }
  }

  /** Nearest first; of two equally near, the one added first. */
  private sort(plates: readonly PlateBox[]): void {
    const { order } = this;
    for (let i = 0; i < plates.length; i += 1) {
      let at = i;
      while (at > 0 && plates[order[at - 1]!]!.depth > plates[i]!.depth) {
        order[at] = order[at - 1]!;
        at -= 1;
      }
      order[at] = i;
    }
  }

  private choose(picture: PlatePicture, i: number, place: number, lifts: Float32Array): number {
    const plate = picture.plates[i]!;
    if (!isInside(plate, picture.width)) return NO_PLACE;
    const before = lifts[i]!;
    const share = before === NO_PLACE ? RETURN_SHARE : before < 0 ? UP_AGAIN_SHARE : 1;
    const up = this.search(picture, i, place, lifts, 1, LIFT_MAX * share);
    if (up !== NO_PLACE) return up;
    const down = this.search(picture, i, place, lifts, -1, DROP_MAX * (before === NO_PLACE ? RETURN_SHARE : 1));
    return down === NO_PLACE && share === UP_AGAIN_SHARE ? this.search(picture, i, place, lifts, 1, LIFT_MAX) : down;
  }

  /** Goes up (`direction` 1) or down (-1) past what is in the way to the next free place, at most `most` away. */
  private search(
    picture: PlatePicture,
    i: number,
    place: number,
    lifts: Float32Array,
    direction: 1 | -1,
    most: number,
  ): number {
    const plate = picture.plates[i]!;
    const start = direction === 1 ? Math.min(plate.y, picture.height - RIM - plate.halfHeight) : belowChin(picture, i);
    let y = start;
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      if ((start - y) * direction > most || !isWithin(plate, y, picture.height)) return NO_PLACE;
      const next = this.giveWay(picture, i, place, lifts, y, direction);
      if (next === y) return plate.y - y;
      y = next;
    }
    return NO_PLACE;
  }

  /** Where plate `i` at height `y` goes to clear the first thing it covers; `y` if it covers nothing. */
  private giveWay(
    { plates, faces, caption }: PlatePicture,
    i: number,
    place: number,
    lifts: Float32Array,
    y: number,
    direction: 1 | -1,
  ): number {
    const plate = plates[i]!;
    for (let j = 0; j < faces.length; j += 1) {
      const clearance = clearanceOfFace(plate, faces[j]!);
      if (Math.abs(y - faces[j]!.y) < clearance) return faces[j]!.y - direction * (clearance + ROUNDING);
    }
    for (let k = 0; k < place; k += 1) {
      const j = this.order[k]!;
      if (lifts[j] === NO_PLACE || !plates[j]!.isShown) continue;
      const otherY = plates[j]!.y - lifts[j]!;
      const clearance = clearanceOfPlate(plate, plates[j]!);
      if (Math.abs(y - otherY) < clearance) return otherY - direction * (clearance + ROUNDING);
    }
    const clearance = caption.isShown ? clearanceOfPlate(plate, caption) : 0;
    return Math.abs(y - caption.y) < clearance ? caption.y - direction * (clearance + ROUNDING) : y;
  }
}

/** Whether a plate fits between the left and right edges of the picture. */
function isInside({ x, halfWidth }: PlateBox, width: number): boolean {
  return x - halfWidth >= 0 && x + halfWidth <= width;
}

function isWithin({ halfHeight }: PlateBox, y: number, height: number): boolean {
  return y - halfHeight >= RIM && y + halfHeight <= height - RIM;
}

function belowChin({ plates, faces }: PlatePicture, i: number): number {
  return faces[i]!.y + faces[i]!.radius + PLATE_GAP + plates[i]!.halfHeight + ROUNDING;
}

/** Moves a plate sideways into the picture if its face is there; else hides it. */
export function pushInside(plate: PlateBox, { x, y }: FaceDisc, width: number, height: number): void {
  if (x < 0 || x > width || y < 0 || y > height) {
    plate.isShown = false;
    return;
  }
  const least = plate.halfWidth + RIM;
  if (least * 2 > width) return;
  plate.x = Math.min(width - least, Math.max(least, plate.x));
}
