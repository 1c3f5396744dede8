import { describe, expect, it } from 'vitest';
import { BrowserMeetingSession } from '@/app/_session/meetingSession';
import { BrowserWebcamSession } from '@/app/_session/webcamSession';
import { createParleyClient } from '@/lib/api';
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
