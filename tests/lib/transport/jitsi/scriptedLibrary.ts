import type {
  JitsiCaptureOptions,
  JitsiConference,
  JitsiLocalTrack,
  JitsiMeetJs,
  JitsiRemoteTrack,
} from '@/lib/transport/jitsi/library';

type Listener = (...args: never[]) => void;

/** Every name is its own value. */
const names = new Proxy({}, { get: (_target, name) => String(name) });

class Listeners {
  private readonly listeners = new Map<string, Listener[]>();

  add(event: string, listener: Listener): void {
    this.listeners.set(event, [...(this.listeners.get(event) ?? []), listener]);
  }

  emit(event: string, ...args: unknown[]): void {
    for (const listener of this.listeners.get(event) ?? []) (listener as (...given: unknown[]) => void)(...args);
  }
}

/** A track of the library without a browser behind it. */
class ScriptedTrack {
  readonly listeners = new Listeners();
  readonly media = Object.assign(new EventTarget(), { id: `media ${Math.random()}` });
  readonly stream = { of: this.media };

  constructor(
    private readonly local: boolean,
    readonly type: 'audio' | 'video',
    public videoType: string | null,
    public muted: boolean,
  ) {}

  isLocal = () => this.local;
  getType = () => this.type;
  getVideoType = () => this.videoType;
  getTrack = () => this.media as unknown as MediaStreamTrack;
  getOriginalStream = () => this.stream as unknown as MediaStream;
  isMuted = () => this.muted;
}

/** A remote track, as the library reports it. */
export class ScriptedRemoteTrack extends ScriptedTrack implements JitsiRemoteTrack {
  constructor(
    private readonly ownerId: string,
    type: 'audio' | 'video',
    videoType: string | null = null,
    muted = false,
  ) {
    super(false, type, videoType, muted);
  }

  getParticipantId = () => this.ownerId;
  addEventListener = (event: string, listener: Listener) => this.listeners.add(event, listener);
}

/** A local track that records what is done to it. */
class ScriptedLocalTrack extends ScriptedTrack implements JitsiLocalTrack {
  readonly done: string[] = [];

  constructor(
    type: 'audio' | 'video',
    readonly deviceId: string | undefined,
  ) {
    super(true, type, type === 'video' ? 'desktop' : null, false);
  }

  async mute(): Promise<void> {
    this.muted = true;
    this.done.push('mute');
  }

  async unmute(): Promise<void> {
    this.muted = false;
    this.done.push('unmute');
  }

  async dispose(): Promise<void> {
    this.done.push('dispose');
  }

  stopStream(): void {
    this.done.push('stop');
  }

  /** The device is unplugged, or the browser's own button is pressed. */
  end(): void {
    this.media.dispatchEvent(new Event('ended'));
  }
}

/** A library that captures without asking. */
export class ScriptedLibrary {
  readonly captured: ScriptedLocalTrack[] = [];
  readonly asked: JitsiCaptureOptions[] = [];
  refusal: unknown = null;
  readonly library = {
    events: { conference: names, connection: names, track: names },
    createLocalTracks: async (options: JitsiCaptureOptions) => {
      this.asked.push(options);
      if (this.refusal) throw this.refusal;
      const isScreen = options.devices[0] === 'desktop';
      const tracks = [new ScriptedLocalTrack(isScreen ? 'video' : 'audio', options.micDeviceId)];
      // A browser may add the sound of the screen.
      if (isScreen) tracks.push(new ScriptedLocalTrack('audio', undefined));
      this.captured.push(...tracks);
      return tracks;
    },
  } as unknown as JitsiMeetJs;
}

/** A conference that records what is sent in it. */
export class ScriptedConference {
  readonly listeners = new Listeners();
  readonly done: Array<readonly [what: string, ...tracks: ScriptedLocalTrack[]]> = [];
  refusal: unknown = null;
  readonly conference = {
    on: (event: string, listener: Listener) => this.listeners.add(event, listener),
    addTrack: async (track: ScriptedLocalTrack) => this.take(['add', track]),
    replaceTrack: async (previous: ScriptedLocalTrack, next: ScriptedLocalTrack) =>
      this.take(['replace', previous, next]),
  } as unknown as JitsiConference;

  private take(what: readonly [string, ...ScriptedLocalTrack[]]): void {
    if (this.refusal) throw this.refusal;
    this.done.push(what);
  }
}
