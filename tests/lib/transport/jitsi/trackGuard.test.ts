import { describe, expect, it } from 'vitest';
import { silentLog } from '@/lib/core/log';
import type { JitsiConference } from '@/lib/transport/jitsi/library';
import { guardTracks } from '@/lib/transport/jitsi/trackGuard';

/** The library's wrapper of a connection, which listens as the library does: it reads the id of the first stream. */
class FakeConnection {
  readonly peerconnection = new EventTarget();
  readonly heard: string[] = [];
  onTrack = (event: RTCTrackEvent) => void this.heard.push(event.streams[0]!.id);

  constructor(readonly facts: readonly unknown[]) {
    this.peerconnection.addEventListener('track', this.onTrack as unknown as EventListener);
  }

  close(): void {
    this.peerconnection.removeEventListener('track', this.onTrack as unknown as EventListener);
  }

  track(...streams: readonly string[]): void {
    const event = Object.assign(new Event('track'), {
      streams: streams.map((id) => ({ id })),
      track: { kind: 'audio' },
    });
    this.peerconnection.dispatchEvent(event);
  }
}

function connect() {
  const warnings: string[] = [];
  const rtc = { createPeerConnection: (...facts: unknown[]) => new FakeConnection(facts) };
  guardTracks({ rtc } as unknown as JitsiConference, { ...silentLog, warn: (text) => warnings.push(text) });
  return { connection: rtc.createPeerConnection('a', 2), warnings };
}

describe('tracks of a connection of the library', () => {
  it('T-74 a track without a stream is left out and logged, and others go to the library as before', () => {
    const { connection, warnings } = connect();
    connection.track('voice of ann');
    connection.track();
    connection.track('voice of ben');
    expect(connection.heard).toEqual(['voice of ann', 'voice of ben']);
    expect(warnings).toHaveLength(1);
    expect(connection.facts).toEqual(['a', 2]);
  });

  it('T-74 the library still stops listening when it closes a connection', () => {
    const { connection } = connect();
    connection.close();
    connection.track('voice of ann');
    expect(connection.heard).toEqual([]);
  });

  it('T-74 a build that hides its connections is left as it is', () => {
    expect(() => guardTracks({} as unknown as JitsiConference, silentLog)).not.toThrow();
  });
});
