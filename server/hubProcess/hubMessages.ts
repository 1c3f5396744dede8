import type { IncomingHttpHeaders } from 'node:http';
import type { AdmissionResult, Presence } from '@/lib/core/admission';
import type { MeetingEvent } from '@/lib/core/meeting';
import type { HubOptions } from '@/server/hub/hub';
import type { HubStats } from '@/server/hub/hubStats';
import type { RecordingOrder } from '@/server/recorder/recorderContract';
import type { RecorderNews } from '@/server/recorder/tapRecorder';
import type { LogSettings } from '@/server/serverLog';
import type { RecordingsPlace } from '@/server/store/recordings/recordingFiles';

/** The hub's options that are plain data, and so reach its process. */
export type HubSettings = Pick<
  HubOptions,
  'domain' | 'publicUrl' | 'proxyHops' | 'media' | 'bridgeChannel' | 'jicofo' | 'faults'
> & {
  readonly log: LogSettings;
  /** How often the hub tells its figures, ms. */
  readonly statsEveryMs: number;
  /** Where recordings are kept; null where there are none. */
  readonly recordings: RecordingsPlace | null;
};

/** A request for an upgrade, without its socket. */
export interface PassedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** What followed the request's head already. */
  readonly head: Uint8Array;
}

/** What the hub asks of the process that knows tokens and stays. */
export type Question =
  | { readonly about: 'token'; readonly token: string | null }
  | { readonly about: 'presences'; readonly present: readonly Presence[] };

/** Null where the question can't be answered now. */
export type Answer = AdmissionResult | readonly string[] | null;

/** To the hub's process. The socket of an `upgrade` travels with it. */
export type ToHub =
  | { readonly kind: 'start'; readonly settings: HubSettings }
  | { readonly kind: 'upgrade'; readonly request: PassedRequest }
  | { readonly kind: 'answer'; readonly call: number; readonly answer: Answer }
  | { readonly kind: 'endRoom'; readonly room: string }
  | { readonly kind: 'removePerson'; readonly room: string; readonly personId: string }
  | { readonly kind: 'revokeStay'; readonly stayId: string }
  | { readonly kind: 'strike' }
  | { readonly kind: 'record'; readonly order: RecordingOrder }
  | { readonly kind: 'follow'; readonly id: string; readonly event: MeetingEvent }
  | { readonly kind: 'stopRecording'; readonly id: string }
  | { readonly kind: 'close' };

/** From the hub's process. */
export type FromHub =
  | { readonly kind: 'ready' }
  | { readonly kind: 'question'; readonly call: number; readonly question: Question }
  | { readonly kind: 'recording'; readonly news: RecorderNews }
  | { readonly kind: 'stats'; readonly stats: HubStats };
