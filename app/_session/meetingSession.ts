import { MeetingStay, ParleyApiError, type ParleyClient } from '@/lib/api';
import { Attendance } from '@/lib/attend/attendance';
import type { AttendanceState, Granted } from '@/lib/attend/attendanceState';
import type { Connection } from '@/lib/attend/connection';
import { formatAvatarRef, nearestAvatarRef } from '@/lib/core/avatarRef';
import { DEFAULT_AVATAR } from '@/lib/core/avatars';
import { createConsoleLog } from '@/lib/core/log';
import type { Appearance } from '@/lib/core/meeting';
import type { RecordingView } from '@/lib/core/recording';
import { Scope } from '@/lib/core/scope';
import { SnapshotStore } from '@/lib/core/snapshotStore';
import { PoseExchange } from '@/lib/meeting/poseExchange';
import type { ParleyStats } from '@/lib/meeting/stats';
import type { MotionSource } from '@/lib/motion/motionSource';
import { JitsiTransport } from '@/lib/transport/jitsi/jitsiTransport';
import type { PoseFeed } from '@/scene/frame/feeds';
import type { SceneHandle } from '@/scene/react/sceneContract';
import { isClip, loadClip, loadIdle } from './loadMotion';
import { lookUp, type MeetingLookup } from './lookUp';
import { steadyInterval, watchPageAttention } from './pageLife';
import { peopleAway, sameMembers } from './people';
import type { JoinChoice, MeetingSession, SessionFailure, SessionSnapshot } from './sessionContract';
import { sessionFailureOf } from './sessionFailure';
import { sessionStats, watchFrames } from './sessionStats';
import type { UploadAvatar } from './visit';
import { BrowserVoiceSession } from './voiceSession';
import type { WebcamSession } from './webcamSession';

interface MeetingSessionParts {
  readonly meetingId: string;
  readonly client: ParleyClient;
  /** The secret by which the API recognises this tab. */
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
  isOutOfDate: false,
  trouble: 'none',
  liveSinceMs: null,
};

/** Longer than a client takes to find out that streams are held back and to look at the meeting instead, ms. */
const OUT_OF_DATE_AFTER_MS = 25_000;

/**
 * Calls `tell` when events have neither streamed in nor been looked for with success for a while, and when they do again. The
 * returned function ends it.
 */
export function watchNews(events: MeetingStay['events'], tell: (isOutOfDate: boolean) => void): () => void {
  const watch = new Scope();
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch.add(
    () => clearTimeout(timer),
    events.on('connection', (connection) => {
      clearTimeout(timer);
      if (connection === 'connecting') timer = setTimeout(() => tell(true), OUT_OF_DATE_AFTER_MS);
      else tell(false);
    }),
  );
  return () => watch.close();
}

/** An attendance with voices, webcam and scene, as one snapshot for the page. */
export class BrowserMeetingSession implements MeetingSession {
  readonly voice = new BrowserVoiceSession();
  readonly webcam: WebcamSession;
  readonly subscribe: (listener: () => void) => () => void;
  readonly getSnapshot: () => SessionSnapshot;
  private readonly store: SnapshotStore<SessionSnapshot>;
  /** Ends what watches the page. */
  private readonly watches = new Scope();
  private attendance: Attendance<JitsiTransport> | null = null;
  private motion: MotionSource | null = null;
  private scene: SceneHandle | null = null;
  private stay: MeetingStay | null = null;

  /** Delegates, so that the scene keeps its feed when the connection is replaced. */
  readonly feed: PoseFeed = {
    sample: (personId, nowMs, out) => this.exchange?.feed.sample(personId, nowMs, out) ?? 'none',
  };

  constructor(private readonly parts: MeetingSessionParts) {
    this.store = new SnapshotStore({ ...AT_FIRST, ...parts.found });
    this.subscribe = this.store.subscribe;
    this.getSnapshot = this.store.getSnapshot;
    this.webcam = parts.webcam;
  }

  get isHost(): boolean {
    return this.parts.hostToken !== null;
  }

  attachScene(handle: SceneHandle | null): void {
    this.scene = handle;
  }

  async look(): Promise<void> {
    this.store.change(await lookUp(() => this.parts.client.meeting.get({ id: this.parts.meetingId })));
  }

  async join(choice: JoinChoice): Promise<void> {
    this.voice.begin(choice.microphone);
    this.store.change({ phase: 'connecting', failure: null });
    this.useWebcam(choice);
    if (!(await this.readClip(choice))) return;
    const attendance = this.createAttendance(choice);
    this.attendance = attendance;
    attendance.events.on('connection', (connection) => this.onConnection(connection));
    attendance.events.on('state', (state) => this.onState(state));
    this.watches.add(
      watchFrames(
        () => this.scene,
        (frameMs) => this.exchange?.setFrameMs(frameMs),
      ),
      watchPageAttention({
        onHidden: (isHidden) => attendance.setHidden(isHidden),
        onWake: () => attendance.wake(),
        onGone: () => attendance.leaveOnClose(),
      }),
    );
    await attendance.join();
  }

  async changeAppearance(appearance: Appearance): Promise<void> {
    await this.attendance?.changeAppearance(appearance);
  }

