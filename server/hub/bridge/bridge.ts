import { timingSafeEqual } from 'node:crypto';
import type { WebSocket } from 'ws';
import type { Clock } from '@/lib/core/clock';
import type { MeetingRole } from '@/lib/core/meeting';
import type { HubLimits } from '../hubLimits';
import type { HubCounters } from '../hubStats';
import { type ChannelMessage, type Relayable, readChannelMessage } from './channelMessage';
import { type ConferenceId, Endpoint } from './endpoint';

/** Start of every channel's path; `/CONFERENCE/ENDPOINT?pwd=SECRET` follows. */
export const CHANNEL_PATH = '/colibri-ws/hub/';

/** The bridge's answer to a new channel and to `ClientHello`. */
const SERVER_HELLO = JSON.stringify({ colibriClass: 'ServerHello', version: 'parley' });

const POLICY_VIOLATION = 1008;

/** A frame as `ws` gives it. */
export interface Frame {
  readonly data: Buffer;
  readonly isBinary: boolean;
}

/** Relays endpoint messages within conferences. It carries no media. */
export class Bridge {
  private readonly endpoints = new Map<string, Endpoint>();
  private readonly conferences = new Map<ConferenceId, Set<Endpoint>>();

  constructor(
    private readonly limits: HubLimits,
    private readonly counters: HubCounters,
    private readonly clock: Clock,
  ) {}

  /** Channels that are open now. */
  get openChannels(): number {
    let open = 0;
    for (const endpoint of this.endpoints.values()) if (endpoint.isOpen) open += 1;
    return open;
  }

  /**
   * Makes room for an endpoint's channel, closing the one it had. Returns path and query of the new channel's address.
   * The endpoint's rate limit goes on.
   */
  allocate(conferenceId: ConferenceId, endpointId: string, role: MeetingRole): string {
    const before = this.endpoints.get(endpointId);
    this.release(endpointId, 'restarted');
    const endpoint = new Endpoint(endpointId, conferenceId, role, this.limits, this.clock.nowMs(), before?.limit);
    this.endpoints.set(endpointId, endpoint);
    const conference = this.conferences.get(conferenceId) ?? new Set();
    this.conferences.set(conferenceId, conference.add(endpoint));
    return `${CHANNEL_PATH}${conferenceId}/${endpointId}?pwd=${endpoint.password}`;
  }

  /** Closes an endpoint's channel for good. */
  release(endpointId: string, reason = 'endpoint left'): void {
    const endpoint = this.endpoints.get(endpointId);
    if (!endpoint) return;
    this.endpoints.delete(endpointId);
    const conference = this.conferences.get(endpoint.conferenceId);
    conference?.delete(endpoint);
    if (conference?.size === 0) this.conferences.delete(endpoint.conferenceId);
    endpoint.close(reason);
  }

  /** The endpoint whose channel this address is, or null where it is nobody's. */
  find(address: URL): Endpoint | null {
    if (!address.pathname.startsWith(CHANNEL_PATH)) return null;
    const [conferenceId, endpointId = '', ...rest] = address.pathname.slice(CHANNEL_PATH.length).split('/');
    const endpoint = this.endpoints.get(endpointId);
    if (!endpoint || rest.length > 0 || endpoint.conferenceId !== conferenceId) return null;
    return isSameSecret(endpoint.password, address.searchParams.get('pwd') ?? '') ? endpoint : null;
  }

  /** Takes an endpoint's opened WebSocket. The caller brings its frames to `receive`. */
  connected(endpoint: Endpoint, socket: WebSocket): void {
    if (this.endpoints.get(endpoint.id) !== endpoint) {
      socket.close(1001, 'endpoint left');
      return;
    }
    endpoint.connect(socket);
    socket.once('close', () => endpoint.disconnected(socket));
    this.send(socket, Buffer.from(SERVER_HELLO));
  }

  /** Takes one frame of an endpoint. Never throws; what can't be relayed is dropped and counted. */
  receive(sender: Endpoint, socket: WebSocket, { data, isBinary }: Frame): void {
    if (sender.socket !== socket) return;
    this.counters.messagesIn += 1;
    this.counters.bytesIn += data.length;
    const verdict = sender.limit.judge(data.length, this.clock.nowMs());
    if (verdict !== 'pass') {
      this.counters.drop('rateExceeded');
      if (verdict === 'abuse') socket.close(POLICY_VIOLATION, 'rate exceeded');
      return;
    }
    if (isBinary) {
      this.counters.drop('binary');
      return;
    }
    this.dispatch(sender, socket, readChannelMessage(data.toString(), sender.id));
  }

  private dispatch(sender: Endpoint, socket: WebSocket, message: ChannelMessage): void {
    if (!message.ok) {
      this.counters.drop(message.reason);
      return;
    }
    if (message.kind === 'ClientHello') {
      this.send(socket, Buffer.from(SERVER_HELLO));
      return;
    }
    if (sender.role === 'spectator') {
      this.counters.drop(message.kind === 'EndpointMessage' ? 'spectator' : 'spectatorStats');
      return;
    }
    this.relay(sender, message);
  }

  private relay(sender: Endpoint, message: Relayable): void {
    if (message.to === '') {
      this.broadcast(sender, message.encode());
      return;
    }
    const receiver = this.endpoints.get(message.to);
    if (receiver?.conferenceId !== sender.conferenceId) {
      this.counters.drop('unknownRecipient');
      return;
    }
    if (receiver.socket) this.send(receiver.socket, message.encode());
  }

  private broadcast(sender: Endpoint, encoded: Buffer): void {
    const conference = this.conferences.get(sender.conferenceId);
    if (!conference) return;
    for (const endpoint of conference) if (endpoint !== sender && endpoint.socket) this.send(endpoint.socket, encoded);
  }

  private send(socket: WebSocket, encoded: Buffer): void {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > this.limits.receiverBacklogMaxBytes) {
      this.counters.drop('slowReceiver');
      return;
    }
    this.counters.messagesOut += 1;
    this.counters.bytesOut += encoded.length;
    socket.send(encoded, TEXT_FRAME);
  }
}

const TEXT_FRAME = { binary: false } as const;

function isSameSecret(expected: string, given: string): boolean {
  const a = Buffer.from(expected);
  const b = Buffer.from(given);
  return a.length === b.length && timingSafeEqual(a, b);
}
