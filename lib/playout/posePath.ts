import { copyPose, type Pose } from '@/lib/pose/pose';
import type { FrameRing, TimedPose } from './frameRing';
import { PoseCubic } from './poseCubic';
import { PoseDrift } from './poseDrift';

/** Frames that a piece of the path is made of: the two around it and one beyond on either side. */
const PIECE_FRAMES = 4;

/** Which frames a piece is made of: their times, NaN where there is none. */
class PieceKey {
  private readonly timesMs = new Float64Array(PIECE_FRAMES).fill(Number.NaN);

  /** The piece that ends at frame `next` of `ring`. */
  set(ring: FrameRing, next: number): void {
    for (let k = 0; k < PIECE_FRAMES; k += 1) {
      const index = next - 2 + k;
      this.timesMs[k] = index >= 0 && index < ring.count ? ring.at(index).timeMs : Number.NaN;
    }
  }

  copy(other: PieceKey): void {
    this.timesMs.set(other.timesMs);
  }

  equals(other: PieceKey): boolean {
    for (let k = 0; k < PIECE_FRAMES; k += 1) {
      if (!Object.is(this.timesMs[k], other.timesMs[k])) return false;
    }
    return true;
  }

  clear(): void {
    this.timesMs.fill(Number.NaN);
  }
}

/** The line through a sender's frames: cubic between two of them, a damped drift after the newest. */
export class PosePath {
  private readonly cubic = new PoseCubic();
  private readonly drift = new PoseDrift();
  private readonly wanted = new PieceKey();
  /** What `cubic` or `drift` has been made for. */
  private readonly prepared = new PieceKey();
  /** What was drawn from last. */
  private readonly drawn = new PieceKey();

  constructor(private readonly ring: FrameRing) {}

  /** Whether the path at `timeMs`, where it was drawn last, is another by now: later or missing frames have come. */
  hasChangedAt(timeMs: number): boolean {
    this.wanted.set(this.ring, this.ring.indexAfter(timeMs));
    return !this.wanted.equals(this.drawn);
  }

  /** Writes the pose at `timeMs` (sender's time) into `out`; the ring must not be empty. */
  read(timeMs: number, out: Pose): void {
    const { ring } = this;
    const next = ring.indexAfter(timeMs);
    if (next === 0) copyPose(ring.at(0).pose, out);
    else this.readPiece(next, timeMs, out);
  }

  /** As `read`, and remembers the place as the one drawn last. */
  draw(timeMs: number, out: Pose): void {
    this.drawn.set(this.ring, this.ring.indexAfter(timeMs));
    this.read(timeMs, out);
  }

  /** Forgets everything, as the ring has. */
  clear(): void {
    this.prepared.clear();
    this.drawn.clear();
  }

  private readPiece(next: number, timeMs: number, out: Pose): void {
    const { ring } = this;
    this.prepare(next);
    const fromMs = ring.at(next - 1).timeMs;
    if (next === ring.count) this.drift.at(timeMs - fromMs, out);
    else this.cubic.at((timeMs - fromMs) / (ring.at(next).timeMs - fromMs), out);
  }

  private prepare(next: number): void {
    const { ring } = this;
    this.wanted.set(ring, next);
    if (this.wanted.equals(this.prepared)) return;
    this.prepared.copy(this.wanted);
    const before = this.frame(next - 2);
    if (next === ring.count) this.drift.prepare(before, ring.at(next - 1));
    else this.cubic.prepare(before, ring.at(next - 1), ring.at(next), this.frame(next + 1));
  }

  private frame(index: number): TimedPose | null {
    return index >= 0 && index < this.ring.count ? this.ring.at(index) : null;
  }
}