  readonly uploadAvatar: UploadAvatar = async (bytes, choice) => {
    if (!this.attendance) throw new ParleyApiError({ reason: 'tokenInvalid' }, 'Join the meeting first.');
    return this.attendance.uploadAvatar(bytes, choice);
  };

  async leave(): Promise<void> {
    await this.close('ended', null);
  }

  async endForAll(): Promise<void> {
    await this.parts.client.meeting.end(this.asHost());
    this.parts.onEndedByHost();
  }

  async startRecording(): Promise<void> {
    await this.parts.client.recording.start(this.asHost());
  }

  stopRecording(): Promise<RecordingView> {
    return this.parts.client.recording.stop(this.asHost());
  }

  async agreeToRecording(agrees: boolean): Promise<void> {
    await this.stay?.agreeToRecording(agrees);
  }

  /** What `parley.stats()` returns. */
  stats(): ParleyStats {
    return sessionStats(this.getSnapshot(), this.exchange, this.scene, this.voice, this.webcam);
  }

  private get exchange(): PoseExchange | null {
    return this.attendance?.exchange ?? null;
  }

  /** The meeting as its host names it. @throws ParleyApiError if this browser is not the host's */
  private asHost(): { readonly id: string; readonly hostToken: string } {
    const { meetingId: id, hostToken } = this.parts;
    if (hostToken === null) throw new ParleyApiError({ reason: 'forbidden' }, 'Only the host of this meeting can.');
    return { id, hostToken };
  }

  /** Not awaited: joining never waits for a permission prompt or for models. */
  private useWebcam({ role, motion }: JoinChoice): void {
    if (role !== 'participant' || motion.kind !== 'webcam') this.webcam.close();
    else if (this.webcam.getSnapshot().phase === 'off') void this.webcam.open(motion.deviceId);
  }

  /** Loads the recorded motion that was chosen, if any. Resolves with false if the session is over after it. */
  private async readClip({ role, motion }: JoinChoice): Promise<boolean> {
    try {
      if (role === 'participant' && isClip(motion)) this.motion = await loadClip(motion);
    } catch (error) {
      await this.close('failed', sessionFailureOf(error));
    }
    // The user may have left while the clip loaded.
    return !this.isOver();
  }

  private createAttendance(choice: JoinChoice): Attendance<JitsiTransport> {
    const { meetingId, client, identity } = this.parts;
    const ref = nearestAvatarRef(choice.avatar);
    const avatar = ref ? formatAvatarRef(ref) : DEFAULT_AVATAR;
    const appearance = choice.role === 'participant' ? { name: choice.name, avatar } : {};
    const log = createConsoleLog('info');
    const stay = new MeetingStay(client, { id: meetingId, role: choice.role, identity, ...appearance }, steadyInterval);
    this.stay = stay;
    this.watches.add(watchNews(stay.events, (isOutOfDate) => this.store.change({ isOutOfDate })));
    return new Attendance({
      stay,
      createTransport: (fetchPass, identities) => new JitsiTransport({ fetchPass, identities, log }),
      createExchange: (transport) => new PoseExchange({ transport, isDrawn: true, log }),
      motionOf: async (personId) => {
        this.motion ??= await loadIdle(personId);
        return this.webcam.over(this.motion);
      },
      log,
    });
  }

  private onConnection({ transport, exchange, scope }: Connection<JitsiTransport>): void {
    const noteAway = () => {
      const awayIds = peopleAway(transport);
      if (!sameMembers(awayIds, this.getSnapshot().awayIds)) this.store.change({ awayIds });
    };
    // A connection before it may have left people marked as away.
    noteAway();
    const noteTrouble = () => this.store.change({ trouble: transport.trouble });
    noteTrouble();
    this.voice.attach(transport);
    scope.add(
      () => this.voice.detach(),
      exchange.events.on('quality', (quality) => this.store.change({ quality })),
      transport.events.on('joined', noteAway),
      transport.events.on('hidden', noteAway),
      transport.events.on('trouble', noteTrouble),
      transport.events.on('left', noteAway),
    );
  }

  private onState(state: AttendanceState<JitsiTransport>): void {
    switch (state.phase) {
      case 'idle':
        return;
      case 'connecting':
      case 'reconnecting':
        this.noteGranted(state.granted);
        this.store.change({ phase: state.phase });
        return;
      case 'live':
        this.noteGranted(state.granted);
        this.store.change({ phase: 'live', liveSinceMs: this.getSnapshot().liveSinceMs ?? Date.now() });
        return;
      case 'ended':
        void this.close('ended', state.by === 'host' ? { reason: 'ended' } : null);
        return;
      case 'failed':
        void this.close('failed', sessionFailureOf(state.failure));
        return;
    }
  }

  private noteGranted(granted: Granted | null): void {
    if (!granted) return;
    const { meeting, self } = granted;
    this.voice.setPeople({ ownId: self.id, seated: new Set(meeting.people.map(({ id }) => id)) });
    this.store.change({ meeting, self });
  }

  private isOver(): boolean {
    const { phase } = this.getSnapshot();
    return phase === 'ended' || phase === 'failed';
  }

  private async close(phase: 'ended' | 'failed', failure: SessionFailure | null): Promise<void> {
    if (this.isOver()) return;
    this.store.change({ phase, failure });
    this.watches.close();
    this.voice.close();
    this.webcam.close();
    await this.attendance?.leave();
  }
}
