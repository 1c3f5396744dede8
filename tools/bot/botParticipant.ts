import { randomBytes } from 'node:crypto';
import { createParleyClient, MeetingStay, ParleyApiError, type ParleyClient } from '@/lib/api';
import { systemClock } from '@/lib/core/clock';
import { fnv1a } from '@/lib/core/fnv1a';
import { type Log, silentLog } from '@/lib/core/log';
import type { JoinGrant, MeetingView, SeatedPerson } from '@/lib/core/meeting';
import { PoseExchange } from '@/lib/meeting/poseExchange';
import { reduceMeeting } from '@/lib/meeting/roster';
import type { PoseSenderStats } from '@/lib/meeting/sender';
import { createIdleSource } from '@/lib/motion/idleSource';
import type { MotionSource } from '@/lib/motion/motionSource';
import { HeadlessTransport } from '@/lib/transport/headless/headlessTransport';
import type { JitsiPass } from '@/lib/transport/link';
import { nextRetryDelayMs } from '@/lib/transport/retryPolicy';
import type { TransportError, TransportEvents } from '@/lib/transport/transport';
import { asTransportError, causeOf, isFinal, mayPass } from './botErrors';
import type { BotOptions, BotPhase, BotStats, OtherStats } from './botStats';
import { measuringCodec } from './measuringCodec';
import { patiently } from './patiently';
import { PersonTallies } from './personTallies';

export type { BotOptions, BotPhase, BotStats, OtherStats } from './botStats';

/** A stay that the server cuts off is begun anew; more often than this within the span below, it is given up. */
const FRESH_STARTS_MAX = 3;
const FRESH_STARTS_SPAN_MS = 60_000;

/** Somebody in a meeting who is a program: joins through the API, sits or watches, sends poses and a voice, and measures. */
export class BotParticipant {
  private readonly stay: MeetingStay;
  private readonly tallies = new PersonTallies();
  private readonly log: Log;
  private connection: HeadlessTransport;
  private exchange: PoseExchange;
  private stopMeasuring: () => void = () => {};
  private motion: MotionSource | null;
  private grant: JoinGrant | null = null;
  private meeting: MeetingView | null = null;
  private current: BotPhase = 'idle';
  private failure: Error | null = null;
  private reconnects = 0;
  private sentBefore: PoseSenderStats = { posesSent: 0, bytesSent: 0, skipped: 0, keyframes: 0 };
  private freshStartsMs: number[] = [];
  private isRestarting = false;

  /** `client` instead of one for `options.url`, to share it among many bots. */
  constructor(
    private readonly options: BotOptions,
    client: ParleyClient = createParleyClient({ url: options.url }),
  ) {
    this.log = options.log ?? silentLog;
    this.motion = options.motion ?? null;
    this.stay = new MeetingStay(client, stayRequest(options));
    this.stay.events.on('granted', ({ meeting }) => this.onMeeting(meeting));
    this.stay.events.on('event', (event) => this.onMeeting(reduceMeeting(this.meeting, event)));
    this.stay.events.on('refused', (error) => void this.onStayOver(error));
    this.stay.events.on('expired', (error) => void this.onStayOver(error));
    this.connection = this.createTransport();
    this.exchange = this.createExchange();
  }

  /** The transport of now; another one after the server has cut the stay off. */
  get transport(): HeadlessTransport {
    return this.connection;
  }

  /** Why it failed, or null. */
  get error(): Error | null {
    return this.failure;
  }

  /** Joins; resolves once it is in the conference. @throws ParleyApiError, TransportError */
  async join(): Promise<void> {
    if (this.current !== 'idle') throw new Error('A bot joins once.');
    this.current = 'connecting';
    try {
      await this.connection.connect();
    } catch (error) {
      const cause = causeOf(error);
      await this.finish('failed', cause);
      throw cause;
    }
  }

  /** Leaves for good; never rejects. */
  async leave(): Promise<void> {
    await this.finish('ended', null);
  }

  stats(): BotStats {
    const { posesSent, bytesSent, skipped } = this.sentSoFar();
    return {
      phase: this.current,
      personId: this.grant?.personId ?? null,
      seat: this.grant?.seat ?? null,
      tier: this.exchange.quality?.tier ?? this.meeting?.tier ?? null,
      posesSent,
      posesSkipped: skipped,
      bytesSent,
      sending: this.exchange.sendingStats(),
      others: this.others().map((person) => this.otherStats(person)),
      voices: this.connection.voiceStats(),
      reconnects: this.reconnects,
    };
  }

  private others(): readonly SeatedPerson[] {
    return this.meeting?.people.filter(({ id }) => id !== this.grant?.personId) ?? [];
  }

  private otherStats({ id, name }: SeatedPerson): OtherStats {
    const { poses, ages, lastPoseAtMs } = this.tallies.of(id);
    const poseAgeMs = ages.stats(this.options.sharesClock ?? false);
    const { lost, poseFps } = this.exchange.feed.statsOf(id) ?? { lost: 0, poseFps: 0 };
    return { personId: id, name, poses, poseFps, lost, poseAgeMs, lastPoseAtMs };
  }

  private sentSoFar(): PoseSenderStats {
    const { posesSent, bytesSent, skipped, keyframes } = this.exchange.sent;
    return {
      posesSent: this.sentBefore.posesSent + posesSent,
      bytesSent: this.sentBefore.bytesSent + bytesSent,
      skipped: this.sentBefore.skipped + skipped,
      keyframes: this.sentBefore.keyframes + keyframes,
    };
  }

