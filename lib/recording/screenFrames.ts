import { LIMITS } from './format';
import type { ScreenRecord } from './segmentReader';

/** A whole VP8 frame of a shared screen. */
export interface ScreenFrame {
  /** ms of the recording's time at which its last fragment came. */
  readonly timeMs: number;
  /** 90 kHz. */
  readonly timestamp: number;
  readonly isKeyframe: boolean;
  readonly bytes: Uint8Array;
}

/** Joins the fragments of one track to frames; after a loss it waits for a keyframe. */
export class ScreenFrames {
  private fragments: Uint8Array[] = [];
  private sizeBytes = 0;
  private timestamp = 0;
  private isKeyframe = false;
  private sequence = -1;
  private awaitsKeyframe = true;
  private isBroken = true;

  /** Takes the next record. Returns the frame that it completes; null if it completes none that can be shown. */
  take(record: ScreenRecord): ScreenFrame | null {
    const isNext = record.sequence === ((this.sequence + 1) & 0xffff);
    this.sequence = record.sequence;
    if (!isNext) this.lose();
    if (record.isFirst) this.begin(record);
    if (this.isBroken) return null;
    this.fragments.push(record.bytes);
    this.sizeBytes += record.bytes.length;
    if (this.sizeBytes > LIMITS.segmentBytes) this.lose();
    return record.isLast && !this.isBroken ? this.finish(record.timeMs) : null;
  }

  private begin(record: ScreenRecord): void {
    // A frame that never ended is lost, and those after it refer to it.
    if (!this.isBroken) this.lose();
    if (record.isKeyframe) this.awaitsKeyframe = false;
    this.isBroken = this.awaitsKeyframe;
    this.isKeyframe = record.isKeyframe;
    this.timestamp = record.timestamp ?? 0;
  }

  private lose(): void {
    this.drop();
    this.awaitsKeyframe = true;
  }

  private finish(timeMs: number): ScreenFrame {
    const bytes = new Uint8Array(this.sizeBytes);
    let at = 0;
    for (const fragment of this.fragments) {
      bytes.set(fragment, at);
      at += fragment.length;
    }
    this.drop();
    return { timeMs, timestamp: this.timestamp, isKeyframe: this.isKeyframe, bytes };
  }

  private drop(): void {
    this.fragments = [];
    this.sizeBytes = 0;
    this.isBroken = true;
  }
}
