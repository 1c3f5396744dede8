import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Admission } from '@/lib/core/admission';
import { type Clock, systemClock } from '@/lib/core/clock';
import { Emitter } from '@/lib/core/emitter';
import { type Log, silentLog } from '@/lib/core/log';
import type { MeetingRole } from '@/lib/core/meeting';
import { callerAddress, type SiteAddress, webSocketOrigin } from '@/server/http/request';
import { AddressQuota } from '@/server/limits/addressQuota';
import { callerKey } from '@/server/limits/tokenBuckets';
import { Bridge } from './bridge/bridge';
import { ChannelGate } from './bridge/channelGate';
import { BridgeAllocator, type ChannelKind } from './bridgeAllocator';
import { type ConferenceTap, ConferenceTaps } from './conferenceTaps';
import { Focus } from './focus/focus';
import { type HubFaultSettings, HubFaults, NO_FAULTS } from './hubFaults';
import { HUB_LIMITS, type HubLimits } from './hubLimits';
import { HubRequests, isHubUpgrade, requestUrl } from './hubRequests';
import { HubCounters, type HubStats } from './hubStats';
import { Keepalive } from './keepalive';
import type { MediaSettings } from './media/mediaContract';
import { MediaRouter } from './media/mediaRouter';
import type { HubProfile } from './profile/hubProfile';
import { type JicofoVariant, jicofoProfile } from './profile/jicofoProfile';
import { PARLEY_PROFILE } from './profile/parleyProfile';
import { refuseUpgrade, WebSocketAcceptor } from './webSockets';
import { MucRoomDirectory, type MucRoomEvents } from './xmpp/mucRoomDirectory';
import { nodeOf } from './xmpp/relayRules';
import type { Session } from './xmpp/session';
import { SessionDirectory } from './xmpp/sessionDirectory';
import { StanzaRouter } from './xmpp/stanzaRouter';
import { StayReview } from './xmpp/stayReview';
import { XMPP_PATH, XmppGate } from './xmpp/xmppGate';

/** What the hub is created from. */
export interface HubOptions {
  /** XMPP domain `D`; rooms live at `conference.D`, the focus at `focus.D` and as `focus@auth.D`. */
  readonly domain: string;
  readonly admission: Admission;
  /** The file of lib-jitsi-meet to serve; null if another process serves it. */
  readonly libJitsiMeetPath: string | null;
  /** The site's address as browsers know it; by default taken from each upgrade request. */
  readonly publicUrl?: string;
  /** Proxies in front whose `X-Forwarded-` headers are believed; 0 by default. */
  readonly proxyHops?: number;
  /** How a stock Jitsi behaves, if the hub is to be one; null (default) for Parley's own. */
  readonly jicofo?: Partial<JicofoVariant> | null;
  /** Faults to begin with, for tests and development. */
  readonly faults?: Partial<HubFaultSettings>;
  /** How many occupants it takes for a bridge channel to open: 1 (default), or 2 as in Jicofo. */
  readonly minParticipants?: 1 | 2;
  /** Where media connections are bound; null (default) for data only. */
  readonly media?: MediaSettings | null;
  /** What the bridge channel runs over. A WebSocket by default; a data channel where the hub is a stock Jitsi. */
  readonly bridgeChannel?: ChannelKind;
  readonly clock?: Clock;
  readonly log?: Log;
  readonly limits?: Partial<HubLimits>;
}

/** A person in a MUC room, as the join token says. */
interface HubOccupant {
  readonly room: string;
  readonly personId: string;
  readonly role: MeetingRole;
}

export interface HubEvents {
  /** A person has entered a room in which they had no session. */
  occupantJoined: HubOccupant;
  /** A person has no session left in a room. */
  occupantLeft: HubOccupant;
}

const SWEEP_INTERVAL_MS = 500;

