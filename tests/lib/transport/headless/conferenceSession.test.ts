import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { silentLog } from '@/lib/core/log';
import { ConferenceSession } from '@/lib/transport/headless/conferenceSession';
import { attrOf, NS, xml } from '@/lib/transport/headless/element';
import { VoiceBook } from '@/lib/transport/headless/voice/voiceBook';

describe('the session that a focus offers to a headless transport', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('T-73 requests for a fresh session become rare while no session works', async () => {
    const askedAtMs: number[] = [];
    const session = new ConferenceSession({
      endpointId: 'e1',
      jid: 'e1@x/r',
      media: 'none',
      voices: new VoiceBook(),
      hearScreen: null,
      channelEvents: { onOpen: () => {}, onText: () => {} },
      log: silentLog,
      ask: async (_to, jingle) => {
        if (attrOf(jingle, 'action') === 'session-terminate') askedAtMs.push(Date.now());
        throw new Error('refused');
      },
    });
    const startMs = Date.now();
    const audio = xml('content', { name: 'audio' }, xml('description', { xmlns: NS.rtp, media: 'audio' }));
    session.take(xml('jingle', { xmlns: NS.jingle, action: 'session-initiate', sid: 's1' }, audio), 'focus');
    await vi.advanceTimersByTimeAsync(300_000);
    session.close();
    const pausesS = askedAtMs.map((atMs, at) => Math.round((atMs - (askedAtMs[at - 1] ?? startMs)) / 1000));
    expect(pausesS).toEqual([2, 4, 8, 16, 32, 64, 64, 64]);
  });
});
