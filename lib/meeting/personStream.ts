import type { DecodeFailure, FrameSink, PoseDecoder } from '@/lib/codec/codec';
import { Playout, type PlayoutState, type PlayoutStats } from '@/lib/playout/playout';
import type { Pose } from '@/lib/pose/pose';
import type { PoseReport } from '@/lib/quality/quality';
import { AgeHistogram } from './reports';

/** Figures of one person's stream of poses. */
export interface PersonStreamStats extends PlayoutStats {
  /** Packets that never arrived. */
  readonly lost: number;
  /** Keyframes requested from this person. */
  readonly keyframesAsked: number;
}

/** How often the age of the drawn pose is noted for the next report, ms. */
const AGE_NOTED_EVERY_MS = 100;

/** Turns one person's packets into poses: decoder -> playout. Survives a change of connection. */
export class PersonStream {
  private readonly playout = new Playout();
  private readonly ages = new AgeHistogram();
  private readonly toPlayout: FrameSink = (pose, timeMs) => this.playout.push(pose, timeMs, this.arrivalMs);
  private decoder: PoseDecoder;
  private endpointId: string | null = null;
  private lostBefore = 0;
  private arrivalMs = 0;
  private keyframesAsked = 0;
  private ageNotedAtMs = Number.NEGATIVE_INFINITY;
  private packets = 0;
  private reportedPackets = 0;
  private reportedLost = 0;

  /** Counts a keyframe request. */
  readonly noteAsked = (): void => {
    this.keyframesAsked += 1;
  };

  constructor(private readonly createDecoder: () => PoseDecoder) {
    this.decoder = createDecoder();
  }

  /** The endpoint whose packets are decoded now; null before the first. */
  get from(): string | null {
    return this.endpointId;
  }

  /** Whether nothing can be decoded until the next keyframe. */
  get awaitsKeyframe(): boolean {
    return this.decoder.awaitsKeyframe;
  }

  /** Takes a packet that `endpointId` sent. Returns null, or why it was dropped. */
  receive(endpointId: string, packet: Uint8Array, arrivalMs: number): DecodeFailure | null {
    if (this.endpointId !== endpointId) this.follow(endpointId);
    this.arrivalMs = arrivalMs;
    this.packets += 1;
    return this.decoder.decode(packet, this.toPlayout);
  }

  /** Writes the pose to draw at `nowMs` into `out`. */
  sample(nowMs: number, out: Pose): PlayoutState {
    const state = this.playout.sample(nowMs, out);
    // A person who sends nothing is away, not late.
    if (state === 'live' && nowMs - this.ageNotedAtMs >= AGE_NOTED_EVERY_MS) this.noteAge(nowMs);
    return state;
  }

  stats(nowMs: number): PersonStreamStats {
    return { ...this.playout.stats(nowMs), lost: this.lost, keyframesAsked: this.keyframesAsked };
  }

  /** How this person's poses arrived since the last call; null if none of them was drawn. */
  report(): PoseReport | null {
    const lost = this.lost - this.reportedLost;
    const packets = this.packets - this.reportedPackets;
    const report = { ageMs: this.ages.p95Ms(), lostShare: lost > 0 ? lost / (lost + packets) : 0 };
    const wasDrawn = this.ages.count > 0;
    this.reportedLost = this.lost;
    this.reportedPackets = this.packets;
    this.ages.clear();
    return wasDrawn ? report : null;
  }

  private get lost(): number {
    return this.lostBefore + this.decoder.lost;
  }

  private noteAge(nowMs: number): void {
    this.ageNotedAtMs = nowMs;
    this.ages.note(this.playout.ageMs(nowMs));
  }

  /** Another endpoint has its own sequence numbers and its own clock. */
  private follow(endpointId: string): void {
    this.lostBefore += this.decoder.lost;
    this.decoder = this.createDecoder();
    if (this.endpointId !== null) this.playout.restart();
    this.endpointId = endpointId;
  }
}
