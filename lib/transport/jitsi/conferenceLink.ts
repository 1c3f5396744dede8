import { wrapPacket } from '../bridgeMessage';
import type { JitsiPass, Link, LinkEvents, LinkOutcome } from '../link';
import { type Endpoint, lost, TransportError } from '../transport';
import { ChannelTap } from './channelTap';
import {
  CONFERENCE_OPTIONS,
  conferenceError,
  connectionError,
  connectionOptions,
  type JitsiConference,
  type JitsiConnection,
  type JitsiMeetJs,
  type JitsiParticipant,
} from './library';

/** More than this waiting to be sent means that the way out is slower than what is sent (bytes). */
const BACKLOG_MAX_BYTES = 32 * 1024;

/** Longest that the server's answer to a farewell is waited for; the library would wait for five seconds. */
const FAREWELL_MAX_MS = 1_000;

/** Longest that the end of the XMPP connection is waited for: the stream is closed at once, the library waits for a timer. */
const DISCONNECT_MAX_MS = 250;

/** The participant property by which a page says that it is hidden; it reaches those who join later too. */
const HIDDEN_PROPERTY = 'parley_hidden';

/** What lives and ends with the conference of a link, beside its packets. */
export interface ConferencePart {
  close(): void;
}

function describe(participant: JitsiParticipant): Endpoint {
  const identity = participant.getIdentity?.() ?? participant._identity;
  const personId = identity?.user?.id;
  return { endpointId: participant.getId(), personId: typeof personId === 'string' && personId ? personId : null };
}

function within(work: Promise<unknown> | undefined, limitMs: number): Promise<unknown> {
  const settled = Promise.resolve(work).catch(() => {});
  return Promise.race([settled, new Promise((resolve) => setTimeout(resolve, limitMs))]);
}

/** One connection and one conference of lib-jitsi-meet, from joining to its end. Not used again after that. */
export class ConferenceLink implements Link {
  endpointId = '';
  private connection: JitsiConnection | null = null;
  private conference: JitsiConference | null = null;
  private tap: ChannelTap | null = null;
  private part: ConferencePart | null = null;
  private up = false;
  private channelOpen = false;
  private signallingUp = false;
  private closed = false;

  /** @param createPart called with the conference before it is joined. */
  constructor(
    private readonly library: JitsiMeetJs,
    private readonly pass: JitsiPass,
    private readonly events: LinkEvents,
    private readonly createPart: (conference: JitsiConference) => ConferencePart | null = () => null,
  ) {}

  get reopensChannel(): boolean {
    return this.tap?.reopens ?? true;
  }

  get backlogBytes(): number | null {
    return this.tap?.backlogBytes ?? null;
  }

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

  broadcast(bytes: Uint8Array, sizeBytes: number): LinkOutcome {
    return this.send((conference) => conference.broadcastEndpointMessage(wrapPacket(bytes, sizeBytes)));
  }

  sendTo(endpointId: string, bytes: Uint8Array, sizeBytes: number): LinkOutcome {
    return this.send((conference) => conference.sendEndpointMessage(endpointId, wrapPacket(bytes, sizeBytes)));
  }

  echo(payload: unknown): LinkOutcome {
    return this.send((conference) => conference.sendEndpointMessage(this.endpointId, payload));
  }

  setHidden(isHidden: boolean): void {
    try {
      this.conference?.setLocalParticipantProperty(HIDDEN_PROPERTY, String(isHidden));
    } catch {
      // Told anew by the next link; this one is on its way out.
    }
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.up = false;
    this.tap?.detach();
    this.part?.close();
    const leaving = this.leaveConference();
    // Without its socket the library can only wait for an answer that nobody will give.
    if (this.signallingUp) await within(leaving, FAREWELL_MAX_MS);
    await within(this.disconnect(), DISCONNECT_MAX_MS);
  }

