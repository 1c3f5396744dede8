import { recallVoice, rememberVoice, type VoiceMemory, withVolume } from '@/app/_memory/voiceMemory';
import { systemClock } from '@/lib/core/clock';
import { Emitter } from '@/lib/core/emitter';
import { Scope } from '@/lib/core/scope';
import { SnapshotStore } from '@/lib/core/snapshotStore';
import { DeviceError } from '@/lib/devices/deviceError';
import { type DeviceManager, pageDevices } from '@/lib/devices/deviceManager';
import type { VoiceStats } from '@/lib/meeting/stats';
import type { RemoteTrack } from '@/lib/transport/media';
import { SpeakingGate } from '@/lib/voice/voiceMeter';
import { createVoiceOutput } from '@/lib/voice/voiceMixer';
import type { VoiceOutput } from '@/lib/voice/voiceOutput';
import { OwnMicrophone } from './ownMicrophone';
import { sameMembers } from './people';
import { mutedPeopleOf, OthersVoices, SharedScreens, unheardPeopleOf, type VoiceTransport } from './remoteMedia';
import type { MicrophoneChoice, VoiceNews, VoiceSession, VoiceSnapshot } from './voiceContract';

const NO_ONE: ReadonlySet<string> = new Set();

/** Who is in the meeting. */
export interface PeopleHere {
  /** The local participant's id, or a spectator's; null until the API has given a place. */
  readonly ownId: string | null;
  /** Ids of those with a seat. Spectators neither speak nor share. */
  readonly seated: ReadonlySet<string>;
}

const NOBODY_HERE: PeopleHere = { ownId: null, seated: NO_ONE };

/** The snapshot before anyone is heard: silence, at the remembered volumes. */
function voiceAtFirst({ deviceId, master, people }: VoiceMemory): VoiceSnapshot {
  return {
    microphone: 'off',
    deviceId,
    devices: [],
    isMuted: false,
    isTalking: false,
    isBlocked: false,
    speaking: NO_ONE,
    mutedPeople: NO_ONE,
    media: 'connecting',
    mediaPort: null,
    unheardPeople: NO_ONE,
    dominantSpeaker: null,
    master,
    volumes: people,
    screen: null,
    isSharing: false,
  };
}

/** Events after which browsers let a page play sound. */
const GESTURES = ['pointerdown', 'keydown'] as const;

/** Calls `listener` on every press of a key or button anywhere in `target`, until the returned function is called. */
function onGesture(target: EventTarget | null, listener: () => void): () => void {
  for (const name of GESTURES) target?.addEventListener(name, listener, { capture: true });
  return () => {
    for (const name of GESTURES) target?.removeEventListener(name, listener, { capture: true });
  };
}

/** How often speakers are looked for, ms: as often as a speaking ring may change, far below the rate of audio. */
const LOOK_EVERY_MS = 100;

export interface VoiceSessionParts {
  createOutput(): VoiceOutput;
  readonly devices: Pick<DeviceManager, 'list' | 'watch'>;
  /** Where presses of keys and buttons are noticed; null outside a browser. */
  readonly gestures: EventTarget | null;
}

const BROWSER_PARTS: VoiceSessionParts = {
  createOutput: createVoiceOutput,
  devices: pageDevices,
  gestures: typeof window === 'undefined' ? null : window,
};

/** Voices and screens of one attendance, over one transport after another. */
export class BrowserVoiceSession implements VoiceSession {
  readonly news = new Emitter<VoiceNews>();
  private readonly store: SnapshotStore<VoiceSnapshot>;
  private readonly own: OwnMicrophone;
  private readonly others: OthersVoices;
  private readonly screens: SharedScreens;
  private readonly ownGate = new SpeakingGate();
  /** From `begin` to `close`. */
  private readonly scope = new Scope();
  /** What listens to the transport that is attached. */
  private listening = new Scope();
  private output: VoiceOutput | null = null;
  private transport: VoiceTransport | null = null;
  /** Whether the attached transport has been given the microphone. */
  private isSending = false;
  private people: PeopleHere = NOBODY_HERE;
  private wasSilenced = false;
  /** The dominant speaker's endpoint, as the bridge reports it. Its person may not be known yet. */
  private dominantId: string | null = null;

  readonly subscribe: (listener: () => void) => () => void;
  readonly getSnapshot: () => VoiceSnapshot;

  constructor(private readonly parts: VoiceSessionParts = BROWSER_PARTS) {
    this.store = new SnapshotStore(voiceAtFirst(recallVoice()));
    this.subscribe = this.store.subscribe;
    this.getSnapshot = this.store.getSnapshot;
    const output = () => this.needOutput();
    this.own = new OwnMicrophone(output, (view) => this.store.change(view));
    this.others = new OthersVoices(output, (personId) => this.getSnapshot().volumes[personId] ?? 1);
    this.screens = new SharedScreens((screen, isSharing) => this.store.change({ screen, isSharing }));
  }