/** The embedded Jitsi: XMPP, focus and bridge for data and media, enough for an unmodified lib-jitsi-meet. See SPEC.md. */
export class Hub {
  readonly events: Emitter<HubEvents>;
  /** Resolves once the library is in memory, compressed. */
  readonly ready: Promise<void>;
  readonly faults: HubFaults;
  private readonly taps = new ConferenceTaps();
  private readonly profile: HubProfile;
  private readonly limits: HubLimits;
  private readonly log: Log;
  private readonly clock: Clock;
  private readonly counters = new HubCounters();
  private readonly focusJid: string;
  private readonly site: SiteAddress;
  private readonly requests: HubRequests;
  private readonly bridge: Bridge;
  private readonly media: MediaRouter | null;
  private readonly sessions: SessionDirectory;
  private readonly rooms: MucRoomDirectory;
  private readonly endpoints: BridgeAllocator;
  private readonly focus: Focus;
  private readonly keepalive: Keepalive;
  private readonly quota: AddressQuota;
  private readonly xmppSockets: WebSocketAcceptor;
  private readonly channelSockets: WebSocketAcceptor;
  private readonly xmppGate: XmppGate;
  /** Null where the hub knows nothing of stays. */
  private readonly stayReview: StayReview | null;
  private readonly channelGate: ChannelGate;
  private readonly sweeping: NodeJS.Timeout;

  constructor(private readonly options: HubOptions) {
    this.profile = options.jicofo ? jicofoProfile(options.jicofo) : PARLEY_PROFILE;
    this.limits = { ...HUB_LIMITS, ...this.profile.limits, ...options.limits };
    this.log = options.log ?? silentLog;
    this.clock = options.clock ?? systemClock;
    this.faults = new HubFaults({ ...NO_FAULTS, ...options.faults }, this.clock);
    this.events = new Emitter(this.reportError);
    this.focusJid = `focus@auth.${options.domain}`;
    this.site = { publicUrl: options.publicUrl ?? null, proxyHops: options.proxyHops ?? 0 };
    this.requests = this.createRequests();
    this.ready = this.requests.ready;
    this.quota = new AddressQuota(this.limits.connectionsMaxPerAddress);
    this.keepalive = new Keepalive(this.clock, this.limits.pingIntervalMs);
    this.xmppSockets = this.createAcceptor(this.limits.stanzaMaxBytes);
    this.channelSockets = this.createAcceptor(this.limits.channelMessageMaxBytes);
    this.bridge = new Bridge(this.limits, this.counters, this.clock, this.taps);
    const { stream, rooms, bridge } = this.profile;
    const { limits, clock, counters } = this;
    this.sessions = new SessionDirectory(options.domain, options.admission, limits, clock, counters, stream);
    this.rooms = new MucRoomDirectory({
      mucDomain: `conference.${options.domain}`,
      focusJid: this.focusJid,
      occupantsMaxPerRoom: this.limits.occupantsMaxPerRoom,
      spectatorsMaxPerRoom: this.limits.spectatorsMaxPerRoom,
      presenceMaxBytes: this.limits.presenceMaxBytes,
      relayedMaxBytes: this.limits.relayedMaxBytes,
      endSession: (session) => this.sessions.end(session),
      counters,
      clock,
      dialect: rooms,
    });
    const settings = options.media;
    this.media = settings
      ? new MediaRouter({ settings, clock, log: this.log, dialect: bridge, taps: this.taps })
      : null;
    this.media?.events.on('speaker', (change) => this.bridge.announceSpeakers(change));
    this.media?.events.on('reach', (change) => this.bridge.announceReach(change));
    this.endpoints = this.createEndpoints();
    this.focus = this.createFocus();
    this.xmppGate = this.createXmppGate();
    this.channelGate = new ChannelGate({
      acceptor: this.channelSockets,
      keepalive: this.keepalive,
      bridge: this.bridge,
      counters: this.counters,
      clock: this.clock,
    });
    this.stayReview = this.profile.knowsStays ? this.createStayReview() : null;
    this.sessions.events.on('ended', (session) => this.rooms.leave(session));
    this.rooms.events.on('entered', (event) => this.onEntered(event));
    this.rooms.events.on('left', (event) => this.onLeft(event));
    this.sweeping = setInterval(this.sweep, SWEEP_INTERVAL_MS).unref();
  }

  /** Answers a request to one of the hub's paths. Returns false for other paths. */
  handleRequest(request: IncomingMessage, response: ServerResponse): boolean {
    return this.requests.handle(request, response);
  }

