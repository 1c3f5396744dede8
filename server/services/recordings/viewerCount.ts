import { LIVE_BEACON_MS } from '@/lib/core/recording';

/** A viewer that has not been heard of for this long is gone: two beacons may be lost. */
const GONE_MS = 2.5 * LIVE_BEACON_MS;
/** Viewers that are counted one by one; of more only a share is asked to tell, and of fewer again all. */
const TOLD_MAX = 600;
const TOLD_LEAST = 200;
/** The least share that is asked to tell: of six hundred thousand. More are not believed. */
const PART_LEAST = 2 ** -10;
/** The first digits of a viewer's id that decide whether it belongs to the share. */
const DIGITS = 8;

/** Where a viewer's id lies among all, from 0 to below 1. Its last digits tell viewers of the same place apart. */
function placeOf(viewer: string): number {
  return Number.parseInt(viewer.slice(0, DIGITS), 16) / 16 ** DIGITS;
}

/**
 * How many watch one recording while it is made. They get it from caches, which tell nothing, so each viewer sends a beacon of its own;
 * where there are many, only those whose id lies below {@link share} do.
 */
export class ViewerCount {
  /** When each was last heard of, ms; that heard of longest ago first. */
  private readonly heard = new Map<string, number>();
  private part = 1;

  /** The share of viewers that are to send beacons. */
  get share(): number {
    return this.part;
  }

  /** Takes a beacon of a viewer, by an id of random hex digits. */
  note(viewer: string, nowMs: number): void {
    if (placeOf(viewer) >= this.part) return;
    this.heard.delete(viewer);
    this.heard.set(viewer, nowMs);
    if (this.heard.size <= TOLD_MAX) return;
    this.part = Math.max(PART_LEAST, this.part / 2);
    for (const each of this.heard.keys()) {
      if (placeOf(each) >= this.part || this.heard.size > TOLD_MAX) this.heard.delete(each);
    }
  }

  /** How many watch now, about. */
  count(nowMs: number): number {
    for (const [viewer, heardAtMs] of this.heard) {
      if (nowMs - heardAtMs < GONE_MS) break;
      this.heard.delete(viewer);
    }
    const count = Math.round(this.heard.size / this.part);
    // Those who are asked again are heard of within one beacon.
    if (this.part < 1 && this.heard.size < TOLD_LEAST) this.part = Math.min(1, this.part * 2);
    return count;
  }
}
