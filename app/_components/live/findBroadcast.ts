import type { ParleyClient } from '@/lib/api';
import { ParleyApiError } from '@/lib/api';
import type { LiveFeedParts } from '@/lib/replay/live/liveFeed';
import { LiveFeed } from '@/lib/replay/live/liveFeed';

/**
 * What there is to watch of a meeting. `notLive`: it is not being recorded now; `missing`: there is no such meeting; `ended`: it is over;
 * `off`: the site shows no meeting live; `unreachable`: the server does not answer.
 */
export type Broadcast =
  | { readonly kind: 'live'; readonly feed: LiveFeed }
  | { readonly kind: 'notLive' | 'missing' | 'off' | 'unreachable' };

function kindOf(error: unknown): Exclude<Broadcast['kind'], 'live'> {
  if (!(error instanceof ParleyApiError)) return 'unreachable';
  if (error.recordingReason === 'notRunning') return 'notLive';
  if (error.recordingReason === 'liveOff') return 'off';
  return error.reason === 'notFound' || error.reason === 'badInput' ? 'missing' : 'unreachable';
}

/** Finds what there is to watch of a meeting, and opens it. Never rejects. */
export async function findBroadcast(
  meetingId: string,
  client: { readonly recording: Pick<ParleyClient['recording'], 'live'> },
  parts: Omit<LiveFeedParts, 'filesUrl'> = {},
): Promise<Broadcast> {
  let filesUrl: string;
  try {
    ({ filesUrl } = await client.recording.live({ id: meetingId }));
  } catch (error) {
    return { kind: kindOf(error) };
  }
  try {
    return { kind: 'live', feed: await LiveFeed.open({ ...parts, filesUrl }) };
  } catch {
    // The first second is still being made, or the recording has just ended.
    return { kind: 'notLive' };
  }
}
