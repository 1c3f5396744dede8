import type { FrameSink } from '@/lib/codec/codec';
import { RangePoseDecoder } from '@/lib/codec/rangePoseDecoder';
import { SenderClock } from '@/lib/playout/playoutClock';
import { copyPose, createPose, type Pose } from '@/lib/pose/pose';
import type { PoseRecord } from '@/lib/recording/segmentReader';

/**
 * A frame waits this long for its time, so that the quickest packets right after it count too: the first packets of a stream
 * may all be slow.
 */
const LOOKAHEAD_MS = 2000;
/** Frames that wait: that long at 60 frames a second, and some. */
const WAITING_MAX = 256;
/** A sender whose time steps back, or ahead, by more has restarted its clock, as playout has it. */
const RESTART_MS = 5000;

/** A decoded frame that waits. */
interface WaitingFrame {
  readonly pose: Pose;
  senderMs: number;
  arrivalMs: number;
}

/**
 * Makes one person's motion of the records of their poses: decoded as live receivers decode them, each frame at the recording's time
 * at which it was sent, plus the fastest transit. Frames come in order, each later than the one before. Allocates nothing in steady
 * state.
 */
export class RecordedMotion {
  private readonly waiting: WaitingFrame[] = Array.from({ length: WAITING_MAX }, () => {
    return { pose: createPose(), senderMs: 0, arrivalMs: 0 };
  });
  private readonly clock = new SenderClock();
  private readonly toQueue: FrameSink = (pose, senderMs) => this.queue(pose, senderMs);
  private decoder = new RangePoseDecoder();
  private track = 0;
  private first = 0;
  private count = 0;
  private arrivalMs = 0;
  private lastSenderMs = Number.NaN;
  private lastMs = Number.NEGATIVE_INFINITY;

  /** `sink` gets each frame; `pose` belongs to this object and is valid during the call. `timeMs` is the recording's time. */
  constructor(private readonly sink: FrameSink) {}

  /** Takes the next record of the person, in the order of time. Of two tracks the later one counts. */
  take({ track, bytes, timeMs }: PoseRecord): void {
    if (track.id < this.track) return;
    if (track.id > this.track) this.follow(track.id);
    while (this.count > 0 && timeMs - this.waiting[this.first]!.arrivalMs > LOOKAHEAD_MS) this.emit();
    this.arrivalMs = timeMs;
    this.decoder.decode(bytes, this.toQueue);
  }

  /** Hands on what still waits. */
  finish(): void {
    while (this.count > 0) this.emit();
  }

  /** Another source has its own sequence numbers and its own clock. */
  private follow(track: number): void {
    this.track = track;
    this.decoder = new RangePoseDecoder();
    this.restartClock();
  }

  private restartClock(): void {
    this.finish();
    this.clock.reset();
    this.lastSenderMs = Number.NaN;
  }

  private queue(pose: Pose, senderMs: number): void {
    if (Math.abs(senderMs - this.lastSenderMs) > RESTART_MS && this.isRestart(senderMs)) this.restartClock();
    if (this.count === WAITING_MAX) this.emit();
    const frame = this.waiting[(this.first + this.count) % WAITING_MAX]!;
    copyPose(pose, frame.pose);
    frame.senderMs = senderMs;
    frame.arrivalMs = this.arrivalMs;
    this.count += 1;
    this.lastSenderMs = senderMs;
    this.clock.note(senderMs, this.arrivalMs);
  }

  /** After a pause the time is far ahead on both clocks. */
  private isRestart(senderMs: number): boolean {
    return Math.abs(this.arrivalMs - senderMs - this.clock.offsetMs) > RESTART_MS;
  }

  private emit(): void {
    const { pose, senderMs } = this.waiting[this.first]!;
    this.first = (this.first + 1) % WAITING_MAX;
    this.count -= 1;
    const timeMs = senderMs + this.clock.offsetMs;
    if (timeMs <= this.lastMs) return;
    this.lastMs = timeMs;
    this.sink(pose, timeMs);
  }
}