  get choice(): MicrophoneChoice {
    return this.own.choice;
  }

  /** Starts with the choice made in the lobby. Call it during the press of its button, so that sound may be played. */
  begin(choice: MicrophoneChoice): void {
    this.needOutput();
    this.own.want(choice);
    const looking = setInterval(() => this.look(), LOOK_EVERY_MS);
    this.scope.add(
      () => clearInterval(looking),
      this.parts.devices.watch(() => void this.readDevices()),
      onGesture(this.parts.gestures, () => this.output?.isBlocked && this.output.resume()),
    );
  }

  /** Sets who is in the meeting, as the API says: only they are heard, and only their screens are shown. */
  setPeople(people: PeopleHere): void {
    const before = this.people;
    this.people = people;
    if (!sameMembers(before.seated, people.seated)) this.judgeAll();
  }

  /** Uses `transport` from now on. */
  attach(transport: VoiceTransport): void {
    this.detach();
    this.transport = transport;
    this.listenTo(transport);
    this.judgeAll();
    if (transport.state === 'live') this.onLive(transport);
  }

  /** Leaves the transport. Choices stay for the next one. */
  detach(): void {
    this.listening.close();
    this.listening = new Scope();
    this.transport = null;
    this.isSending = false;
    this.dominantId = null;
    this.own.detach();
    this.others.clear();
    if (this.screens.isSharing) this.news.emit('screenEnded', null);
    this.screens.clear();
    this.store.change({ speaking: NO_ONE, mutedPeople: NO_ONE, unheardPeople: NO_ONE, dominantSpeaker: null });
  }

  /** Ends everything, for good. */
  close(): void {
    this.detach();
    this.scope.close();
    this.output?.close();
    this.output = null;
    this.news.clear();
  }

  ownLevel(): number {
    return this.own.level(systemClock.nowMs());
  }

  level(personId: string): number {
    if (personId === this.people.ownId) return this.ownLevel();
    return this.output?.level(personId, systemClock.nowMs()) ?? 0;
  }

  setListener(x: number, y: number, z: number, forwardX: number, forwardY: number, forwardZ: number): void {
    this.output?.setListener(x, y, z, forwardX, forwardY, forwardZ);
  }

  setMouth(personId: string, x: number, y: number, z: number): void {
    this.output?.setMouth(personId, x, y, z);
  }

  async takeMicrophone(deviceId: string): Promise<void> {
    rememberVoice({ deviceId });
    await this.own.take(deviceId);
    await this.readDevices();
  }

  toggleMuted(): void {
    if (this.own.isWanted) {
      this.own.act({ type: 'toggle' });
      return;
    }
    this.own.act({ type: 'set', isMuted: false });
    void this.takeMicrophone(this.getSnapshot().deviceId);
  }

  hold(): void {
    if (this.own.isLive) this.own.act({ type: 'hold' });
  }

  release(): void {
    this.own.act({ type: 'release' });
  }

  async shareScreen(isShared: boolean): Promise<void> {
    const { transport } = this;
    if (!transport) return;
    if (!isShared) this.screens.removeOwn();
    try {
      const stream = await transport.setScreenShared(isShared);
      if (stream && transport === this.transport) this.screens.addOwn(this.people.ownId, stream);
    } catch (error) {
      const reason = error instanceof DeviceError ? error.reason : 'failed';
      if (reason !== 'dismissed') this.news.emit('screenFailed', { reason });
    }
  }

  setMaster(master: number): void {
    this.output?.setMaster(master);
    this.store.change({ master });
    rememberVoice({ master });
  }

  setVolume(personId: string, volume: number): void {
    const volumes = withVolume(this.getSnapshot().volumes, personId, volume);
    this.output?.setVolume(personId, volume);
    this.store.change({ volumes });
    rememberVoice({ people: volumes });
  }

  hearOthers(): void {
    this.output?.resume();
  }

  stats(): VoiceStats {
    const { microphone, isMuted, mutedPeople, media, screen } = this.getSnapshot();
    const heard = [...this.others.people].map((id) => ({ id, level: this.level(id), muted: mutedPeople.has(id) }));
    return { microphone, isMuted, media, heard, screen: screen?.personId ?? null };
  }

  private needOutput(): VoiceOutput {
    if (!this.output) {
      this.output = this.parts.createOutput();
      this.output.setMaster(this.getSnapshot().master);
    }
    return this.output;
  }

