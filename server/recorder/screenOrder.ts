import type { ScreenFragment } from './rtpMedia';

/** Fragments that are held while an earlier one is missing: it was sent again, and comes a little later. */
const HELD_MAX = 64;
/** A fragment that has not come by then is lost. */
const WAIT_MAX_MS = 400;
/** A sequence number this far from the expected one begins another stream. */
const RESTART_MIN = 1000;

interface Held {
  readonly timeMs: number;
  readonly fragment: ScreenFragment;
}

/** Takes a fragment in its turn; `isKeyframe` says it of the whole frame. */
export type TakeFragment = (timeMs: number, fragment: ScreenFragment, isKeyframe: boolean) => void;

/**
 * Puts the fragments of one shared screen in the order of their sequence numbers. Fragments are views: what is held is
 * copied.
 */
export class ScreenOrder {
  private readonly held = new Map<number, Held>();
  private expected = -1;
  private isKeyframe = false;

  constructor(private readonly take: TakeFragment) {}

  add(timeMs: number, fragment: ScreenFragment): void {
    const ahead = this.expected < 0 ? 0 : distance(this.expected, fragment.sequence);
    if (Math.abs(ahead) >= RESTART_MIN) this.restart();
    else if (ahead < 0 || this.held.has(fragment.sequence)) return;
    if (this.expected < 0 || ahead === 0) this.pass({ timeMs, fragment });
    else this.held.set(fragment.sequence, { timeMs, fragment: { ...fragment, vp8: fragment.vp8.slice() } });
    this.passNext();
    if (this.held.size > HELD_MAX) this.skip();
  }

  /** Gives up fragments that have been waited for too long. */
  sweep(nowMs: number): void {
    const [oldest] = this.held.values();
    if (oldest && nowMs - oldest.timeMs > WAIT_MAX_MS) this.skip();
  }

  private restart(): void {
    this.skip();
    this.held.clear();
    this.expected = -1;
  }

  /** Goes on with the next fragment that is there. */
  private skip(): void {
    if (this.held.size === 0) return;
    const nearest = [...this.held.keys()].reduce((best, sequence) =>
      distance(this.expected, sequence) < distance(this.expected, best) ? sequence : best,
    );
    this.expected = nearest;
    this.passNext();
  }

  private passNext(): void {
    for (let next = this.held.get(this.expected); next; next = this.held.get(this.expected)) {
      this.held.delete(this.expected);
      this.pass(next);
    }
  }

  private pass({ timeMs, fragment }: Held): void {
    this.expected = (fragment.sequence + 1) & 0xffff;
    if (fragment.isFirst) this.isKeyframe = fragment.startsKeyframe;
    this.take(timeMs, fragment, this.isKeyframe);
  }
}

/** How far `to` is ahead of `from`, of 16 bits: -32768 to 32767. */
function distance(from: number, to: number): number {
  return ((to - from) << 16) >> 16;
}
