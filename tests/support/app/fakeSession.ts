import { vi } from 'vitest';
import type { MeetingSession, SessionSnapshot } from '@/app/_session/sessionContract';
import type { MicrophoneChoice, VoiceNews, VoiceSession, VoiceSnapshot } from '@/app/_session/voiceContract';
import type { WebcamSession, WebcamSnapshot } from '@/app/_session/webcamSession';
import { Emitter } from '@/lib/core/emitter';
import type { MeetingView, SeatedPerson } from '@/lib/core/meeting';
import type { RecordingView } from '@/lib/core/recording';
import { SnapshotStore } from '@/lib/core/snapshotStore';
import type { MotionSource } from '@/lib/motion/motionSource';
import { TIERS } from '@/lib/quality/tiers';
import type { PoseFeed } from '@/scene/frame/feeds';

/** A person with a seat, by an id that is the name in lower case. */
export function seated(name: string, seat: number, avatar = 'ada'): SeatedPerson {
  return { id: name.toLowerCase(), name, avatar, seat, endpoint: null };
}

/** A recording that was stopped. */
const RECORDING: RecordingView = {
  id: 'a'.repeat(32),
  meetingId: 'round-table',
  title: 'Round table',
  startedAt: '2026-01-01T00:00:00.000Z',
  consent: 'tell',
  state: 'ready',
  failure: null,
  limit: null,
  durationS: 60,
  sizeBytes: 600_000,
  keptUntil: '2026-01-31T00:00:00.000Z',
  replayUrl: 'https://parley.test/r/right',
  filesUrl: 'https://parley.test/b/right/',
};

/** A meeting of 16 seats, empty unless said otherwise. */
export function meetingView(part: Partial<MeetingView> = {}): MeetingView {
  return {
    id: 'round-table',
    title: 'Round table',
    maxParticipants: 16,
    createdAt: '2026-01-01T00:00:00.000Z',
    endedAt: null,
    people: [],
    spectators: 0,
    tier: TIERS.high,
    recording: null,
    ...part,
  };
}

/** A voice session without sound: it keeps a state and does at once what it is told. */
export class FakeVoice extends SnapshotStore<VoiceSnapshot> implements VoiceSession {
  readonly news = new Emitter<VoiceNews>();
  choice: MicrophoneChoice = null;

  constructor(part: Partial<VoiceSnapshot> = {}) {
    super({
      microphone: 'live',
      deviceId: '',
      devices: [],
      isMuted: false,
      isTalking: false,
      isBlocked: false,
      speaking: new Set(),
      mutedPeople: new Set(),
      media: 'through',
      mediaPort: null,
      unheardPeople: new Set(),
      dominantSpeaker: null,
      master: 1,
      volumes: {},
      screen: null,
      isSharing: false,
      ...part,
    });
  }

  readonly toggleMuted = vi.fn(() => this.change({ microphone: 'live', isMuted: !this.getSnapshot().isMuted }));
  readonly hold = vi.fn(() => this.change({ isTalking: true }));
  readonly release = vi.fn(() => this.change({ isTalking: false }));
  readonly takeMicrophone = vi.fn(async (deviceId: string) => this.change({ deviceId }));
  readonly shareScreen = vi.fn(async (isShared: boolean) => this.change({ isSharing: isShared }));
  readonly hearOthers = vi.fn(() => this.change({ isBlocked: false }));
  readonly setMaster = vi.fn((master: number) => this.change({ master }));
  readonly setVolume = vi.fn((personId: string, volume: number) =>
    this.change({ volumes: { ...this.getSnapshot().volumes, [personId]: volume } }),
  );

  ownLevel(): number {
    return 0;
  }

  level(): number {
    return 0;
  }

  setListener(): void {}

  setMouth(): void {}

  stats() {
    const { microphone, media } = this.getSnapshot();
    return { microphone, isMuted: false, media, heard: [], screen: null };
  }
}

/** A webcam session without a webcam. */
export class FakeWebcam extends SnapshotStore<WebcamSnapshot> implements WebcamSession {
  constructor(part: Partial<WebcamSnapshot> = {}) {
    super({
      phase: 'off',
      deviceId: '',
      devices: [],
      tracked: { face: false, body: false, hands: false },
      isLost: false,
      calibration: 'none',
      stream: null,
      ...part,
    });
  }

  readonly open = vi.fn(async (deviceId: string) => this.change({ phase: 'live', deviceId }));
  readonly openIfAllowed = vi.fn(async () => {});
  readonly close = vi.fn(() => this.change({ phase: 'off' }));
  readonly toggle = vi.fn(() => this.change({ phase: this.getSnapshot().phase === 'live' ? 'off' : 'live' }));
  readonly calibrate = vi.fn(async () => this.change({ calibration: 'running' }));

  over(rest: MotionSource): MotionSource {
    return rest;
  }

  stats(): undefined {}
}

/** A session without a server: tests set its state. Live with one seated person unless said otherwise. */
export class FakeSession extends SnapshotStore<SessionSnapshot> implements MeetingSession {
  readonly voice: FakeVoice;
  readonly webcam: FakeWebcam;
  readonly feed = {} as PoseFeed;
  isHost = false;

  constructor(part: Partial<SessionSnapshot> = {}, voice = new FakeVoice(), webcam = new FakeWebcam()) {
    const self = seated('Ana', 0);
    super({
      phase: 'live',
      failure: null,
      meeting: meetingView({ people: [self] }),
      self: { ...self, role: 'participant' },
      quality: null,
      awayIds: new Set(),
      isOutOfDate: false,
      trouble: 'none',
      liveSinceMs: 0,
      ...part,
    });
    this.voice = voice;
    this.webcam = webcam;
  }

  readonly look = vi.fn(async () => {});
  readonly join = vi.fn(async () => {});
  readonly changeAppearance = vi.fn(async () => {});
  readonly uploadAvatar = vi.fn();
  readonly leave = vi.fn(async () => {});
  readonly endForAll = vi.fn(async () => {});
  readonly startRecording = vi.fn(async () => {});
  readonly stopRecording = vi.fn(async () => RECORDING);
  readonly agreeToRecording = vi.fn(async (_agrees: boolean) => {});
  readonly attachScene = vi.fn();
}

/** The state of a spectator, who has no seat. */
export const WATCHING = { self: { id: 'watcher', role: 'spectator' } } as const;
