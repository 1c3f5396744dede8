import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { systemClock } from '@/lib/core/clock';
import { silentLog } from '@/lib/core/log';
import type { JitsiPass } from '@/lib/transport/link';
import { Bridge } from '@/server/hub/bridge/bridge';
import { ChannelGate } from '@/server/hub/bridge/channelGate';
import { BridgeAllocator, type ChannelKind } from '@/server/hub/bridgeAllocator';
import { Focus } from '@/server/hub/focus/focus';
import { HubFaults, NO_FAULTS } from '@/server/hub/hubFaults';
import { HUB_LIMITS } from '@/server/hub/hubLimits';
import { HubRequests } from '@/server/hub/hubRequests';
import { HubCounters } from '@/server/hub/hubStats';
import { Keepalive } from '@/server/hub/keepalive';
import { MediaRouter } from '@/server/hub/media/mediaRouter';
import { jicofoProfile } from '@/server/hub/profile/jicofoProfile';
import { WebSocketAcceptor } from '@/server/hub/webSockets';
import { LIBRARY_FILE, LOOPBACK_MEDIA } from '@/tests/server/hub/testHub';
import { startProsody } from '@/tools/run/prosody.mjs';
import { ComponentFocus } from './componentFocus';
import { ComponentStream } from './componentStream';

const SWEEP_INTERVAL_MS = 500;

interface ProsodyJitsiOptions {
  /** What the bridge channel runs over. */
  readonly channel: ChannelKind;
}

type Prosody = NonNullable<Awaited<ReturnType<typeof startProsody>>>;

/** A client's connection and Prosody's end of it. */
interface XmppSocket {
  readonly client: Duplex;
  readonly upstream: Socket;
}

/**
 * A Jitsi whose XMPP server is Prosody, with its own WebSocket, MUC and stream management. Focus and bridge are the hub's: a
 * component beside it, as Jicofo is. In front of both is a web server, as docker-jitsi-meet's.
 */
export class ProsodyJitsi {
  private readonly counters = new HubCounters();
  private readonly keepalive = new Keepalive(systemClock, HUB_LIMITS.pingIntervalMs);
  private readonly bridge = new Bridge(HUB_LIMITS, this.counters, systemClock);
  private readonly media: MediaRouter;
  private readonly endpoints: BridgeAllocator;
  private readonly focus: Focus;
  private readonly component: ComponentFocus;
  private readonly stream: ComponentStream;
  private readonly channels: WebSocketAcceptor;
  private readonly gate: ChannelGate;
  private readonly requests: HubRequests;
  private readonly xmppSockets = new Set<XmppSocket>();
  private isXmppBlocked = false;
  private readonly sweeping: NodeJS.Timeout;
  /** Errors of focus and bridge, which must have none. */
  readonly errors: string[] = [];

  private constructor(
    private readonly prosody: Prosody,
    private readonly server: Server,
    { channel }: ProsodyJitsiOptions,
  ) {
    const { bridge, counters, keepalive, reportError } = this;
    const { focus: dialect, bridge: bridgeDialect } = jicofoProfile();
    const focusJid = `focus@${this.focusDomain}`;
    this.media = new MediaRouter({
      settings: LOOPBACK_MEDIA,
      clock: systemClock,
      log: silentLog,
      dialect: bridgeDialect,
    });
    this.endpoints = new BridgeAllocator({
      bridge,
      media: this.media,
      channel,
      dialect: bridgeDialect,
      faults: new HubFaults(NO_FAULTS, systemClock),
      clock: systemClock,
      log: silentLog,
    });
    this.focus = new Focus({
      focusJid,
      minParticipants: dialect.minParticipants,
      dialect,
      clock: systemClock,
      endpoints: this.endpoints,
      limits: HUB_LIMITS,
      counters,
      reportError,
      // The component has opened the room before it passed the request on.
      onPromised: () => {},
    });
    this.channels = new WebSocketAcceptor({
      maxPayloadBytes: HUB_LIMITS.channelMessageMaxBytes,
      limits: HUB_LIMITS,
      clock: systemClock,
      reportError,
    });
    this.component = new ComponentFocus({
      focus: this.focus,
      focusJid,
      webSocketOrigin: this.url.replace('http', 'ws'),
      send: (stanza) => this.stream.send(stanza),
    });
    const { componentPort: port, secret } = prosody;
    this.stream = new ComponentStream({ port, secret, domain: this.focusDomain }, this.component);
    this.gate = new ChannelGate({ acceptor: this.channels, keepalive, bridge, counters, clock: systemClock });
    this.requests = new HubRequests({
      libraryPath: LIBRARY_FILE,
      focusJid,
      takesConferenceRequests: false,
      log: silentLog,
      reportError,
    });
    this.sweeping = setInterval(() => this.sweep(), SWEEP_INTERVAL_MS);
    this.serve();
  }

