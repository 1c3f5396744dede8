import { wrapPacket } from '../bridgeMessage';
import { type JitsiPass, LINK_BACKLOG_MAX_BYTES, type Link, type LinkEvents, type LinkOutcome } from '../link';
import type { MediaPhase } from '../mediaPath';
import { loginUnanswered } from '../refusals';
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
  type JitsiWire,
} from './library';
import { MediaTap } from './mediaTap';
import { tapPresence } from './presenceTap';

/** Longest wait for the server's answer when leaving; the library would wait for five seconds. */
const FAREWELL_MAX_MS = 1_000;

/** How long a server may take to answer the login once its socket is open; looked at this often. */
const LOGIN_MAX_MS = 6_000;
const LOGIN_LOOK_MS = 500;

/** Longest wait for the XMPP connection to end: its stream closes at once, but the library waits for a timer. */
const DISCONNECT_MAX_MS = 250;

/** The participant property that says whether a page is hidden; it also reaches participants who join later. */
const HIDDEN_PROPERTY = 'parley_hidden';

/** The same for media that does not come through. */
const UNHEARD_PROPERTY = 'parley_unheard';

/** Something besides packets that lives and ends with the conference of a link. */
export interface ConferencePart {
  /** The link is used from now on. Before that, what comes in is kept, and nothing goes out. */
  begin(): void;
  close(): void;
}

function describe(participant: JitsiParticipant): Endpoint {
  const identity = participant.getIdentity?.() ?? participant._identity;
  const personId = identity?.user?.id;
  return { endpointId: participant.getId(), personId: typeof personId === 'string' && personId ? personId : null };
}

function wireOf(connection: JitsiConnection): JitsiWire | undefined {
  return connection.xmpp?.connection?._stropheConn?._proto;
}

function socketOf(connection: JitsiConnection): WebSocket | null {
  return wireOf(connection)?.socket ?? null;
}

/** Calls `onSilence` once the socket of a connection has been open for too long. Returns what stops watching. */
function watchLogin(connection: JitsiConnection, onSilence: () => void): () => void {
  let openMs = 0;
  const timer = setInterval(() => {
    openMs += socketOf(connection)?.readyState === 1 ? LOGIN_LOOK_MS : 0;
    if (openMs >= LOGIN_MAX_MS) onSilence();
  }, LOGIN_LOOK_MS);
  return () => clearInterval(timer);
}

function within(work: Promise<unknown> | undefined, limitMs: number): Promise<unknown> {
  const settled = Promise.resolve(work).catch(() => {});
  return Promise.race([settled, new Promise((resolve) => setTimeout(resolve, limitMs))]);
}

/**
 * Makes a conference leave only once, however often it is asked to. After a kick the library leaves on its own and looks at no failure of that:
 * if this page is on its way out already, as when a stay runs out, that would be an uncaught error of the page.
 */
function leavingOnce(conference: JitsiConference): JitsiConference {
  const leave = conference.leave.bind(conference);
  let leaving: Promise<unknown> | null = null;
  conference.leave = () => {
    leaving ??= leave();
    leaving.catch(() => {});
    return leaving;
  };
  return conference;
}

/**
 * Keeps what a server sends to a connection that is about to end from becoming an uncaught error of the page: while it disconnects,
 * the library looks into the first child of everything, and an acknowledgement or the start of a stream has none.
 */
function hearFarewell(connection: JitsiConnection): void {
  const wire = wireOf(connection);
  if (!wire) return;
  // Both: a stream that has yet to open takes its handler from the wire only then.
  if (wire._onMessage) wire._onMessage = quietly(wire._onMessage.bind(wire));
  const { socket } = wire;
  if (socket?.onmessage) socket.onmessage = quietly(socket.onmessage.bind(socket));
}

function quietly<Message>(hear: (message: Message) => void): (message: Message) => void {
  return (message) => {
    try {
      hear(message);
    } catch {
      // The link has left already, and needs nothing from the server.
    }
  };
}

/** One connection to one conference through lib-jitsi-meet, from joining to its end. Not used again after that. */
export class ConferenceLink implements Link {
  endpointId = '';
  private readonly occupantIds = new Map<string, string>();
  private connection: JitsiConnection | null = null;
  private conference: JitsiConference | null = null;
  private tap: ChannelTap | null = null;
  private mediaTap: MediaTap | null = null;
  private part: ConferencePart | null = null;
  private up = false;
  private channelOpen = false;
  private signallingUp = false;
  private taken = false;
  private closed = false;
  private stopLoginWatch = () => {};

  /** @param createPart Called with the conference before it is joined. */
  constructor(
    private readonly library: JitsiMeetJs,
    private readonly pass: JitsiPass,
    private readonly events: LinkEvents,
    private readonly createPart: (conference: JitsiConference) => ConferencePart | null = () => null,
  ) {}

  get occupantId(): string | null {
    return this.occupantIds.get(this.endpointId) ?? null;
  }

  get reopensChannel(): boolean {
    return this.tap?.reopens ?? true;
  }

  get canRestart(): boolean {
    // A session that ends before its media has come up looks to a focus as if media could not.
    const phase = this.mediaPhase;
    return !this.closed && phase !== 'connecting' && phase !== 'failed' && this.hasSession();
  }

  get backlogBytes(): number | null {
    return this.tap?.backlogBytes ?? null;
  }

  get mediaPhase(): MediaPhase {
    return this.mediaTap?.phase ?? 'none';
  }

