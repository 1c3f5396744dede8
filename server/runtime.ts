import type { MeetingErrorData, MeetingView } from '@/lib/core/meeting';

/** A meeting, or why it can't be shown, with a sentence for the user. Plain data: pages are bundled apart. */
export type MeetingAnswer =
  | { readonly meeting: MeetingView }
  | { readonly refusal: { readonly data: MeetingErrorData; readonly message: string } };

/** What the link to a recording says of it where it is shown. */
export interface RecordingCard {
  /** The meeting's title; may be empty. */
  readonly title: string;
  /** ISO time. */
  readonly startedAt: string;
  readonly durationS: number;
  /** Who is there. */
  readonly names: readonly string[];
}

/** What the pages may ask of the process that serves them. */
export interface Runtime {
  /** Looks a meeting up as its visitor at the address `ip` would over the API, with the API's checks and limits. */
  findMeeting(id: string, ip: string): Promise<MeetingAnswer>;
  /** What a caller at the address `ip` may know of the recording that `right` lets them watch; null without the right. */
  findRecording(right: string, ip: string): Promise<RecordingCard | null>;
  /** Whether the operator lets links open microphone and webcam. */
  readonly isKiosk: boolean;
}

/** Headers in which the process hands the caller's address and the site's origin to the pages; never taken from outside. */
export const CLIENT_IP_HEADER = 'x-parley-client-ip';
export const SITE_ORIGIN_HEADER = 'x-parley-origin';

// Next bundles its pages apart from the process around them, so a module variable would exist twice.
const RUNTIME = Symbol.for('parley.runtime');

type Holder = { [RUNTIME]?: Runtime };

/** Offers `runtime` to the pages of this process. */
export function provideRuntime(runtime: Runtime): void {
  (globalThis as Holder)[RUNTIME] = runtime;
}

/** The process's runtime, or null if Next alone serves the pages. */
export function findRuntime(): Runtime | null {
  return (globalThis as Holder)[RUNTIME] ?? null;
}
