import type { Emitter } from '@/lib/core/emitter';
import type { Endpoint } from './transport';

/** What a track shows or lets one hear. Faces are never sent as pictures: the only picture there is, is a shared screen. */
export type TrackKind = 'voice' | 'screen';

/** Somebody else's voice or screen. */
export interface RemoteTrack {
  /** Unique among the tracks that are here now. */
  readonly id: string;
  readonly from: Endpoint;
  readonly kind: TrackKind;
  /** Holds exactly one audio or video track. */
  readonly stream: MediaStream;
}

export interface MediaEvents {
  trackAdded: RemoteTrack;
  trackRemoved: { readonly id: string };
  /** Somebody has muted or opened their microphone. */
  muted: { readonly endpointId: string; readonly isMuted: boolean };
  /** Who speaks loudest, as the bridge says; null when that one has gone. */
  dominantSpeaker: { readonly endpointId: string | null };
  /** One's own microphone or screen has ended without being asked to: unplugged, or stopped by the browser's own button. */
  captureEnded: { readonly kind: TrackKind };
}

/** Voices and screens of a conference, beside its packets. What is sent survives a reconnection of the transport. */
export interface MediaTransport {
  readonly media: Emitter<MediaEvents>;
  /** The others' tracks that are here now, by id. */
  readonly tracks: ReadonlyMap<string, RemoteTrack>;
  /** Endpoints whose microphone is muted or absent. */
  isMuted(endpointId: string): boolean;
  /**
   * Takes the microphone `deviceId` ('' for the browser's choice) and sends it, in place of the one before; null sends none.
   * Resolves with the stream that is sent, for a level meter, or null. @throws DeviceError
   */
  setMicrophone(deviceId: string | null): Promise<MediaStream | null>;
  /** Mutes or opens the microphone that is sent, and every later one. Never throws. */
  setMuted(isMuted: boolean): void;
  /**
   * Asks for a screen and sends it (true), or ends that (false). Resolves with what is sent, or null.
   * @throws DeviceError
   */
  setScreenShared(isShared: boolean): Promise<MediaStream | null>;
}
