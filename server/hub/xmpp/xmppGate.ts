import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Clock } from '@/lib/core/clock';
import { callerAddress } from '@/server/http/request';
import { AddressQuota } from '@/server/limits/addressQuota';
import { callerKey } from '@/server/limits/tokenBuckets';
import type { HubLimits } from '../hubLimits';
import type { HubCounters } from '../hubStats';
import type { Keepalive, Pulse } from '../keepalive';
import { refuseUpgrade, type SocketHandlers, type WebSocketAcceptor } from '../webSockets';
import type { Wire } from './session';
import { StanzaRate } from './stanzaRate';
import { type StreamContext, type StreamRequest, XmppStream } from './xmppStream';

/** Path of the XMPP WebSocket and of its keep-alive. */
export const XMPP_PATH = '/xmpp-websocket';

/** A browser closes with this code when its page goes away, and so will not resume. */
const GOING_AWAY = 1001;
const UNSUPPORTED_DATA = 1003;

interface XmppGateOptions {
  readonly acceptor: WebSocketAcceptor;
  readonly keepalive: Keepalive;
  readonly context: StreamContext;
  readonly limits: HubLimits;
  readonly counters: HubCounters;
  readonly clock: Clock;
  readonly proxyHops: number;
  readonly reportError: (error: unknown) => void;
}

/** A socket whose client has not authenticated yet. */
interface Newcomer {
  readonly stream: XmppStream;
  readonly deadlineMs: number;
  readonly welcome: () => void;
}

/** Admits XMPP WebSockets and keeps their clients within their limits. */
export class XmppGate {
  private readonly quota: AddressQuota;
  private readonly newcomers = new Map<WebSocket, Newcomer>();

  constructor(private readonly options: XmppGateOptions) {
    this.quota = new AddressQuota(options.limits.unauthenticatedMaxPerAddress);
  }

  /** Completes or refuses an upgrade to {@link XMPP_PATH}. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, stream: StreamRequest): void {
    if (!offersXmpp(request)) {
      refuseUpgrade(socket, '400 Bad Request');
      return;
    }
    const giveBack = this.quota.take(callerKey(callerAddress(request, this.options.proxyHops)));
    if (!giveBack) {
      refuseUpgrade(socket, '429 Too Many Requests');
      return;
    }
    socket.once('close', giveBack);
    this.options.acceptor.accept(request, socket, head, (webSocket) => this.attach(webSocket, stream, giveBack));
  }

  /** Closes sockets that have not bound a session in time. */
  sweep(): void {
    const nowMs = this.options.clock.nowMs();
    for (const [socket, newcomer] of this.newcomers) {
      if (newcomer.stream.session) this.welcome(socket, newcomer);
      else if (nowMs >= newcomer.deadlineMs) newcomer.stream.abort('not authenticated in time');
    }
  }

  private attach(socket: WebSocket, request: StreamRequest, giveBack: () => void): SocketHandlers {
    const { keepalive, limits, clock, context } = this.options;
    const pulse = keepalive.watch(socket);
    const wire = webSocketWire(socket, pulse, limits.xmppBacklogMaxBytes);
    const stream = new XmppStream(wire, request, context, new StanzaRate(limits, clock));
    const deadlineMs = clock.nowMs() + limits.unauthenticatedMs;
    this.newcomers.set(socket, { stream, deadlineMs, welcome: giveBack });
    return {
      onFrame: (data, isBinary) => this.onFrame(socket, stream, isBinary ? null : data),
      onTooLarge: () => {
        this.options.counters.drop('tooLarge');
        stream.disconnected(0, true);
      },
      onFlood: () => {
        this.options.counters.drop('stanzaRateExceeded');
        stream.disconnected(0, true);
      },
      onClose: (code) => this.onClose(socket, stream, pulse, code),
    };
  }

  private onFrame(socket: WebSocket, stream: XmppStream, text: Buffer | null): void {
    if (stream.isClosed) return;
    if (text === null) {
      this.options.counters.drop('binary');
      stream.disconnected(0, true);
      socket.close(UNSUPPORTED_DATA, 'text only');
      return;
    }
    if (!stream.rate.admits(text.length)) {
      this.cutOff(stream);
      return;
    }
    stream.receive(text.toString()).then(
      () => this.onTaken(socket, stream),
      (error: unknown) => {
        this.options.reportError(error);
        stream.abort('internal error');
      },
    );
  }

  private onClose(socket: WebSocket, stream: XmppStream, pulse: Pulse, code: number): void {
    this.newcomers.delete(socket);
    stream.disconnected(pulse.isDead ? pulse.heardAtMs : this.options.clock.nowMs(), code === GOING_AWAY);
  }

  /** A frame has been handled. */
  private onTaken(socket: WebSocket, stream: XmppStream): void {
    if (stream.session?.isFlooding) this.cutOff(stream);
    else this.greet(socket, stream);
  }

  private cutOff(stream: XmppStream): void {
    this.options.counters.drop('stanzaRateExceeded');
    stream.abort('too much sent');
  }

  private greet(socket: WebSocket, stream: XmppStream): void {
    const newcomer = stream.session ? this.newcomers.get(socket) : undefined;
    if (newcomer) this.welcome(socket, newcomer);
  }

  private welcome(socket: WebSocket, newcomer: Newcomer): void {
    this.newcomers.delete(socket);
    newcomer.welcome();
  }
}

function offersXmpp(request: IncomingMessage): boolean {
  const offered = request.headers['sec-websocket-protocol'] ?? '';
  return offered.split(',').some((protocol) => protocol.trim() === 'xmpp');
}

/** The wire of an XMPP stream over a WebSocket. A client that reads too slowly is cut off, and may resume. */
function webSocketWire(socket: WebSocket, pulse: Pulse, backlogMaxBytes: number): Wire {
  return {
    get heardAtMs() {
      return pulse.heardAtMs;
    },
    get bufferedBytes() {
      return socket.bufferedAmount;
    },
    send(text) {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > backlogMaxBytes) socket.terminate();
      else socket.send(text);
    },
    close(code, reason) {
      if (socket.readyState === socket.OPEN) socket.close(code, reason);
    },
  };
}