  private send(give: (conference: JitsiConference) => void): LinkOutcome {
    if (!this.channelOpen || this.closed || !this.conference) return 'notOpen';
    // A channel that is closing would be sent on once more, of which the library complains aloud.
    if (this.tap && !this.tap.isOpen) return 'notOpen';
    if ((this.backlogBytes ?? 0) > BACKLOG_MAX_BYTES) return 'backlogged';
    try {
      give(this.conference);
      return 'sent';
    } catch {
      this.noteChannel(false);
      return 'notOpen';
    }
  }

  private async leaveConference(): Promise<void> {
    try {
      await this.conference?.leave();
    } catch {
      // The library leaves by itself when it is taken out; leaving twice is an error to it.
    }
  }

  private async disconnect(): Promise<void> {
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
        this.signallingUp = false;
        reject(error);
        this.goDown(error);
      };
      connection.addEventListener(events.connection.CONNECTION_ESTABLISHED, () => {
        this.noteSignalling(connection);
        resolve();
      });
      connection.addEventListener(events.connection.CONNECTION_FAILED, (kind: string) => down(connectionError(kind)));
      connection.addEventListener(events.connection.CONNECTION_DISCONNECTED, () => down(lost()));
      connection.connect();
    });
  }

  /** The socket is there: for the first time, or again after a resumption. */
  private noteSignalling(connection: JitsiConnection): void {
    const isAgain = this.up;
    this.signallingUp = true;
    const socket = connection.xmpp?.connection?._stropheConn?._proto?.socket;
    socket?.addEventListener('close', () => {
      this.signallingUp = false;
      if (!this.closed) this.events.onSignalling(false);
    });
    if (isAgain) this.events.onSignalling(true);
  }

  private joinConference(): Promise<void> {
    // lib-jitsi-meet wants the room in lower case, as XMPP compares it.
    const room = this.pass.coordinates.room.toLowerCase();
    const conference = this.connection!.initJitsiConference(room, CONFERENCE_OPTIONS);
    this.conference = conference;
    this.tap = new ChannelTap(conference, {
      onEcho: (payload) => this.events.onMessage(this.endpointId, payload),
      onDownlink: (downlinkBps) => this.events.onDownlink(downlinkBps),
      onClosed: () => this.noteChannel(false),
    });
    this.listen(conference);
    this.part = this.createPart(conference);
    return this.join(conference);
  }

  private listen(conference: JitsiConference): void {
    const names = this.library.events.conference;
    conference.on(names.USER_JOINED, (_id: string, user: JitsiParticipant) => this.events.onJoined(describe(user)));
    conference.on(names.USER_LEFT, (id: string) => this.events.onLeft(id));
    conference.on(names.DATA_CHANNEL_OPENED, () => this.noteChannel(true));
    conference.on(names.ENDPOINT_MESSAGE_RECEIVED, (from: JitsiParticipant | undefined, payload: unknown) => {
      if (from) this.events.onMessage(from.getId(), payload);
    });
    conference.on(
      names.PARTICIPANT_PROPERTY_CHANGED,
      (participant: JitsiParticipant, name: string, _previous: unknown, value: unknown) => {
        if (name === HIDDEN_PROPERTY) this.events.onHidden(participant.getId(), value === 'true');
      },
    );
  }

  private join(conference: JitsiConference): Promise<void> {
    const names = this.library.events.conference;
    return new Promise((resolve, reject) => {
      const down = (error: TransportError) => {
        reject(error);
        this.goDown(error);
      };
      conference.on(names.CONFERENCE_JOINED, () => {
        this.endpointId = conference.myUserId();
        resolve();
      });
      conference.on(names.CONFERENCE_FAILED, (kind: string) => {
        const error = conferenceError(this.library, kind, this.up);
        if (error) down(error);
      });
      conference.on(names.KICKED, () => down(new TransportError('kicked', 'You were taken out of the meeting.')));
      conference.join();
    });
  }

  private noteChannel(isOpen: boolean): void {
    if (this.closed) return;
    if (isOpen) {
      this.endpointId = this.conference?.myUserId() ?? this.endpointId;
      this.tap?.attach();
    }
    this.channelOpen = isOpen;
    this.events.onChannel(isOpen);
  }

  private goDown(error: TransportError): void {
    if (!this.up || this.closed) return;
    this.up = false;
    this.events.onDown(error);
  }
}
