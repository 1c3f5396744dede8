import { MeetingStay, ParleyApiError, type ParleyClient } from '@/lib/api';
import { formatAvatarRef, nearestAvatarRef } from '@/lib/core/avatarRef';
import { DEFAULT_AVATAR } from '@/lib/core/avatars';
import { systemClock } from '@/lib/core/clock';
import type { Appearance, JoinGrant, MeetingEvent } from '@/lib/core/meeting';
import { PoseExchange } from '@/lib/meeting/poseExchange';
import { reduceMeeting } from '@/lib/meeting/roster';
import type { ParleyStats } from '@/lib/meeting/stats';
import type { MotionSource } from '@/lib/motion/motionSource';
import { JitsiTransport } from '@/lib/transport/jitsi/jitsiTransport';
import type { JitsiPass } from '@/lib/transport/link';
import { type Transport, TransportError, type TransportEvents } from '@/lib/transport/transport';
import type { PoseFeed } from '@/scene/frame/feeds';
import type { SceneHandle } from '@/scene/react/sceneContract';
import { FreshStarts } from './freshStarts';
import { isClip, loadClip, loadIdle } from './loadMotion';
import { lookUp, type MeetingLookup } from './lookUp';
import { watchPageAttention } from './pageAttention';
import { peopleAway } from './peopleAway';
import { retryWhilePassing } from './retryWhilePassing';
import { sameMembers } from './sameMembers';
import { selfIn } from './selfIn';
import type { JoinChoice, MeetingSession, SessionFailure, SessionPhase, SessionSnapshot } from './sessionContract';
import { asTransportError, sessionFailureOf } from './sessionFailure';
import { sessionStats } from './sessionStats';
import { steadyInterval } from './steadyInterval';
import { BrowserVoiceSession } from './voiceSession';
import { watchFrames } from './watchFrames';
import type { WebcamSession } from './webcamSession';

export interface MeetingSessionParts {
  readonly meetingId: string;
  readonly client: ParleyClient;
  /** The secret by which the API knows this tab again. */
  readonly identity: string;
  /** Null where this browser did not create the meeting. */
  readonly hostToken: string | null;
  /** What is known of the meeting already. */
  readonly found?: MeetingLookup;
  readonly webcam: WebcamSession;
  /** Called once this browser has ended the meeting for all. */
  onEndedByHost(): void;
}

const AT_FIRST: SessionSnapshot = {
  phase: 'lobby',
  failure: null,
  meeting: null,
  self: null,
  quality: null,
  awayIds: new Set(),
  liveSinceMs: null,
};

/** One stay in one meeting: the API's stay, the transport and the exchange of poses, as one state. */
export class BrowserMeetingSession implements MeetingSession {
  private snapshot: SessionSnapshot;
  private readonly listeners = new Set<() => void>();
  private stay: MeetingStay | null = null;
  private transport: JitsiTransport | null = null;
  private exchange: PoseExchange | null = null;
  private motion: MotionSource | null = null;
  private scene: SceneHandle | null = null;
  private stopAttention: (() => void) | null = null;
  private stopFrameWatch: (() => void) | null = null;
  private isHidden = false;
  private readonly freshStarts = new FreshStarts();
  private beginning = false;

  readonly voice = new BrowserVoiceSession();
  readonly webcam: WebcamSession;

  /** Delegates, so that the scene keeps its feed when the connection is made anew. */
  readonly feed: PoseFeed = {
    sample: (personId, nowMs, out) => this.exchange?.feed.sample(personId, nowMs, out) ?? 'none',
  };

  constructor(private readonly parts: MeetingSessionParts) {
    this.snapshot = { ...AT_FIRST, ...parts.found };
    this.webcam = parts.webcam;
  }

