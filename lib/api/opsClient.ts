import { createTRPCClient, httpLink } from '@trpc/client';
import { toParleyApiError } from '@/lib/api/parleyApiError';
import type { HistorySpan, SiteHistory } from '@/lib/core/site/siteHistory';
import type { AppOutputs, AppRouter } from '@/server/api/router';

export type SiteOverview = AppOutputs['ops']['overview'];
export type OverseenMeetings = AppOutputs['ops']['meetings'];
export type OverseenMeeting = OverseenMeetings[number];
export type OverseenRecordings = AppOutputs['ops']['recordings'];

/** What those who run a site may do. Every promise rejects with a `ParleyApiError`: `forbidden` with a wrong token. */
export interface OpsClient {
  overview(): Promise<SiteOverview>;
  history(span: HistorySpan): Promise<SiteHistory>;
  /** Meetings with somebody in them. */
  meetings(): Promise<OverseenMeetings>;
  /** The newest recordings of all meetings. */
  recordings(): Promise<OverseenRecordings>;
  endMeeting(id: string): Promise<void>;
  removePerson(id: string, personId: string): Promise<void>;
  deleteRecording(id: string): Promise<void>;
  /** Takes a custom avatar away for good, by the SHA-256 of its file. */
  deleteAvatar(sha256: string): Promise<void>;
  /** Refuses new meetings from now on, or takes them again. */
  drain(isOn: boolean): Promise<void>;
  /** Sends an alert and its end wherever alerts go. Resolves with to how many addresses. */
  testAlert(): Promise<number>;
}

/** Timeout of a call. */
const CALL_MAX_MS = 15_000;

async function typed<Result>(call: Promise<Result>): Promise<Result> {
  try {
    return await call;
  } catch (error) {
    throw toParleyApiError(error);
  }
}

/** Makes a client of the site at `url` for the bearer of the operators' token. */
export function createOpsClient(url: string, opsToken: string): OpsClient {
  const send: typeof fetch = (target, init) => fetch(target, { ...init, signal: AbortSignal.timeout(CALL_MAX_MS) });
  const { ops } = createTRPCClient<AppRouter>({ links: [httpLink({ url: `${url}/api/trpc`, fetch: send })] });
  return {
    overview: () => typed(ops.overview.mutate({ opsToken })),
    history: (span) => typed(ops.history.mutate({ opsToken, span })),
    meetings: () => typed(ops.meetings.mutate({ opsToken })),
    recordings: () => typed(ops.recordings.mutate({ opsToken })),
    endMeeting: (id) => typed(ops.endMeeting.mutate({ opsToken, id })),
    removePerson: (id, personId) => typed(ops.removePerson.mutate({ opsToken, id, personId })),
    deleteRecording: (id) => typed(ops.deleteRecording.mutate({ opsToken, id })),
    deleteAvatar: (sha256) => typed(ops.deleteAvatar.mutate({ opsToken, sha256 })),
    drain: (isOn) => typed((isOn ? ops.drain : ops.undrain).mutate({ opsToken })),
    testAlert: async () => (await typed(ops.testAlert.mutate({ opsToken }))).sentTo,
  };
}