  /** Completes or refuses an upgrade to one of the hub's WebSockets. Returns false for other paths. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    const address = requestUrl(request);
    if (!address || !isHubUpgrade(request)) return false;
    const isXmpp = address.pathname === XMPP_PATH;
    socket.on('error', () => socket.destroy());
    if (isXmpp && this.faults.isXmppAway) {
      socket.destroy();
    } else if (this.xmppSockets.size + this.channelSockets.size >= this.limits.connectionsMax) {
      refuseUpgrade(socket, '503 Service Unavailable');
    } else if (!this.holds(request, socket)) {
      refuseUpgrade(socket, '429 Too Many Requests');
    } else if (isXmpp) {
      this.upgradeXmpp(request, socket, head, address);
    } else {
      this.channelGate.upgrade(request, socket, head, address);
    }
    return true;
  }

  /** Destroys a room and ends every session that may enter it. */
  endRoom(room: string): void {
    this.rooms.destroy(room, 'ended');
    this.endSessionsOf(({ admitted }) => admitted.room === room);
  }

  /** Removes every session of a person from a room (a kick, 307). */
  removePerson(room: string, personId: string): void {
    this.rooms.kick(room, personId, 'removed');
    this.endSessionsOf(({ admitted }) => admitted.room === room && admitted.personId === personId);
  }

  /** Voids the tokens of this stay, including those being verified now. */
  revokeStay(stayId: string): void {
    this.sessions.revoke(stayId);
  }

  /** Lets `tap` hear what passes through a room's conference; null ends that. */
  tap(room: string, tap: ConferenceTap | null): void {
    this.taps.set(room, tap, this.rooms.find(room)?.id ?? null);
    if (tap) this.askForKeyFrames(room);
  }

  /** Asks for a key frame of every shared screen in a room. */
  askForKeyFrames(room: string): void {
    const conferenceId = this.rooms.find(room)?.id;
    if (conferenceId !== undefined) this.media?.askForKeyFrames(conferenceId);
  }

  /** Brings about what the settings say of a stroke: a fault for tests. */
  strike(): void {
    const { loseBridgeMs, loseXmppMs } = { ...NO_FAULTS, ...this.options.faults };
    if (loseBridgeMs !== null) this.loseBridge(loseBridgeMs);
    if (loseXmppMs !== null) this.loseXmpp(loseXmppMs);
  }

  /** The bridge dies with every session on it, and there is no other for `awayMs`: a fault for tests. */
  loseBridge(awayMs: number): void {
    this.faults.bridgeAwayFor(awayMs);
    this.channelSockets.terminateAll();
    this.focus.bridgeLost();
  }

  /** The XMPP server dies with every session and room, and is away for `awayMs`; the bridge goes on: a fault for tests. */
  loseXmpp(awayMs: number): void {
    this.faults.xmppAwayFor(awayMs);
    this.xmppSockets.terminateAll();
    this.sessions.forgetAll();
    this.rooms.forgetAll();
    this.focus.roomsLost();
  }

  /** The current figures. */
  stats(): HubStats {
    const { messagesIn, messagesOut, bytesIn, bytesOut, dropped } = this.counters;
    return {
      rooms: this.rooms.size,
      sessions: this.sessions.size,
      channels: this.bridge.openChannels,
      messagesIn,
      messagesOut,
      bytesIn,
      bytesOut,
      largestBacklogBytes: this.bridge.largestBacklogBytes,
      media: this.media?.stats() ?? null,
      dropped: { ...dropped },
    };
  }

  /** Closes every socket and resolves once all are gone. The hub cannot be used afterwards. */
  async close(): Promise<void> {
    clearInterval(this.sweeping);
    this.events.clear();
    this.focus.close();
    this.bridge.close();
    await Promise.all([this.xmppSockets.close(), this.channelSockets.close(), this.media?.close()]);
  }