  private listenTo(transport: VoiceTransport): void {
    const { events, media } = transport;
    const noteMuted = () => this.noteMuted();
    const noteMedia = () => this.noteMedia(transport);
    this.listening.add(
      events.on('state', ({ state }) => state === 'live' && this.onLive(transport)),
      events.on('joined', () => {
        this.judgeAll();
        noteMedia();
      }),
      events.on('left', () => this.judgeAll()),
      events.on('media', noteMedia),
      events.on('unheard', noteMedia),
      media.on('muted', noteMuted),
      media.on('trackAdded', (track) => this.onTrack(track)),
      media.on('trackRemoved', ({ id }) => this.onTrackGone(id)),
      media.on('dominantSpeaker', ({ endpointId }) => {
        this.dominantId = endpointId;
        this.noteDominant();
      }),
      media.on('captureEnded', ({ kind }) => (kind === 'voice' ? this.onMicrophoneEnded() : this.onScreenEnded())),
    );
  }

  /** The microphone waits until the transport is live: joining must never wait for a question of the browser. */
  private onLive(transport: VoiceTransport): void {
    this.noteMuted();
    this.noteMedia(transport);
    if (this.isSending) return;
    this.isSending = true;
    void this.own.attach(transport).then(() => this.readDevices());
  }

  private onTrack(track: RemoteTrack): void {
    this.judge(track);
    this.noteMuted();
  }

  /** Plays a track of somebody who is in the meeting, and no other. */
  private judge(track: RemoteTrack): void {
    const personId = this.seatedPersonOf(track.from.endpointId);
    if (personId === null) this.forget(track.id);
    else if (track.kind === 'voice') this.others.add(track, personId);
    else this.screens.add(track.id, personId, track.stream);
  }

  private judgeAll(): void {
    for (const track of this.transport?.tracks.values() ?? []) this.judge(track);
    this.noteMuted();
    this.noteDominant();
  }

  /** The person behind an endpoint; null if that is not known (yet), the endpoint is not here or the person has no seat. */
  private seatedPersonOf(endpointId: string): string | null {
    const personId = this.transport?.endpoints.get(endpointId)?.personId ?? null;
    return personId !== null && this.people.seated.has(personId) ? personId : null;
  }

  private forget(trackId: string): void {
    this.others.remove(trackId);
    this.screens.remove(trackId);
  }

  private onTrackGone(trackId: string): void {
    this.forget(trackId);
    this.noteMuted();
  }

  private noteDominant(): void {
    this.store.change({ dominantSpeaker: this.dominantId === null ? null : this.seatedPersonOf(this.dominantId) });
  }

  private onMicrophoneEnded(): void {
    this.own.onEnded();
    this.news.emit('microphoneLost', null);
  }

  private onScreenEnded(): void {
    this.screens.removeOwn();
    this.news.emit('screenEnded', null);
  }

  private noteMuted(): void {
    const mutedPeople = this.transport ? mutedPeopleOf(this.transport) : NO_ONE;
    if (!sameMembers(mutedPeople, this.getSnapshot().mutedPeople)) this.store.change({ mutedPeople });
  }

  private noteMedia(transport: VoiceTransport): void {
    const before = this.getSnapshot();
    const { state, udpPort } = transport.mediaPath;
    // A fresh connection knows nothing yet: no reason to believe that voices come through all at once.
    const media = state === 'connecting' && before.media === 'blocked' ? before.media : state;
    const unheard = unheardPeopleOf(transport);
    if (media === 'blocked' && this.people.ownId !== null) unheard.add(this.people.ownId);
    const unheardPeople = sameMembers(unheard, before.unheardPeople) ? before.unheardPeople : unheard;
    this.store.change({ media, mediaPort: udpPort ?? before.mediaPort, unheardPeople });
  }

  /** Notes who speaks and whether voices are blocked. An audio context takes a moment to start, so blocking counts the second time. */
  private look(): void {
    const nowMs = systemClock.nowMs();
    const speaking = new Set<string>();
    this.others.gatherSpeaking(nowMs, speaking);
    if (this.ownGate.update(this.own.level(nowMs), nowMs) && this.people.ownId !== null)
      speaking.add(this.people.ownId);
    const isSilenced = this.output?.isBlocked ?? false;
    const before = this.getSnapshot();
    this.store.change({
      isBlocked: isSilenced && this.wasSilenced,
      speaking: sameMembers(speaking, before.speaking) ? before.speaking : speaking,
    });
    this.wasSilenced = isSilenced;
  }

  private async readDevices(): Promise<void> {
    const devices = await this.parts.devices.list('microphone');
    if (!this.scope.isClosed) this.store.change({ devices });
  }
}