  get isHost(): boolean {
    return this.parts.hostToken !== null;
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  getSnapshot(): SessionSnapshot {
    return this.snapshot;
  }

  attachScene(handle: SceneHandle | null): void {
    this.scene = handle;
  }

  async look(): Promise<void> {
    this.change(await lookUp(this.parts.client, this.parts.meetingId));
  }

  async join(choice: JoinChoice): Promise<void> {
    this.voice.begin(choice.microphone);
    this.change({ phase: 'connecting', failure: null });
    try {
      this.useWebcam(choice);
      if (choice.role === 'participant' && isClip(choice.motion)) this.motion = await loadClip(choice.motion);
      // One may have left while the clip was read.
      if (this.isOver()) return;
      this.stay = this.createStay(choice);
      this.stopFrameWatch = watchFrames(
        () => this.scene,
        (frameMs) => this.exchange?.setFrameMs(frameMs),
      );
      this.stopAttention = watchPageAttention({
        onHidden: (isHidden) => this.onHidden(isHidden),
        onWake: () => this.onWake(),
        onGone: () => this.stay?.leaveOnClose(),
      });
      await this.connect();
    } catch (error) {
      if (this.snapshot.phase === 'connecting') await this.fail(sessionFailureOf(error));
    }
  }

  async changeAppearance(appearance: Appearance): Promise<void> {
    await this.stay?.change(appearance);
  }

  async leave(): Promise<void> {
    await this.close('ended');
  }

  async endForAll(): Promise<void> {
    const { client, meetingId, hostToken } = this.parts;
    if (hostToken === null) throw new ParleyApiError({ reason: 'forbidden' }, 'Only the host can end this meeting.');
    await client.meeting.end({ id: meetingId, hostToken });
    this.parts.onEndedByHost();
  }

  /** What `parley.stats()` tells. */
  stats(): ParleyStats {
    return sessionStats(this.snapshot, this.exchange, this.scene, this.voice, this.webcam);
  }

  /** Not awaited: joining never waits for a question of the browser, nor for models. */
  private useWebcam({ role, motion }: JoinChoice): void {
    if (role !== 'participant' || motion.kind !== 'camera') this.webcam.close();
    else if (this.webcam.getSnapshot().phase === 'off') void this.webcam.open(motion.deviceId);
  }

  private createStay(choice: JoinChoice): MeetingStay {
    const { meetingId, client, identity } = this.parts;
    const ref = nearestAvatarRef(choice.avatar);
    const avatar = ref ? formatAvatarRef(ref) : DEFAULT_AVATAR;
    const appearance = choice.role === 'participant' ? { name: choice.name, avatar } : {};
    const stay = new MeetingStay(client, { id: meetingId, role: choice.role, identity, ...appearance }, steadyInterval);
    stay.events.on('granted', (grant) => this.onGranted(grant));
    stay.events.on('event', (event) => this.onEvent(event));
    stay.events.on('refused', (error) => void this.fail(sessionFailureOf(error)));
    stay.events.on('expired', () => void this.beginAnew());
    return stay;
  }

  private async connect(): Promise<void> {
    const transport = new JitsiTransport({ fetchPass: () => this.fetchPass() });
    this.transport = transport;
    this.exchange = this.createExchange(transport);
    this.voice.attach(transport);
    this.onHidden(this.isHidden);
    const { events } = transport;
    for (const change of ['hidden', 'left'] as const) {
      events.on(change, () => this.transport === transport && this.noteAway(transport));
    }
    transport.events.on('state', (change) => {
      if (this.transport === transport) this.onTransport(change);
    });
    await transport.connect();
  }

  private createExchange(transport: JitsiTransport): PoseExchange {
    const exchange = new PoseExchange({ transport, isDrawn: true });
    exchange.events.on('quality', (quality) => this.exchange === exchange && this.change({ quality }));
    return exchange;
  }

  private async fetchPass(): Promise<JitsiPass> {
    const stay = this.stay;
    if (!stay) throw new TransportError('lost', 'The stay is over.');
    try {
      const { jitsi, joinToken, personId, role } = await stay.enter();
      // Not awaited: the way to Jitsi takes longer than loading what moves one's avatar.
      if (role === 'participant') void this.startSending(personId);
      return { coordinates: jitsi, joinToken };
    } catch (error) {
      throw asTransportError(error);
    }
  }

  private async startSending(personId: string): Promise<void> {
    const { exchange } = this;
    this.motion ??= await loadIdle(personId);
    if (!exchange || exchange !== this.exchange || !this.snapshot.meeting) return;
    exchange.follow(this.snapshot.meeting);
    exchange.startSending(personId, this.webcam.over(this.motion));
  }

  private onGranted({ meeting, personId, role, seat, bandwidthMaxBps }: JoinGrant): void {
    const person = meeting.people.find(({ id }) => id === personId);
    const self = role === 'participant' && person && seat !== null ? { ...person, seat, role } : null;
    this.change({ meeting, self: self ?? { id: personId, role: 'spectator' } });
    this.exchange?.setBandwidthMax(bandwidthMaxBps);
    this.exchange?.follow(meeting);
    this.voice.setOwnId(personId);
  }

  private onEvent(event: MeetingEvent): void {
    const meeting = reduceMeeting(this.snapshot.meeting, event);
    if (!meeting) return;
    this.change({ meeting, self: selfIn(meeting, this.snapshot.self) });
    this.exchange?.follow(meeting);
    if (meeting.endedAt) void this.close('ended', { reason: 'ended' });
  }

  private onTransport({ state, error }: TransportEvents['state']): void {
    switch (state) {
      case 'live':
        this.change({ phase: 'live', liveSinceMs: this.snapshot.liveSinceMs ?? Date.now() });
        return;
      case 'reconnecting':
        this.change({ phase: 'reconnecting' });
        return;
      case 'failed':
        // While a stay is begun anew, whoever begins it hears of failures by the attempt itself.
        if (!this.beginning && this.snapshot.phase !== 'connecting') void this.onCutOff(error);
        return;
      case 'idle':
      case 'connecting':
      case 'closed':
        return;
    }
  }

  private onHidden(isHidden: boolean): void {
    this.isHidden = isHidden;
    this.transport?.setHidden(isHidden);
    this.exchange?.setPaused(isHidden);
  }

  private onWake(): void {
    this.transport?.wake();
    this.stay?.beat();
  }

  private noteAway(transport: Transport): void {
    const awayIds = peopleAway(transport);
    if (!sameMembers(awayIds, this.snapshot.awayIds)) this.change({ awayIds });
  }

  /** Jitsi let go of us while we were in the meeting: the API knows whether that is meant. */
  private async onCutOff(error: TransportError | undefined): Promise<void> {
    const reason = error?.reason ?? 'lost';
    if (reason !== 'kicked' && reason !== 'conferenceDestroyed' && reason !== 'notAllowed') {
      await this.fail(sessionFailureOf(error));
      return;
    }
    try {
      await this.stay?.check();
    } catch (refusal) {
      const why = refusal instanceof ParleyApiError ? refusal.reason : null;
      if (why === 'replaced' || why === 'ended' || why === 'notFound') return this.fail(sessionFailureOf(refusal));
    }
    await this.beginAnew();
  }

  /** Takes the stay up again from its beginning, with the same identity and therefore the same seat. */
  private async beginAnew(): Promise<void> {
    // The API and Jitsi both tell of a stay that ran out.
    if (this.isOver() || this.beginning) return;
    if (!this.freshStarts.admit(systemClock.nowMs())) return this.fail({ reason: 'jitsiLost' });
    this.change({ phase: 'reconnecting' });
    this.beginning = true;
    const failure = await retryWhilePassing(
      () => this.reconnect(),
      () => this.isOver(),
    );
    this.beginning = false;
    if (failure) await this.fail(failure);
  }

  private async reconnect(): Promise<void> {
    await this.closeExchange();
    await this.connect();
  }

  private isOver(): boolean {
    return this.snapshot.phase === 'ended' || this.snapshot.phase === 'failed';
  }

  private fail(failure: SessionFailure): Promise<void> {
    return this.close(failure.reason === 'ended' ? 'ended' : 'failed', failure);
  }

  private async close(phase: SessionPhase, failure: SessionFailure | null = null): Promise<void> {
    if (this.isOver()) return;
    this.change({ phase, failure });
    this.stopAttention?.();
    this.stopFrameWatch?.();
    this.voice.close();
    this.webcam.close();
    const stay = this.stay;
    this.stay = null;
    // In this order: whose stay is over is thrown out of the conference, which is no way to leave it.
    await this.closeExchange();
    await stay?.leave();
  }

  private async closeExchange(): Promise<void> {
    const { transport, exchange } = this;
    this.transport = null;
    this.exchange = null;
    exchange?.close();
    this.voice.detach();
    await transport?.disconnect();
  }

  private change(part: Partial<SessionSnapshot>): void {
    this.snapshot = { ...this.snapshot, ...part };
    for (const listener of this.listeners) listener();
  }
}
