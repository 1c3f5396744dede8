import type { MeetingEvent } from '@/lib/core/meeting';
import type { JitsiPass } from '@/lib/transport/link';
import type { RecordingOrder } from '@/server/recorder/recorderContract';
import type { RecorderNews } from '@/server/recorder/tapRecorder';
import type { LogSettings } from '@/server/serverLog';
import type { RecordingsPlace } from '@/server/store/recordings/recordingFiles';

/** What the spectators' thread is started with. */
export interface SpectatorSettings {
  readonly place: RecordingsPlace;
  readonly log: LogSettings;
}

/** To the spectators' thread. */
export type ToSpectators =
  | { readonly kind: 'record'; readonly order: RecordingOrder }
  | { readonly kind: 'follow'; readonly id: string; readonly event: MeetingEvent }
  | { readonly kind: 'stopRecording'; readonly id: string }
  /** Null where no pass can be had now. */
  | { readonly kind: 'pass'; readonly call: number; readonly pass: JitsiPass | null }
  | { readonly kind: 'close' };

/** From the spectators' thread. */
export type FromSpectators =
  | { readonly kind: 'passWanted'; readonly call: number; readonly room: string }
  | { readonly kind: 'recording'; readonly news: RecorderNews }
  | { readonly kind: 'closed' };