  /** Starts everything. @throws Error where there is no Prosody: ask `hasProsody` first */
  static async start(options: ProsodyJitsiOptions): Promise<ProsodyJitsi> {
    const prosody = await startProsody('parley.local');
    if (!prosody) throw new Error('There is no Prosody here.');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const jitsi = new ProsodyJitsi(prosody, server, options);
    await jitsi.stream.ready();
    return jitsi;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  private get focusDomain(): string {
    return `focus.${this.prosody.domain}`;
  }

  /** How clients reach a room. */
  coordinates(room: string): JitsiPass['coordinates'] {
    const { domain } = this.prosody;
    return {
      libUrl: `${this.url}/libs/lib-jitsi-meet.min.js`,
      xmppWebSocketUrl: `${this.url.replace('http', 'ws')}/xmpp-websocket`,
      xmppDomain: domain,
      mucDomain: `conference.${domain}`,
      focusDomain: this.focusDomain,
      room,
      // Prosody has no mod_presence_identity, as in stock deployments.
      identity: 'claimed',
    };
  }

  get domain(): string {
    return this.prosody.domain;
  }

  /** The names under which clients have logged in so far, oldest first. */
  logins(): string[] {
    return Array.from(this.prosody.log().matchAll(/Authenticated as (\S+)/g), ([, name = '']) => name);
  }

  /** Resets every client's connection to Prosody; the next ones pass. */
  cutXmpp(): void {
    for (const { client, upstream } of this.xmppSockets) {
      client.destroy();
      upstream.destroy();
    }
  }

  /** Resets every client's connection to Prosody, and those that are asked for within `forMs`. */
  blockXmpp(forMs: number): void {
    this.isXmppBlocked = true;
    this.cutXmpp();
    setTimeout(() => {
      this.isXmppBlocked = false;
    }, forMs);
  }

  /** Kills Prosody: every session and every room is lost. */
  async killProsody(): Promise<void> {
    await this.prosody.kill();
  }

  /** Starts Prosody again, and resolves once the focus is back in it. */
  async reviveProsody(): Promise<void> {
    await this.prosody.go();
    await this.stream.ready();
  }

  async close(): Promise<void> {
    clearInterval(this.sweeping);
    this.stream.close();
    this.focus.close();
    this.bridge.close();
    this.cutXmpp();
    await Promise.all([this.channels.close(), this.media.close(), this.prosody.stop()]);
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private readonly reportError = (error: unknown): void => {
    this.errors.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  };

  private sweep(): void {
    this.keepalive.sweep();
    this.bridge.sweep();
    this.focus.sweep();
    this.endpoints.sweep();
    this.component.sweep();
    this.media.sweep();
    this.channels.sweep();
  }

  private serve(): void {
    this.media.events.on('speaker', (change) => this.bridge.announceSpeakers(change));
    this.media.events.on('reach', (change) => this.bridge.announceReach(change));
    this.server.on('request', (request, response) => {
      if (!this.requests.handle(request, response)) response.writeHead(404).end();
    });
    this.server.on('upgrade', (request, socket, head) => {
      const address = new URL(request.url ?? '/', this.url);
      socket.on('error', () => socket.destroy());
      const isXmpp = address.pathname === '/xmpp-websocket';
      if (isXmpp && this.isXmppBlocked) socket.destroy();
      else if (isXmpp) this.forward(request, socket, head);
      else this.gate.upgrade(request, socket, head, address);
    });
  }

  /** Passes an upgrade and everything after it on to Prosody, as the client wrote it. */
  private forward({ method, url, rawHeaders }: IncomingMessage, client: Duplex, head: Buffer): void {
    const upstream = connect({ port: this.prosody.httpPort, host: '127.0.0.1', noDelay: true });
    const pair = { client, upstream };
    this.xmppSockets.add(pair);
    const headers = rawHeaders.map((text, k) => (k % 2 === 0 ? `${text}: ` : `${text}\r\n`)).join('');
    upstream.write(`${method} ${url} HTTP/1.1\r\n${headers}\r\n`);
    upstream.write(head);
    client.pipe(upstream).pipe(client);
    upstream.on('error', () => client.destroy());
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      one.once('close', () => {
        other.destroy();
        this.xmppSockets.delete(pair);
      });
    }
  }
}
