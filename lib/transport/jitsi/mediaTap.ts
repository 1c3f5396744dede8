import type { MediaPhase } from '../mediaPath';
import type { JitsiConference } from './library';

const PHASE_OF: Readonly<Record<RTCPeerConnectionState, MediaPhase>> = {
  new: 'connecting',
  connecting: 'connecting',
  // The browser goes on trying; most such breaks are short.
  disconnected: 'connecting',
  connected: 'connected',
  failed: 'failed',
  closed: 'none',
};

/** A candidate line of SDP (RFC 8839, 5.1): foundation, component, protocol, priority, address, port. */
const UDP_CANDIDATE = /^a=candidate:\S+ \d+ udp \d+ \S+ (\d+) /im;

/**
 * Reads how far the media connection under the library is. The library's own events tell of a lost connection, but not of
 * one that was never made. Sees nothing in builds that hide the connection.
 */
export class MediaTap {
  private known: RTCPeerConnection | null = null;
  private port: number | null = null;

  constructor(private readonly conference: JitsiConference) {}

  get phase(): MediaPhase {
    const connection = this.connection();
    if (!connection) return 'none';
    // A connection that is up may still wait for DTLS, so this is not the state of ICE.
    return PHASE_OF[connection.connectionState] ?? 'none';
  }

  /** The bridge's UDP port; null until it has offered one. */
  get udpPort(): number | null {
    const connection = this.connection();
    if (connection && (connection !== this.known || this.port === null)) {
      this.known = connection;
      const port = UDP_CANDIDATE.exec(connection.remoteDescription?.sdp ?? '')?.[1];
      this.port = port === undefined ? null : Number(port);
    }
    return this.port;
  }

  private connection(): RTCPeerConnection | undefined {
    return this.conference.getActiveMediaSession?.()?.peerconnection?.peerconnection;
  }
}
