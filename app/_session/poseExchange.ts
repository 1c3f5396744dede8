import { SimpleDecoder } from '@/lib/codec/simpleDecoder';
import { SimpleEncoder } from '@/lib/codec/simpleEncoder';
import { systemClock } from '@/lib/core/clock';
import type { MeetingView, SeatedPerson } from '@/lib/core/meeting';
import { PoseLoop } from '@/lib/meeting/poseLoop';
import { PoseReceiver } from '@/lib/meeting/receiver';
import { PoseSender } from '@/lib/meeting/sender';
import {
  type DrawnPerson,
  type ParticipantStats,
  participantStats,
  type SelfStats,
  selfStats,
} from '@/lib/meeting/stats';
import type { MotionSource } from '@/lib/motion/motionSource';
import { TIERS } from '@/lib/quality/tiers';
import type { Transport } from '@/lib/transport/transport';
import type { PoseFeed } from '@/scene/frame/poseFeed';

/** Poses out and in over one transport: the wiring of `lib/meeting` for a page. */
export class PoseExchange {
  private readonly receiver: PoseReceiver;
  private sender: PoseSender | null = null;
  private loop: PoseLoop | null = null;
  private isPaused = false;

  constructor(private readonly transport: Transport) {
    const createDecoder = () => new SimpleDecoder();
    this.receiver = new PoseReceiver({ transport, createDecoder, clock: systemClock });
    transport.events.on('joined', () => this.sender?.requestKeyframe());
  }

  get feed(): PoseFeed {
    return this.receiver;
  }

  /**
   * Begins to send what `source` does; a spectator never calls it. Does nothing where it sends already: a transport that
   * has come back carries on with the sender it had.
   */
  startSending(personId: string, source: MotionSource): void {
    if (this.sender) return;
    this.sender = new PoseSender({
      source,
      encoder: new SimpleEncoder(),
      transport: this.transport,
      tier: TIERS.high,
      clock: systemClock,
    });
    this.receiver.setOwn(personId, source, this.sender.sourceStartMs);
    const sender = this.sender;
    this.loop = new PoseLoop(() => sender.tick(), TIERS.high.fps);
    if (!this.isPaused) this.loop.start();
  }

  /** Follows who has a seat and which tier is announced. */
  follow({ people, tier }: MeetingView): void {
    this.receiver.setSeated(people.map(({ id }) => id));
    this.sender?.setTier(tier);
    this.loop?.setFps(tier.fps);
  }

  /** While nobody looks at the page, nothing is sent: the others see oneself as away. */
  setPaused(isPaused: boolean): void {
    this.isPaused = isPaused;
    if (isPaused) this.loop?.stop();
    else this.resume();
  }

  private resume(): void {
    this.sender?.requestKeyframe();
    this.loop?.start();
  }

  selfStats(id: string, seat: number): SelfStats | undefined {
    return this.sender ? selfStats(id, seat, this.sender) : undefined;
  }

  participantStats(person: SeatedPerson, drawn: DrawnPerson): ParticipantStats {
    return participantStats(person, this.receiver, drawn);
  }

  close(): void {
    this.loop?.stop();
    this.receiver.close();
  }
}
