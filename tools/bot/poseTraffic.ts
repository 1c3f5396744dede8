import type { FrameSink, PoseDecoder } from '@/lib/codec/codec';
import { SimpleDecoder } from '@/lib/codec/simpleDecoder';
import { SimpleEncoder } from '@/lib/codec/simpleEncoder';
import { systemClock } from '@/lib/core/clock';
import type { MeetingView } from '@/lib/core/meeting';
import { PoseLoop } from '@/lib/meeting/poseLoop';
import { PoseReceiver } from '@/lib/meeting/receiver';
import { PoseSender, type PoseSenderStats } from '@/lib/meeting/sender';
import type { MotionSource } from '@/lib/motion/motionSource';
import { TIERS } from '@/lib/quality/tiers';
import type { Transport } from '@/lib/transport/transport';
import { PoseAges } from './poseAges';

/** What has come from one person. */
export interface PersonTraffic {
  readonly personId: string;
  /** Pose frames received. */
  readonly poses: number;
  readonly ages: PoseAges;
  /** `systemClock` at the newest; 0 before the first. */
  readonly lastPoseAtMs: number;
}

interface Tally {
  poses: number;
  lastPoseAtMs: number;
  readonly ages: PoseAges;
}

/** Poses out and in over one transport, measured: the wiring of `lib/meeting` for a program. */
export class PoseTraffic {
  private readonly receiver: PoseReceiver;
  private readonly stopListening: () => void;
  private sender: PoseSender | null = null;
  private loop: PoseLoop | null = null;
  private fromPersonId = '';
  private arrivalMs = 0;

  /** `tallies` outlives the traffic, as figures must when a transport is made anew. */
  constructor(
    private readonly transport: Transport,
    private readonly tallies: PersonTallies,
  ) {
    // Before the receiver's own listener, which decodes within the same event: so frames can be told to a person.
    const stopPackets = transport.events.on('packet', ({ from }) => {
      this.fromPersonId = from.personId ?? '';
      this.arrivalMs = systemClock.nowMs();
    });
    const stopJoined = transport.events.on('joined', () => this.sender?.requestKeyframe());
    this.stopListening = () => {
      stopPackets();
      stopJoined();
    };
    const createDecoder = () => this.measure(new SimpleDecoder());
    this.receiver = new PoseReceiver({ transport, createDecoder, clock: systemClock });
  }

  get sent(): PoseSenderStats {
    return this.sender?.stats ?? { posesSent: 0, bytesSent: 0, skipped: 0 };
  }

  /** Packets of `personId` that never came. */
  lostOf(personId: string): number {
    return this.receiver.statsOf(personId)?.lost ?? 0;
  }

  /** Frames a second of `personId`, over the last two seconds. */
  fpsOf(personId: string): number {
    return this.receiver.statsOf(personId)?.poseFps ?? 0;
  }

  /** Begins to send what `source` does; does nothing where it sends already. */
  startSending(personId: string, source: MotionSource): void {
    if (this.sender) return;
    const encoder = new SimpleEncoder();
    const sender = new PoseSender({ source, encoder, transport: this.transport, tier: TIERS.high, clock: systemClock });
    this.sender = sender;
    this.receiver.setOwn(personId, source, sender.sourceStartMs);
    this.loop = new PoseLoop(() => sender.tick(), TIERS.high.fps);
    this.loop.start();
  }

  /** Follows who has a seat and which tier is announced. */
  follow({ people, tier }: MeetingView): void {
    this.receiver.setSeated(people.map(({ id }) => id));
    this.sender?.setTier(tier);
    this.loop?.setFps(tier.fps);
  }

  close(): void {
    this.loop?.stop();
    this.stopListening();
    this.receiver.close();
  }

  private measure(decoder: PoseDecoder): PoseDecoder {
    let sink: FrameSink = () => {};
    const measuring: FrameSink = (pose, timeMs) => {
      this.tallies.note(this.fromPersonId, this.arrivalMs, timeMs);
      sink(pose, timeMs);
    };
    return {
      decode: (packet, toPlayout) => {
        sink = toPlayout;
        return decoder.decode(packet, measuring);
      },
      get lost() {
        return decoder.lost;
      },
    };
  }
}

/** What has come from everybody, over all connections. */
export class PersonTallies {
  private readonly byPerson = new Map<string, Tally>();

  note(personId: string, arrivalMs: number, captureMs: number): void {
    const known = this.byPerson.get(personId);
    const tally = known ?? { poses: 0, lastPoseAtMs: 0, ages: new PoseAges() };
    if (!known) this.byPerson.set(personId, tally);
    tally.poses += 1;
    tally.lastPoseAtMs = arrivalMs;
    tally.ages.note(arrivalMs - captureMs);
  }

  of(personId: string): PersonTraffic {
    const tally = this.byPerson.get(personId);
    return {
      personId,
      poses: tally?.poses ?? 0,
      ages: tally?.ages ?? new PoseAges(),
      lastPoseAtMs: tally?.lastPoseAtMs ?? 0,
    };
  }
}
