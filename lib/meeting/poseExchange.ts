import type { PoseDecoder, PoseEncoder } from '@/lib/codec/codec';
import { RangePoseDecoder } from '@/lib/codec/rangePoseDecoder';
import { RangePoseEncoder } from '@/lib/codec/rangePoseEncoder';
import { type Scheduler, systemScheduler } from '@/lib/core/clock';
import { Emitter } from '@/lib/core/emitter';
import { type Log, silentLog } from '@/lib/core/log';
import type { MeetingView, Participant } from '@/lib/core/meeting';
import { Scope } from '@/lib/core/scope';
import type { MotionSource } from '@/lib/motion/motionSource';
import type { QualityChoice, QualitySignals } from '@/lib/quality/quality';
import { QualityController } from '@/lib/quality/qualityController';
import { TIERS } from '@/lib/quality/tiers';
import type { Transport } from '@/lib/transport/transport';
import { ControlInbox } from './controlInbox';
import { KeyframeAsker } from './keyframes';
import { PoseLoop } from './poseLoop';
import { PoseReceiver } from './receiver';
import { type Arrivals, Reporter } from './reports';
import { PoseSender, type PoseSenderStats } from './sender';
import {
  type DrawnPerson,
  type ParticipantStats,
  participantStats,
  type SelfStats,
  type SendingStats,
  selfStats,
  sendingStats,
} from './stats';

/** Makes encoders and decoders of poses. */
export interface PoseCodec {
  createEncoder(): PoseEncoder;
  createDecoder(): PoseDecoder;
}

/** The codec of all meetings. */
export const POSE_CODEC: PoseCodec = {
  createEncoder: () => new RangePoseEncoder(),
  createDecoder: () => new RangePoseDecoder(),
};

/** Everything but the transport has a default. */
export interface PoseExchangeParts {
  readonly transport: Transport;
  readonly scheduler?: Scheduler;
  readonly codec?: PoseCodec;
  readonly quality?: Pick<QualityController, 'decide'>;
  /** 0 .. 1 */
  readonly random?: () => number;
  /** Whether a frame loop plays what arrives, through `feed`. Otherwise the exchange plays it, to know its age for the reports. */
  readonly isDrawn?: boolean;
  readonly log?: Log;
}

export interface PoseExchangeEvents {
  /** The local poses are sent with another quality now. */
  quality: QualityChoice;
}

/** How often the quality is decided, per second. */
const DECISIONS_PER_SECOND = 2;

const SENT_NOTHING: PoseSenderStats = { posesSent: 0, bytesSent: 0, skipped: 0, keyframes: 0 };

/**
 * Sends and receives poses over one transport, for pages and programs alike: sender and receiver, keyframes for endpoints
 * that join or ask, reports, and the quality that follows from them (SPEC.md).
 */
export class PoseExchange {
  readonly events = new Emitter<PoseExchangeEvents>();
  /** What the frame loop reads. */
  readonly feed: PoseReceiver;
  private readonly transport: Transport;
  private readonly scheduler: Scheduler;
  private readonly codec: PoseCodec;
  private readonly log: Log;
  private readonly policy: Pick<QualityController, 'decide'>;
  private readonly inbox: ControlInbox;
  private readonly asker: KeyframeAsker;
  private readonly reporter: Reporter;
  private readonly decisions: PoseLoop;
  private readonly scope = new Scope();
  private sender: PoseSender | null = null;
  private loop: PoseLoop | null = null;
  private meeting: Pick<MeetingView, 'people' | 'tier'> | null = null;
  private choice: QualityChoice | null = null;
  private isPaused = false;
  private frameMs: number | null = null;
  private bandwidthMaxBps = Number.POSITIVE_INFINITY;

  constructor(parts: PoseExchangeParts) {
    const { transport, scheduler = systemScheduler, random = Math.random } = parts;
    this.transport = transport;
    this.scheduler = scheduler;
    this.codec = parts.codec ?? POSE_CODEC;
    this.log = parts.log ?? silentLog;
    this.policy = parts.quality ?? new QualityController();
    this.inbox = new ControlInbox({ transport, clock: scheduler, onKeyframeAsked: (id) => this.onKeyframeAsked(id) });
    this.asker = new KeyframeAsker({ transport, scheduler, random });
    this.feed = new PoseReceiver({
      transport,
      createDecoder: this.codec.createDecoder,
      clock: scheduler,
      log: this.log,
      control: this.inbox,
      onDecoded: (endpointId, awaits, onAsk) => this.asker.note(endpointId, awaits, onAsk),
    });
    this.reporter = new Reporter({
      transport,
      receiver: this.feed,
      scheduler,
      random,
      isDrawn: parts.isDrawn ?? false,
    });
    this.decisions = new PoseLoop(() => this.decide(), DECISIONS_PER_SECOND, scheduler);
    this.listen();
    if (transport.isChannelOpen) this.asker.askAll();
  }

  /** How the local poses are sent; null while none are. */
  get quality(): QualityChoice | null {
    return this.choice;
  }

  get sent(): PoseSenderStats {
    return this.sender?.stats ?? SENT_NOTHING;
  }

