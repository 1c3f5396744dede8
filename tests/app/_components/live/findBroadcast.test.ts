import { describe, expect, it } from 'vitest';
import { findBroadcast } from '@/app/_components/live/findBroadcast';
import { ParleyApiError } from '@/lib/api';
import type { LiveRecording } from '@/lib/core/recording';

type Reason = ConstructorParameters<typeof ParleyApiError>[0];

const LIVE: LiveRecording = {
  id: 'a'.repeat(32),
  startedAt: '2026-01-01T00:00:00.000Z',
  consent: 'tell',
  title: '',
  filesUrl: '/b/right/',
};

describe('what there is to watch of a meeting', () => {
  const asked = (live: () => Promise<LiveRecording>) => ({ recording: { live } });

  it.each<[Reason, string]>([
    [{ reason: 'notFound', recordingReason: 'notRunning' }, 'notLive'],
    [{ reason: 'forbidden', recordingReason: 'liveOff' }, 'off'],
    [{ reason: 'notFound' }, 'missing'],
    [{ reason: 'badInput' }, 'missing'],
    [{ reason: 'tooManyRequests', retryAfterMs: 1000 }, 'unreachable'],
    [{ reason: 'offline' }, 'unreachable'],
  ])('the refusal %j is told as %s', async (data, kind) => {
    const client = asked(() => Promise.reject(new ParleyApiError(data, 'No.')));
    expect(await findBroadcast('m', client)).toEqual({ kind });
  });

  it('a recording whose first second is not there yet is looked for again', async () => {
    const state = { serverMs: 0, startedAtMs: 0, oldest: null, newest: null, delayMs: 0, isLive: true };
    const fetchBytes = async () => Response.json(state);
    expect(
      await findBroadcast(
        'm',
        asked(async () => LIVE),
        { fetchBytes },
      ),
    ).toEqual({ kind: 'notLive' });
  });
});
