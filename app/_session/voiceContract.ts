import type { Emitter } from '@/lib/core/emitter';
import type { HearingSink } from '@/lib/core/hearingSink';
import type { DeviceErrorReason } from '@/lib/devices/deviceError';
import type { Device } from '@/lib/devices/deviceManager';
import type { VoiceStats } from '@/lib/meeting/stats';
import type { MediaState } from '@/lib/transport/mediaPath';
import type { VoiceFeed } from '@/scene/frame/feeds';

/** State of the local microphone: not wanted, being opened, sent (muted or not), or why there is none. */
export type MicrophoneState = 'off' | 'starting' | 'live' | 'denied' | 'missing' | 'busy' | 'failed';

/** The microphone to join with ('' for the browser's choice), open or muted; null for none. */
export type MicrophoneChoice = { readonly deviceId: string; readonly muted: boolean } | null;

/** A screen that is shared now. */
export interface ScreenView {
  /** The person who shares it; null if it is the local one and has no place yet. */
  readonly personId: string | null;
  readonly isOwn: boolean;
  readonly stream: MediaStream;
  /** Plays it outside the document, for the room's screen. */
  readonly video: HTMLVideoElement;
}

/** What React renders of sound and screens; a new object for each change, never at audio rate. */
export interface VoiceSnapshot {
  readonly microphone: MicrophoneState;
  /** The microphone that is sent or was asked for; '' for the browser's choice. */
  readonly deviceId: string;
  readonly devices: readonly Device[];
  readonly isMuted: boolean;
  /** Push-to-talk is held: the local participant is heard although muted. */
  readonly isTalking: boolean;
  /** The browser plays no voices before the user has pressed something. */
  readonly isBlocked: boolean;
  /** Ids of the people who speak now, including the local participant. */
  readonly speaking: ReadonlySet<string>;
  /** Ids of remote people whose microphone is muted or absent. */
  readonly mutedPeople: ReadonlySet<string>;
  /** Whether voices come through this person's network. Once blocked, only voices that do come through say otherwise. */
  readonly media: MediaState;
  /** The UDP port that voices need; null if unknown. */
  readonly mediaPort: number | null;
  /** Ids of the people whose voice does not come through, though they may not be muted; including the local participant. */
  readonly unheardPeople: ReadonlySet<string>;
  /** Id of the loudest speaker, according to the bridge. */
  readonly dominantSpeaker: string | null;
  /** Volume of everything, 0 to 1.5. */
  readonly master: number;
  /** Volumes by person id, 0 to 2; 1 for people without an entry. */
  readonly volumes: Readonly<Record<string, number>>;
  /** The most recent of the screens that are shared now. */
  readonly screen: ScreenView | null;
  readonly isSharing: boolean;
}

/** What the user should be told in passing. */
export interface VoiceNews {
  /** The local microphone went away by itself. */
  microphoneLost: null;
  /** The browser, or a new connection, has ended the local shared screen. */
  screenEnded: null;
  screenFailed: { readonly reason: DeviceErrorReason };
}

/** Voices and screens of one attendance. Read through `useSyncExternalStore`; the scene reads levels and reports places. */
export interface VoiceSession extends VoiceFeed, HearingSink {
  readonly subscribe: (listener: () => void) => () => void;
  readonly getSnapshot: () => VoiceSnapshot;
  readonly news: Emitter<VoiceNews>;
  /** The choice with which to join again as now. */
  readonly choice: MicrophoneChoice;
  /** How loud the local microphone is to others now, 0 to 1; 0 while muted. */
  ownLevel(): number;
  /** Sends the microphone `deviceId` in place of the previous one. Never rejects: failures are in the snapshot. */
  takeMicrophone(deviceId: string): Promise<void>;
  /** Mutes or unmutes; without a microphone, takes one and unmutes it. */
  toggleMuted(): void;
  /** Push-to-talk: unmutes the microphone until `release`. */
  hold(): void;
  release(): void;
  /** Asks for a screen and shares it, or stops sharing. Never rejects. */
  shareScreen(isShared: boolean): Promise<void>;
  setMaster(volume: number): void;
  setVolume(personId: string, volume: number): void;
  /** Lets the browser play the others' voices; call it during a press of a key or button. */
  hearOthers(): void;
  stats(): VoiceStats;
}