  /**
   * Starts sending `source`; never called for a spectator. Does nothing if it is sending already: a transport that has come
   * back keeps its sender.
   */
  startSending(personId: string, source: MotionSource): void {
    if (this.sender) return;
    const quality = this.policy.decide(this.signals());
    const encoder = this.codec.createEncoder();
    this.sender = new PoseSender({ source, encoder, transport: this.transport, quality, clock: this.scheduler });
    for (const endpointId of this.transport.endpoints.keys()) this.sender.keyframes.joined(endpointId);
    this.feed.setOwn(personId, source, this.sender.sourceStartMs);
    this.loop = new PoseLoop(() => this.sender?.tick(), quality.tier.fps, this.scheduler);
    this.apply(quality);
    if (!this.isPaused) this.loop.start();
    this.decisions.start();
    this.reporter.start();
  }

  /** Takes over who has a seat and which tier is announced. */
  follow(meeting: Pick<MeetingView, 'people' | 'tier'>): void {
    this.meeting = meeting;
    this.feed.setSeated(meeting.people.map(({ id }) => id));
    this.decide();
  }

  /** While the page is hidden, nothing is sent or reported: the others see the local participant as away. */
  setPaused(isPaused: boolean): void {
    if (isPaused === this.isPaused) return;
    this.isPaused = isPaused;
    this.reporter.setPaused(isPaused);
    this.decide();
    if (isPaused) this.loop?.stop();
    else this.resume();
  }

  /** Sets the mean time between rendered frames, ms; null if nothing is drawn. */
  setFrameMs(frameMs: number | null): void {
    this.frameMs = frameMs;
  }

  /** Sets what one person may receive in total, poses and voices of all people, bits a second. A default applies until then. */
  setBandwidthMax(bandwidthMaxBps: number): void {
    this.bandwidthMaxBps = bandwidthMaxBps;
  }

  /** Stats of the local participant on `seat`; undefined while nothing is sent. */
  selfStats(id: string, seat: number): SelfStats | undefined {
    const sending = this.sendingStats();
    return this.sender && sending ? selfStats(id, seat, this.sender, sending) : undefined;
  }

  /** How the local poses are sent and how they arrive; null while none are sent. */
  sendingStats(): SendingStats | null {
    return this.sender && this.choice ? sendingStats(this.sender, this.choice.reason, this.inbox.reports()) : null;
  }

  /** How the poses of the others arrive here; null where there is nothing to tell, as for a hidden page. */
  get arrivals(): Arrivals | null {
    return this.reporter.arrivals;
  }

  participantStats(person: Participant, drawn: DrawnPerson): ParticipantStats {
    return participantStats(person, this.feed, drawn);
  }

  close(): void {
    this.loop?.stop();
    this.decisions.stop();
    this.reporter.close();
    this.asker.close();
    this.scope.close();
    this.feed.close();
    this.events.clear();
  }

  private listen(): void {
    const { events } = this.transport;
    this.scope.add(
      events.on('joined', ({ endpointId }) => this.onJoined(endpointId)),
      events.on('left', ({ endpointId }) => this.onLeft(endpointId)),
      events.on('packet', ({ from }) => this.sender?.keyframes.heard(from.endpointId)),
      events.on('channel', ({ isOpen }) => isOpen && this.onChannelOpen()),
    );
  }

  private onJoined(endpointId: string): void {
    this.sender?.keyframes.joined(endpointId);
    this.answer();
  }

  private onLeft(endpointId: string): void {
    this.sender?.keyframes.left(endpointId);
    this.asker.forget(endpointId);
    this.inbox.forget(endpointId);
  }

  private onKeyframeAsked(endpointId: string): void {
    this.sender?.keyframes.ask(endpointId);
    this.answer();
  }

  private onChannelOpen(): void {
    this.inbox.clear();
    this.asker.askAll();
    this.sender?.keyframes.need();
    this.answer();
  }

  /** Sends a keyframe that is due at once: a tick of the lowest tier would be a third of the time it may take to arrive. */
  private answer(): void {
    if (this.sender?.keyframes.isDue()) this.loop?.hasten();
  }

  private resume(): void {
    this.sender?.keyframes.need();
    this.loop?.start();
  }

  private decide(): void {
    if (this.sender) this.apply(this.policy.decide(this.signals()));
  }

  private apply(choice: QualityChoice): void {
    if (choice === this.choice) return;
    this.choice = choice;
    this.sender?.setQuality(choice);
    this.loop?.setFps(choice.tier.fps);
    this.log.debug('quality', { tier: choice.tier.name, reason: choice.reason });
    this.events.emit('quality', choice);
  }

  private signals(): QualitySignals {
    const { transport, meeting } = this;
    return {
      nowMs: this.scheduler.nowMs(),
      base: meeting?.tier ?? TIERS.high,
      seated: meeting?.people.length ?? 1,
      bandwidthMaxBps: this.bandwidthMaxBps,
      backlogBytes: transport.backlogBytes,
      reports: this.inbox.reports(),
      othersAgeMs: this.reporter.arrivals?.ageMs ?? null,
      downlinkBps: transport.downlinkBps,
      wireBps: this.sender?.wireBps ?? 0,
      isHidden: this.isPaused,
      frameMs: this.frameMs,
    };
  }
}
