import type { Page } from 'playwright-core';

/** What a page has sent over its peer connections. */
export interface SentMedia {
  readonly connections: number;
  /** Video tracks ever added to one. */
  readonly videoTracks: number;
  /** Bytes of video sent. */
  readonly videoBytes: number;
}

interface Watch {
  readonly connections: RTCPeerConnection[];
  videoTracks: number;
}

/** Starts to watch what `page` gives its peer connections. Call it before the first navigation. */
export async function watchSentMedia(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const watch: Watch = { connections: [], videoTracks: 0 };
    Object.assign(globalThis, { sentMedia: watch });
    const note = (track: unknown) => {
      if (track instanceof MediaStreamTrack && track.kind === 'video') watch.videoTracks += 1;
    };
    const Native = RTCPeerConnection;
    globalThis.RTCPeerConnection = class extends Native {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        watch.connections.push(this);
      }
    };
    const { addTrack, addTransceiver } = Native.prototype;
    Native.prototype.addTrack = function (track, ...streams) {
      note(track);
      return addTrack.call(this, track, ...streams);
    };
    Native.prototype.addTransceiver = function (track, init) {
      note(track);
      return addTransceiver.call(this, track, init);
    };
    const { replaceTrack } = RTCRtpSender.prototype;
    RTCRtpSender.prototype.replaceTrack = function (track) {
      note(track);
      return replaceTrack.call(this, track);
    };
  });
}

/** Totals so far. */
export function readSentMedia(page: Page): Promise<SentMedia> {
  return page.evaluate(async () => {
    const { sentMedia } = globalThis as unknown as { sentMedia: Watch };
    let videoBytes = 0;
    for (const connection of sentMedia.connections) {
      for (const report of (await connection.getStats()).values()) {
        if (report.type === 'outbound-rtp' && report.kind === 'video') videoBytes += report.bytesSent;
      }
    }
    return { connections: sentMedia.connections.length, videoTracks: sentMedia.videoTracks, videoBytes };
  });
}
