import type { VoiceTransport } from '@/app/_session/remoteMedia';
import { Emitter } from '@/lib/core/emitter';
import type { MediaEvents, RemoteTrack } from '@/lib/transport/media';
import type { MediaPath } from '@/lib/transport/mediaPath';
import type { Endpoint, TransportEvents, TransportState } from '@/lib/transport/transport';
import type { VoiceOutput } from '@/lib/voice/voiceOutput';

/** A stream for tests to pass around; only its device is ever read. */
export function fakeStream(deviceId = ''): MediaStream {
  const track = { getSettings: () => ({ deviceId }) };
  return { getAudioTracks: () => [track] } as unknown as MediaStream;
}

/** Stands in for Web Audio, which Node lacks: keeps its calls, and reports the levels that a test sets. */
export class FakeOutput implements VoiceOutput {
  readonly heard = new Map<string, string>();
  readonly volumes = new Map<string, number>();
  readonly levels = new Map<string, number>();
  ownLevel = 0;
  measured = 0;
  master = 1;
  isBlocked = false;
  resumed = 0;
  isClosed = false;

  add(voiceId: string, personId: string): void {
    this.heard.set(voiceId, personId);
  }

  remove(voiceId: string): void {
    this.heard.delete(voiceId);
  }

  level(personId: string): number {
    return this.levels.get(personId) ?? 0;
  }

  setVolume(personId: string, volume: number): void {
    this.volumes.set(personId, volume);
  }

  setMaster(volume: number): void {
    this.master = volume;
  }

  measure() {
    this.measured += 1;
    const stop = () => {
      this.measured -= 1;
    };
    return { level: () => this.ownLevel, stop };
  }

  resume(): void {
    this.resumed += 1;
  }

  close(): void {
    this.isClosed = true;
  }

  setMouth(): void {}

  setListener(): void {}
}

/** Stands in for a transport with media, which only browsers have. */
export class FakeTransport implements VoiceTransport {
  readonly events = new Emitter<TransportEvents>();
  readonly media = new Emitter<MediaEvents>();
  readonly endpoints = new Map<string, Endpoint>();
  readonly tracks = new Map<string, RemoteTrack>();
  readonly hidden = new Set<string>();
  readonly unheard = new Set<string>();
  mediaPath: MediaPath = { state: 'connecting', udpPort: null };
  readonly endpointId = 'own';
  readonly isChannelOpen = true;
  readonly backlogBytes = null;
  readonly downlinkBps = null;
  readonly trouble = 'none';
  readonly open = new Set<string>();
  state: TransportState = 'connecting';
  /** Opens the next microphones, or rejects. */
  microphone: (deviceId: string) => Promise<MediaStream> = async (deviceId) => fakeStream(deviceId);
  sent: string | null = null;
  isOwnMuted = false;

  goLive(): void {
    this.state = 'live';
    this.events.emit('state', { state: 'live' });
  }

  isMuted(endpointId: string): boolean {
    return !this.open.has(endpointId);
  }

  async setMicrophone(deviceId: string | null): Promise<MediaStream | null> {
    this.sent = null;
    if (deviceId === null) return null;
    const stream = await this.microphone(deviceId);
    this.sent = deviceId;
    return stream;
  }

  setMuted(isMuted: boolean): void {
    this.isOwnMuted = isMuted;
  }

  async setScreenShared(): Promise<MediaStream | null> {
    return null;
  }

  /** Adds an endpoint with a voice, muted or open. */
  enter(endpointId: string, personId: string | null, isOpen: boolean): void {
    const from = { endpointId, personId };
    this.endpoints.set(endpointId, from);
    this.events.emit('joined', from);
    const track: RemoteTrack = { id: `${endpointId}-voice`, from, kind: 'voice', stream: fakeStream() };
    this.tracks.set(track.id, track);
    this.media.emit('trackAdded', track);
    this.turn(endpointId, isOpen);
  }

  /** Media comes through to this client, or does not. */
  reach(mediaPath: MediaPath): void {
    this.mediaPath = mediaPath;
    this.events.emit('media', mediaPath);
  }

  /** An endpoint says whether media comes through to it. */
  say(endpointId: string, isUnheard: boolean): void {
    if (isUnheard) this.unheard.add(endpointId);
    else this.unheard.delete(endpointId);
    this.events.emit('unheard', { endpoint: this.endpoints.get(endpointId)!, isUnheard });
  }

  turn(endpointId: string, isOpen: boolean): void {
    if (isOpen) this.open.add(endpointId);
    else this.open.delete(endpointId);
    this.media.emit('muted', { endpointId, isMuted: !isOpen });
  }

  async connect(): Promise<void> {}

  broadcast() {
    return 'notOpen' as const;
  }

  sendTo() {
    return 'notOpen' as const;
  }

  setHidden(): void {}

  wake(): void {}

  async disconnect(): Promise<void> {}
}
