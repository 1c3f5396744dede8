import type { Emitter } from '@/lib/core/emitter';
import type { Endpoint } from './transport';

/** What a track carries. Faces are never sent as video: the only video is a shared screen. */
export type TrackKind = 'voice' | 'screen';

/** The voice or screen of another endpoint. */
export interface RemoteTrack {
  /** Unique among the current tracks. */
  readonly id: string;
  readonly from: Endpoint;
  readonly kind: TrackKind;
  /** Holds exactly one audio or video track. */
  readonly stream: MediaStream;
}

export interface MediaEvents {
  trackAdded: RemoteTrack;
  trackRemoved: { readonly id: string };
  /** An endpoint has muted or unmuted its microphone. */
  muted: { readonly endpointId: string; readonly isMuted: boolean };
  /** The dominant speaker, as the bridge says; null once that endpoint has left. */
  dominantSpeaker: { readonly endpointId: string | null };
  /** The local microphone or screen has ended by itself: unplugged, or stopped with the browser's own button. */
  captureEnded: { readonly kind: TrackKind };
}

/** Voices and screens of a conference, beside its packets. Local tracks survive a reconnection of the transport. */
export interface MediaTransport {
  readonly media: Emitter<MediaEvents>;
  /** The current tracks of the other endpoints, by id. */
  readonly tracks: ReadonlyMap<string, RemoteTrack>;
  /** Whether an endpoint's microphone is muted or absent. */
  isMuted(endpointId: string): boolean;
  /**
   * Captures the microphone `deviceId` ('' for the browser's choice) and sends it in place of the previous one; null sends
   * none. Resolves with the stream that is sent, for a level meter, or null. @throws DeviceError
   */
  setMicrophone(deviceId: string | null): Promise<MediaStream | null>;
  /** Mutes or unmutes the microphone that is sent, and every later one. Never throws. */
  setMuted(isMuted: boolean): void;
  /**
   * Asks for a screen and sends it (true), or stops sharing (false). Resolves with the stream that is sent, or null.
   * @throws DeviceError
   */
  setScreenShared(isShared: boolean): Promise<MediaStream | null>;
}
