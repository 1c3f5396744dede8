/** Whether the first `count` numbers are finite and no farther from 0 than `limit`: readings that are not are dropped. */
export function areUsable(values: Float32Array, count: number, limit: number): boolean {
  if (values.length < count) return false;
  for (let at = 0; at < count; at += 1) if (!(Math.abs(values[at]!) <= limit)) return false;
  return true;
}

/** From the webcam's axes (x right, y down, z away) to the root space (rule P-4): x the person's left, y up, z front. */
export function toRootSpace(world: Float32Array, count: number, out: Float64Array): void {
  for (let at = 0; at < count * 3; at += 3) {
    out[at] = world[at]!;
    out[at + 1] = -world[at + 1]!;
    out[at + 2] = -world[at + 2]!;
  }
}

/** A part that is not found for this long counts as lost. */
const NOT_FOUND_MS = 150;
/**
 * A part that was not looked for counts as lost after this long, as its reading is too old. A slow machine reads a body
 * twice a second and must not lose it in between.
 */
const NOT_READ_MS = 1000;

/** Whether a part of the person is in sight. One picture without it does not lose it. */
export class Presence {
  private unseenMs = Number.POSITIVE_INFINITY;
  private isThere = false;

  /** Time since the part was last seen. */
  get absentMs(): number {
    return this.unseenMs;
  }

  get isPresent(): boolean {
    return this.unseenMs < (this.isThere ? NOT_READ_MS : NOT_FOUND_MS);
  }

  /** Lets time pass. `isThere`: there is a reading of the part; `isNew`: it was not seen before. */
  advance(dtMs: number, isThere: boolean, isNew: boolean): void {
    this.isThere = isThere;
    this.unseenMs = isNew ? 0 : this.unseenMs + dtMs;
  }
}

/** Visibility above which something starts to be trusted, and below which it no longer is. */
const OPEN_FROM = 0.6;
const SHUT_BELOW = 0.35;
/** How long visibility has to stay there. */
const DWELL_MS = 200;

/** Decides by visibility whether something is in sight, without flicker. */
export class Gate {
  private isOpened = false;
  private contraryMs = 0;

  get isOpen(): boolean {
    return this.isOpened;
  }

  /** Takes a visibility of 0..1, read `elapsedMs` after the previous one. */
  advance(visibility: number, elapsedMs: number): void {
    const isContrary = this.isOpened ? visibility < SHUT_BELOW : visibility > OPEN_FROM;
    this.contraryMs = isContrary ? this.contraryMs + elapsedMs : 0;
    if (this.contraryMs < DWELL_MS) return;
    this.isOpened = !this.isOpened;
    this.contraryMs = 0;
  }

  shut(): void {
    this.isOpened = false;
    this.contraryMs = 0;
  }
}
