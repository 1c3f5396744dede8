import type { DecodeFailure, FrameSink, PoseDecoder } from '@/lib/codec/codec';
import { Playout, type PlayoutState, type PlayoutStats } from '@/lib/playout/playout';
import type { Pose } from '@/lib/pose/pose';

/** What can be told of one person's stream of poses. */
export interface PersonStreamStats extends PlayoutStats {
  /** Packets that never came. */
  readonly lost: number;
}

/** One person's packets on their way to poses: decoder -> playout. Survives a change of connection. */
export class PersonStream {
  private readonly playout = new Playout();
  private decoder: PoseDecoder;
  private endpointId: string | null = null;
  private lostBefore = 0;
  private arrivalMs = 0;
  private readonly toPlayout: FrameSink = (pose, timeMs) => this.playout.push(pose, timeMs, this.arrivalMs);

  constructor(private readonly createDecoder: () => PoseDecoder) {
    this.decoder = createDecoder();
  }

  /** Takes a packet that `endpointId` sent; null, or why it was dropped. */
  receive(endpointId: string, packet: Uint8Array, arrivalMs: number): DecodeFailure | null {
    if (this.endpointId !== endpointId) this.follow(endpointId);
    this.arrivalMs = arrivalMs;
    return this.decoder.decode(packet, this.toPlayout);
  }

  /** Writes the pose to draw at `nowMs` into `out`. */
  sample(nowMs: number, out: Pose): PlayoutState {
    return this.playout.sample(nowMs, out);
  }

  stats(nowMs: number): PersonStreamStats {
    return { ...this.playout.stats(nowMs), lost: this.lostBefore + this.decoder.lost };
  }

  /** Another connection has its own numbering and its own clock. */
  private follow(endpointId: string): void {
    this.lostBefore += this.decoder.lost;
    this.decoder = this.createDecoder();
    if (this.endpointId !== null) this.playout.restart();
    this.endpointId = endpointId;
  }
}
