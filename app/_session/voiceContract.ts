import type { Emitter } from '@/lib/core/emitter';
import type { HearingSink } from '@/lib/core/hearingSink';
import type { DeviceErrorReason } from '@/lib/devices/deviceError';
import type { Device } from '@/lib/devices/deviceManager';
import type { VoiceStats } from '@/lib/meeting/stats';
import type { VoiceFeed } from '@/scene/frame/feeds';

/** Where one's own microphone stands: not wanted, being opened, sent (muted or not), or why there is none. */
export type MicrophoneState = 'off' | 'starting' | 'live' | 'denied' | 'missing' | 'busy' | 'failed';

/** How one sits down: with this microphone ('' for the browser's choice), heard or muted; null without. */
export type MicrophoneChoice = { readonly deviceId: string; readonly muted: boolean } | null;

/** A screen that is shared now. */
export interface ScreenView {
  /** Whose it is; null where the deployment vouches for nobody. */
  readonly personId: string | null;
  readonly isOwn: boolean;
  readonly stream: MediaStream;
  /** Plays it, in no document, for the room's screen. */
  readonly video: HTMLVideoElement;
}

/** Everything React draws of sound and screens; a new object a change, never at audio rate. */
export interface VoiceSnapshot {
  readonly microphone: MicrophoneState;
  /** The microphone that is sent or was wanted; '' for the browser's choice. */
  readonly deviceId: string;
  readonly devices: readonly Device[];
  readonly isMuted: boolean;
  /** Push-to-talk is held: one is heard although muted. */
  readonly isTalking: boolean;
  /** The browser lets nobody be heard before the person has done something. */
  readonly isBlocked: boolean;
  /** Who speaks now, oneself included. */
  readonly speaking: ReadonlySet<string>;
  /** Whose microphone is muted or absent, others only. */
  readonly mutedPeople: ReadonlySet<string>;
  /** Who speaks loudest, as the bridge says. */
  readonly dominantSpeaker: string | null;
  /** Volume of everything, 0 to 1.5. */
  readonly master: number;
  /** Volume of people by id, 0 to 2; who is not here has 1. */
  readonly volumes: Readonly<Record<string, number>>;
  /** The screen that was shared last, of those that still are. */
  readonly screen: ScreenView | null;
  readonly isSharing: boolean;
}

/** What a person should be told in passing. */
export interface VoiceNews {
  /** One's microphone has gone without being asked to. */
  microphoneLost: null;
  /** The browser has ended one's shared screen, or a new connection has. */
  screenEnded: null;
  screenFailed: { readonly reason: DeviceErrorReason };
}

/** Voices and screens of one stay. Read through `useSyncExternalStore`; the scene reads levels and tells of places. */
export interface VoiceSession extends VoiceFeed, HearingSink {
  readonly subscribe: (listener: () => void) => () => void;
  readonly getSnapshot: () => VoiceSnapshot;
  readonly news: Emitter<VoiceNews>;
  /** With what one would sit down again as one is now. */
  readonly choice: MicrophoneChoice;
  /** How loud one's own microphone is to others now, 0 to 1; 0 while muted. */
  ownLevel(): number;
  /** Sends the microphone `deviceId` in place of the one before. Never rejects: what goes wrong is in the snapshot. */
  takeMicrophone(deviceId: string): Promise<void>;
  /** Mutes or opens; where there is no microphone yet, takes one and opens it. */
  toggleMuted(): void;
  /** Push-to-talk: opens a muted microphone until `release`. */
  hold(): void;
  release(): void;
  /** Asks for a screen and shares it, or ends that. Never rejects. */
  shareScreen(isShared: boolean): Promise<void>;
  setMaster(volume: number): void;
  setVolume(personId: string, volume: number): void;
  /** Lets the others be heard; to be called during a press of a key or a button. */
  hearOthers(): void;
  stats(): VoiceStats;
}
