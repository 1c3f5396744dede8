import { wrapPacket } from '../envelope';
import type { JitsiPass } from '../jitsiPass';
import type { Link, LinkEvents, LinkOutcome } from '../link';
import { type Endpoint, TransportError, type TransportErrorReason } from '../transport';
import type { JitsiConference, JitsiConnection, JitsiMeetJs, JitsiParticipant } from './library';

/** More than this waiting to be sent means that the way out is slower than what is sent (bytes). */
const BACKLOG_MAX_BYTES = 32 * 1024;

function connectionOptions({ coordinates }: JitsiPass): Record<string, unknown> {
  return {
    hosts: {
      domain: coordinates.xmppDomain,
      muc: coordinates.mucDomain,
      focus: coordinates.focusDomain,
    },
    serviceUrl: `${coordinates.xmppWebSocketUrl}?room=${encodeURIComponent(coordinates.room)}`,
    // Without the empty list the library asks a public STUN host.
    p2p: { enabled: false, stunServers: [] },
    stunServers: [],
    enableWebsocketResume: true,
    // A silent network is noticed after these, well before the server gives the seat away (milliseconds).
    xmppPing: { interval: 5_000, timeout: 3_000, threshold: 2 },
  };
}

const CONFERENCE_OPTIONS = {
  // The offer decides between WebSocket and data channel; naming one here would shut out the other.
  openBridgeChannel: true,
  p2p: { enabled: false, stunServers: [] },
  stunServers: [],
  disableSimulcast: true,
  enableTalkWhileMuted: false,
  // The library would send endpoint messages of its own to measure.
  e2eping: { pingInterval: -1 },
  disableThirdPartyRequests: true,
};

function describe(participant: JitsiParticipant): Endpoint {
  const identity = participant.getIdentity?.() ?? participant._identity;
  const personId = identity?.user?.id;
  return { endpointId: participant.getId(), personId: typeof personId === 'string' && personId ? personId : null };
}

/** One connection and one conference of lib-jitsi-meet, from joining to its end. Not used again after that. */
export class ConferenceLink implements Link {
  endpointId = '';
  private connection: JitsiConnection | null = null;
  private conference: JitsiConference | null = null;
  private up = false;
  private channelOpen = false;
  private closed = false;

  constructor(
    private readonly library: JitsiMeetJs,
    private readonly pass: JitsiPass,
    private readonly events: LinkEvents,
  ) {}

  /** Resolves once the conference is joined. @throws TransportError */
  async open(): Promise<void> {
    try {
      await this.connect();
      await this.joinConference();
      this.up = true;
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Sends to everybody else. */
  broadcast(bytes: Uint8Array, sizeBytes: number): LinkOutcome {
    if (!this.up || !this.channelOpen || !this.conference) return 'notOpen';
    if ((this.conference.rtc?._channel?._channel?.bufferedAmount ?? 0) > BACKLOG_MAX_BYTES) return 'backlogged';
    try {
      this.conference.broadcastEndpointMessage(wrapPacket(bytes, sizeBytes));
      return 'sent';
    } catch {
      // A closed channel is told by nothing but this; the library opens it again by itself and says so then.
      this.channelOpen = false;
      return 'notOpen';
    }
  }

  echo(): LinkOutcome {
    return 'notOpen';
  }

  setHidden(): void {}

  /** Leaves and disconnects; never rejects. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.up = false;
    await this.conference?.leave().catch(() => {});
    try {
      await this.connection?.disconnect();
    } catch {
      // Disconnecting twice, or from a socket that is gone, is what leaving after a loss looks like.
    }
  }

  private connect(): Promise<void> {
    const { JitsiConnection, events } = this.library;
    const connection = new JitsiConnection(null, this.pass.joinToken || null, connectionOptions(this.pass));
    this.connection = connection;
    return new Promise((resolve, reject) => {
      const down = (error: TransportError) => {
        reject(error);
        this.goDown(error);
      };
      connection.addEventListener(events.connection.CONNECTION_ESTABLISHED, () => resolve());
      connection.addEventListener(events.connection.CONNECTION_FAILED, (kind: string) => down(connectionError(kind)));
      connection.addEventListener(events.connection.CONNECTION_DISCONNECTED, () => down(lost()));
      connection.connect();
    });
  }

  private joinConference(): Promise<void> {
    const connection = this.connection!;
    const names = this.library.events.conference;
    // lib-jitsi-meet wants the room in lower case, as XMPP compares it.
    const conference = connection.initJitsiConference(this.pass.coordinates.room.toLowerCase(), CONFERENCE_OPTIONS);
    this.conference = conference;
    conference.on(names.USER_JOINED, (_id: string, user: JitsiParticipant) => this.events.onJoined(describe(user)));
    conference.on(names.USER_LEFT, (id: string) => this.events.onLeft(id));
    conference.on(names.DATA_CHANNEL_OPENED, () => {
      this.channelOpen = true;
    });
    conference.on(names.ENDPOINT_MESSAGE_RECEIVED, (from: JitsiParticipant | undefined, payload: unknown) => {
      if (from) this.events.onMessage(from.getId(), payload);
    });
    return new Promise((resolve, reject) => {
      const down = (error: TransportError) => {
        reject(error);
        this.goDown(error);
      };
      conference.on(names.CONFERENCE_JOINED, () => resolve());
      conference.on(names.CONFERENCE_FAILED, (kind: string) => {
        const error = this.conferenceError(kind);
        if (error) down(error);
      });
      conference.on(names.KICKED, () => down(new TransportError('kicked', 'You were taken out of the meeting.')));
      conference.join();
    });
  }

  /** Null where lib-jitsi-meet itself goes on, as it does after a lost media connection: poses may still flow. */
  private conferenceError(kind: string): TransportError | null {
    const errors = this.library.errors.conference;
    const refused = [errors.NOT_ALLOWED_ERROR, errors.MEMBERS_ONLY_ERROR, errors.AUTHENTICATION_REQUIRED];
    if (kind === errors.CONFERENCE_DESTROYED) {
      return new TransportError('conferenceDestroyed', 'The meeting was closed on the server.');
    }
    if (refused.includes(kind)) return new TransportError('notAllowed', 'The meeting server refused this token.');
    const broken = [errors.CONNECTION_ERROR, errors.CONFERENCE_RESTARTED, errors.FOCUS_LEFT, errors.GRACEFUL_SHUTDOWN];
    return this.up && !broken.includes(kind) ? null : lost();
  }

  private goDown(error: TransportError): void {
    if (!this.up || this.closed) return;
    this.up = false;
    this.events.onDown(error);
  }
}

function lost(): TransportError {
  return new TransportError('lost', 'The connection to the meeting server was lost.');
}

function connectionError(kind: string): TransportError {
  const refused = kind === 'connection.passwordRequired';
  const reason: TransportErrorReason = refused ? 'notAllowed' : 'unreachable';
  return new TransportError(
    reason,
    refused ? 'The meeting server refused this token.' : 'The meeting server cannot be reached.',
  );
}