  private readonly reportError = (error: unknown): void => {
    this.log.error('hub error', { error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  };

  /** Everything that becomes due with time, twice a second. */
  private readonly sweep = (): void => {
    this.keepalive.sweep();
    this.xmppGate.sweep();
    this.bridge.sweep();
    this.sessions.sweep();
    this.stayReview?.sweep();
    this.rooms.sweep();
    this.focus.sweep();
    this.endpoints.sweep();
    this.media?.sweep();
    this.xmppSockets.sweep();
    this.channelSockets.sweep();
  };

  private createAcceptor(maxPayloadBytes: number): WebSocketAcceptor {
    const { limits, clock, reportError } = this;
    return new WebSocketAcceptor({ maxPayloadBytes, limits, clock, reportError });
  }

  private createRequests(): HubRequests {
    const { focusJid, log, reportError } = this;
    const takesConferenceRequests = !this.profile.rooms.isOpenedByFocus;
    const libraryPath = this.options.libJitsiMeetPath;
    return new HubRequests({ libraryPath, focusJid, takesConferenceRequests, log, reportError });
  }

  private createStayReview(): StayReview {
    const { sessions, clock, limits } = this;
    return new StayReview({
      admission: this.options.admission,
      sessions,
      clock,
      intervalMs: limits.stayReviewIntervalMs,
      onOver: (session) => this.putOut(session),
    });
  }

  private createEndpoints(): BridgeAllocator {
    const { bridge, media, taps, faults, clock, log, options } = this;
    const channel = options.bridgeChannel ?? (options.jicofo ? 'datachannel' : 'websocket');
    return new BridgeAllocator({ bridge, media, taps, channel, dialect: this.profile.bridge, faults, clock, log });
  }

  private createFocus(): Focus {
    const { endpoints, clock, limits, counters, focusJid, reportError } = this;
    const dialect = this.profile.focus;
    return new Focus({
      focusJid,
      minParticipants: this.options.minParticipants ?? dialect.minParticipants,
      dialect,
      clock,
      endpoints,
      limits,
      counters,
      reportError,
      onPromised: ({ admitted }) => this.rooms.openByFocus(admitted.room),
    });
  }

  private createXmppGate(): XmppGate {
    const { domain } = this.options;
    const domains = { domain, mucDomain: `conference.${domain}`, focusDomain: `focus.${domain}` };
    const router = new StanzaRouter(domains, this.rooms, (session, iq) => this.focus.onIq(session, iq), this.profile);
    return new XmppGate({
      acceptor: this.xmppSockets,
      keepalive: this.keepalive,
      limits: this.limits,
      counters: this.counters,
      clock: this.clock,
      proxyHops: this.site.proxyHops,
      reportError: this.reportError,
      context: {
        domain,
        directory: this.sessions,
        dialect: this.profile.stream,
        onStanza: (session, stanza) => router.route(session, stanza),
        onViolation: () => this.counters.drop('malformedStanza'),
      },
    });
  }

  /** Counts a socket for its address, until it closes. Returns false if that has enough. */
  private holds(request: IncomingMessage, socket: Duplex): boolean {
    const giveBack = this.quota.take(callerKey(callerAddress(request, this.site.proxyHops)));
    if (giveBack) socket.once('close', giveBack);
    return giveBack !== null;
  }

  private upgradeXmpp(request: IncomingMessage, socket: Duplex, head: Buffer, address: URL): void {
    const origin = webSocketOrigin(request, this.site);
    if (origin === null) {
      refuseUpgrade(socket, '400 Bad Request');
      return;
    }
    const token = address.searchParams.get('token');
    const previd = address.searchParams.get('previd');
    this.xmppGate.upgrade(request, socket, head, { token, previd, webSocketOrigin: origin });
  }

  private onEntered({ room, occupant, isFirstOfPerson }: MucRoomEvents['entered']): void {
    this.focus.entered(room, occupant.session, nodeOf(occupant.payload));
    if (isFirstOfPerson) this.events.emit('occupantJoined', describe(occupant.session));
  }

  private onLeft({ room, occupant, isLastOfPerson }: MucRoomEvents['left']): void {
    this.focus.left(room, occupant.nick);
    if (isLastOfPerson) this.events.emit('occupantLeft', describe(occupant.session));
  }

  private putOut(session: Session): void {
    this.revokeStay(session.admitted.stayId);
    this.rooms.leave(session, { kind: 'kicked', reason: 'removed' });
    this.sessions.end(session);
  }

  private endSessionsOf(isMeant: (session: Session) => boolean): void {
    for (const session of [...this.sessions.sessions]) if (isMeant(session)) this.sessions.end(session);
  }
}

function describe({ admitted: { room, personId, role } }: Session): HubOccupant {
  return { room, personId, role };
}