  get mediaPort(): number | null {
    return this.mediaTap?.udpPort ?? null;
  }

  begin(): void {
    this.taken = true;
    this.part?.begin();
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

  tell(endpointId: string, payload: unknown): LinkOutcome {
    return this.send((conference) => conference.sendEndpointMessage(endpointId, payload));
  }

  setHidden(isHidden: boolean): void {
    this.say(HIDDEN_PROPERTY, isHidden);
  }

  setUnheard(isUnheard: boolean): void {
    this.say(UNHEARD_PROPERTY, isUnheard);
  }

  restart(): void {
    const { conference } = this;
    try {
      // Older builds leave the voices of the session that ends.
      conference?._removeRemoteJVBTracks?.();
      conference?._restartMediaSessions?.();
    } catch {
      // The session has just ended by itself; if no other follows, a fresh link does.
    }
    this.tap?.detach();
    this.noteChannel(false);
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.up = false;
    this.stopLoginWatch();
    this.tap?.detach();
    this.part?.close();
    const leaving = this.leaveConference();
    // Without its socket the library would wait for an answer that cannot come.
    if (this.signallingUp) await within(leaving, FAREWELL_MAX_MS);
    await within(this.disconnect(), DISCONNECT_MAX_MS);
  }

  private hasSession(): boolean {
    return Boolean(this.conference?._restartMediaSessions && this.conference.getActiveMediaSession?.());
  }

  private say(property: string, isSo: boolean): void {
    try {
      this.conference?.setLocalParticipantProperty(property, String(isSo));
    } catch {
      // This link is on its way out; the next one says it again.
    }
  }

  private send(give: (conference: JitsiConference) => void): LinkOutcome {
    if (!this.channelOpen || this.closed || !this.conference) return 'notOpen';
    // Sending on a channel that is closing makes the library log an error.
    if (this.tap && !this.tap.isOpen) return 'notOpen';
    if ((this.backlogBytes ?? 0) > LINK_BACKLOG_MAX_BYTES) return 'backlogged';
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
      // Without an answer of the server the library has left all the same.
    }
  }

  private async disconnect(): Promise<void> {
    if (this.connection) hearFarewell(this.connection);
    try {
      await this.connection?.disconnect();
    } catch {
      // After a loss the socket is gone already, or this is the second disconnect.
    }
  }

  private connect(): Promise<void> {
    const { JitsiConnection, events } = this.library;
    const connection = new JitsiConnection(null, this.pass.joinToken || null, connectionOptions(this.pass));
    this.connection = connection;
    return new Promise((resolve, reject) => {
      const down = (error: TransportError) => {
        this.stopLoginWatch();
        this.signallingUp = false;
        reject(error);
        this.goDown(error);
      };
      this.stopLoginWatch = watchLogin(connection, () => down(loginUnanswered()));
      connection.addEventListener(events.connection.CONNECTION_ESTABLISHED, () => {
        this.stopLoginWatch();
        this.noteSignalling(connection);
        resolve();
      });
      connection.addEventListener(events.connection.CONNECTION_FAILED, (kind: string, said?: unknown) =>
        down(connectionError(kind, said)),
      );
      connection.addEventListener(events.connection.CONNECTION_DISCONNECTED, () => down(lost()));
      connection.connect();
    });
  }

  /** The socket is up, for the first time or after a resumption. */
  private noteSignalling(connection: JitsiConnection): void {
    const isAgain = this.up;
    this.signallingUp = true;
    const socket = socketOf(connection);
    socket?.addEventListener('close', () => {
      this.signallingUp = false;
      if (!this.closed) this.events.onSignalling(false);
    });
    if (isAgain) this.events.onSignalling(true);
  }

  private joinConference(): Promise<void> {
    // lib-jitsi-meet requires the room in lower case, as XMPP compares it.
    const room = this.pass.coordinates.room.toLowerCase();
    const conference = leavingOnce(this.connection!.initJitsiConference(room, CONFERENCE_OPTIONS));
    this.conference = conference;
    this.mediaTap = new MediaTap(conference);
    this.tap = new ChannelTap(conference, {
      onEcho: (payload) => this.events.onMessage(this.endpointId, payload),
      wantsStrays: () => this.up && !this.signallingUp,
      onStray: (endpointId, payload) => this.events.onMessage(endpointId, payload),
      onDownlink: (downlinkBps) => this.events.onDownlink(downlinkBps),
      onClosed: () => this.noteChannel(false),
    });
    this.listen(conference);
    this.part = this.createPart(conference);
    if (this.taken) this.part?.begin();
    tapPresence(conference, {
      onBridgeAway: (isAway) => this.events.onBridgeAway(isAway),
      onOwner: (endpointId) => this.events.onOwner(endpointId),
      onOccupant: (endpointId, occupantId) => {
        this.occupantIds.set(endpointId, occupantId);
        this.events.onOccupant(endpointId, occupantId);
      },
    });
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
        if (name === UNHEARD_PROPERTY) this.events.onUnheard(participant.getId(), value === 'true');
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
      conference.on(names.CONFERENCE_FAILED, (kind: string, ...said: unknown[]) => {
        if (kind === this.library.errors.conference.VIDEOBRIDGE_NOT_AVAILABLE) {
          this.events.onBridgeAway(true);
          return;
        }
        const error = conferenceError(this.library, kind, this.up, said);
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
