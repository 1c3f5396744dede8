import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BrowserMeetingSession, watchNews } from '@/app/_session/meetingSession';
import { BrowserWebcamSession } from '@/app/_session/webcamSession';
import { createParleyClient, type MeetingStayEvents } from '@/lib/api';
import { Emitter } from '@/lib/core/emitter';
import { madeClip } from '@/tests/e2e/support/madeClip';

describe('meeting session', () => {
  it('leaving while the motion loads takes no seat', async () => {
    const asked: string[] = [];
    const client = createParleyClient({
      url: 'http://parley.invalid',
      fetch: async (target) => {
        asked.push(String(target));
        throw new TypeError('nothing is there');
      },
    });
    const session = new BrowserMeetingSession({
      meetingId: 'round-table',
      client,
      identity: 'a secret of this tab',
      hostToken: null,
      webcam: new BrowserWebcamSession(),
      onEndedByHost: () => {},
    });
    const clip = { kind: 'bvhFile', fileName: 'clip.bvh', text: madeClip() } as const;
    const joining = session.join({ role: 'participant', name: 'Ana', avatar: 'ada', motion: clip, microphone: null });
    await session.leave();
    await joining;
    expect(asked).toEqual([]);
    expect(session.getSnapshot().phase).toBe('ended');
  });
});

describe('whether the list of people is up to date', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('people are told nothing while looks stand in for a stream, and not before both have failed for a while', () => {
    const events = new Emitter<MeetingStayEvents>();
    const told: boolean[] = [];
    const stop = watchNews(events, (isOutOfDate) => told.push(isOutOfDate));
    for (const connection of ['connecting', 'open', 'connecting', 'polling'] as const) {
      events.emit('connection', connection);
      vi.advanceTimersByTime(20_000);
    }
    expect(told).toEqual([false, false]);
    events.emit('connection', 'connecting');
    vi.advanceTimersByTime(30_000);
    expect(told.at(-1)).toBe(true);
    events.emit('connection', 'polling');
    expect(told.at(-1)).toBe(false);
    events.emit('connection', 'connecting');
    stop();
    vi.advanceTimersByTime(60_000);
    expect(told.at(-1)).toBe(false);
  });
});