  private createExchange(): PoseExchange {
    const { codec, stop } = measuringCodec(this.connection, this.tallies);
    this.stopMeasuring = stop;
    return new PoseExchange({ transport: this.connection, codec });
  }

  private closeExchange(): void {
    this.exchange.close();
    this.stopMeasuring();
  }

  private createTransport(): HeadlessTransport {
    const { voice, media = voice ? 'voice' : 'none' } = this.options;
    const transport = new HeadlessTransport({ fetchPass: () => this.fetchPass(), media, log: this.log });
    if (voice) transport.speak(voice);
    transport.events.on('state', (change) => {
      if (this.connection === transport) this.onTransport(change);
    });
    return transport;
  }

  private async fetchPass(): Promise<JitsiPass> {
    try {
      const grant = await patiently(() => this.stay.enter());
      this.grant = grant;
      this.startSending(grant);
      return { coordinates: grant.jitsi, joinToken: grant.joinToken };
    } catch (error) {
      throw asTransportError(error);
    }
  }

  private startSending({ role, personId, meeting, bandwidthMaxBps }: JoinGrant): void {
    if (role !== 'participant') return;
    this.motion ??= createIdleSource(fnv1a(personId));
    this.exchange.setBandwidthMax(bandwidthMaxBps);
    this.exchange.follow(meeting);
    this.exchange.startSending(personId, this.motion);
  }

  private onMeeting(meeting: MeetingView | null): void {
    if (!meeting || this.isOver()) return;
    this.meeting = meeting;
    this.exchange.follow(meeting);
    if (meeting.endedAt) void this.finish('ended', null);
  }

  private onTransport({ state, error }: TransportEvents['state']): void {
    if (state === 'live' && !this.isOver()) this.current = 'live';
    if (state === 'reconnecting') this.noteReconnecting();
    // While it first connects, and while it begins anew, whoever asked hears of a failure by the attempt itself.
    if (state === 'failed' && this.current !== 'connecting' && !this.isRestarting) void this.onCutOff(error ?? null);
  }

  private noteReconnecting(): void {
    if (this.isOver()) return;
    if (this.current === 'live') this.reconnects += 1;
    this.current = 'reconnecting';
  }

  /** Jitsi let go of it: the API knows whether that is meant. */
  private async onCutOff(error: TransportError | null): Promise<void> {
    const reason = error?.reason ?? 'lost';
    if (reason !== 'kicked' && reason !== 'conferenceDestroyed' && reason !== 'notAllowed') {
      await this.finish('failed', error);
      return;
    }
    const refusal = await this.stay.check().then(
      () => null,
      (cause: unknown) => (cause instanceof ParleyApiError ? cause : null),
    );
    if (refusal && isFinal(refusal)) await this.onStayOver(refusal);
    else await this.beginAnew(error);
  }

  private async onStayOver(error: ParleyApiError): Promise<void> {
    if (!isFinal(error)) await this.beginAnew(error);
    else if (error.reason === 'ended') await this.finish('ended', null);
    else await this.finish('failed', error);
  }

  /** Takes the stay up again from its beginning, with the same identity and therefore the same seat. */
  private async beginAnew(cause: Error | null): Promise<void> {
    if (this.isOver() || this.isRestarting) return;
    const nowMs = systemClock.nowMs();
    this.freshStartsMs = [...this.freshStartsMs.filter((atMs) => nowMs - atMs < FRESH_STARTS_SPAN_MS), nowMs];
    if (this.freshStartsMs.length > FRESH_STARTS_MAX) return this.finish('failed', cause);
    this.noteReconnecting();
    this.isRestarting = true;
    const failure = await this.retryFreshStart(nowMs);
    this.isRestarting = false;
    if (failure) await this.finish('failed', failure);
  }

  private async retryFreshStart(sinceMs: number): Promise<Error | null> {
    for (let attempts = 0; !this.isOver(); attempts += 1) {
      try {
        await this.replaceTransport();
        return null;
      } catch (error) {
        const cause = causeOf(error);
        const elapsedMs = systemClock.nowMs() - sinceMs;
        const delayMs = nextRetryDelayMs({ attempts, elapsedMs, random: Math.random() });
        if (!mayPass(cause) || delayMs === null) return cause;
        await new Promise((resolve) => setTimeout(resolve, delayMs));
      }
    }
    return null;
  }

  private async replaceTransport(): Promise<void> {
    const before = this.connection;
    this.sentBefore = this.sentSoFar();
    this.closeExchange();
    this.connection = this.createTransport();
    this.exchange = this.createExchange();
    await before.disconnect();
    await this.connection.connect();
  }

  private isOver(): boolean {
    return this.current === 'ended' || this.current === 'failed';
  }

  private async finish(phase: 'ended' | 'failed', error: Error | null): Promise<void> {
    if (this.isOver()) return;
    this.current = phase;
    this.failure = error;
    this.closeExchange();
    await Promise.all([this.connection.disconnect(), this.stay.leave()]);
  }
}

function stayRequest({ meetingId, name, avatar, role = 'participant', identity = newIdentity() }: BotOptions) {
  return { id: meetingId, role, identity, ...(role === 'participant' ? { name, avatar } : {}) };
}

function newIdentity(): string {
  return randomBytes(24).toString('hex');
}
