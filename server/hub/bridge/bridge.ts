import { timingSafeEqual } from 'node:crypto';
import type { Clock } from '@/lib/core/clock';
import { ConferenceTaps } from '../conferenceTaps';
import type { HubLimits } from '../hubLimits';
import type { HubCounters } from '../hubStats';
import type { ReachChange, SpeakerChange } from '../media/mediaContract';
import type { ChannelSocket } from './channelSocket';
import { Conference } from './conference';
import { type ConferenceId, Endpoint, type EndpointDetails } from './endpoint';
import { type ChannelMessage, type Relayable, readChannelMessage, SenderLimit } from './incoming';

/** Start of every channel's path. `CONFERENCE/ENDPOINT?pwd=SECRET` follows. */
const CHANNEL_PATH = '/colibri-ws/hub/';

/** The bridge's message to a new channel and in answer to `ClientHello`. */
const SERVER_HELLO = JSON.stringify({ colibriClass: 'ServerHello', version: 'parley' });

const POLICY_VIOLATION = 1008;
const MESSAGE_TOO_BIG = 1009;

/** A message may grow by this much when it is written again: its sender's id is added. */
const GROWTH_MAX = 128;

/** How long messages are gathered before they are handed over together; also how often a slow receiver is served. */
const GATHER_MS = 1;

/** A message as it arrives on a channel. */
export interface Frame {
  readonly data: Buffer;
  readonly isBinary: boolean;
}

/** Relays endpoint messages within conferences. Media does not pass through it. */
export class Bridge {
  private readonly endpoints = new Map<string, Endpoint>();
  private readonly conferences = new Map<ConferenceId, Conference>();
  private readonly dirty = new Set<Conference>();
  private flushing: NodeJS.Timeout | null = null;
  /** Channels of endpoints that left since the last sweep, and since the sweep before. */
  private leaving: ChannelSocket[] = [];
  private left: ChannelSocket[] = [];

  constructor(
    private readonly limits: HubLimits,
    private readonly counters: HubCounters,
    private readonly clock: Clock,
    private readonly taps = new ConferenceTaps(),
  ) {}

  /** How many channels are open now. */
  get openChannels(): number {
    let open = 0;
    for (const endpoint of this.endpoints.values()) if (endpoint.isOpen) open += 1;
    return open;
  }

  /** The most bytes that wait for one receiver now. */
  get largestBacklogBytes(): number {
    let largest = 0;
    for (const { backlogBytes } of this.endpoints.values()) largest = Math.max(largest, backlogBytes);
    return largest;
  }

  /**
   * Creates an endpoint. Closes the channel of an earlier one with the same id, whose address becomes invalid; its rate limit
   * carries over.
   */
  allocate(details: EndpointDetails): Endpoint {
    const nowMs = this.clock.nowMs();
    const limit = this.endpoints.get(details.id)?.limit ?? new SenderLimit(this.limits, nowMs);
    this.remove(details.id)?.close(1001, 'restarted');
    const endpoint = new Endpoint(details, this.limits, this.counters, limit);
    this.endpoints.set(endpoint.id, endpoint);
    this.conferenceOf(endpoint.conferenceId).endpoints.add(endpoint);
    return endpoint;
  }

  /** Path and query of an endpoint's WebSocket address. */
  addressOf({ conferenceId, id, password }: Endpoint): string {
    return `${CHANNEL_PATH}${conferenceId}/${id}?pwd=${password}`;
  }

  /** Ends an endpoint for good and closes its channel. */
  release(endpointId: string): void {
    this.forget(endpointId)?.close(1001, 'endpoint left');
  }

  /** Ends an endpoint whose media has never connected, as JVB does. */
  expire(endpointId: string): void {
    this.forget(endpointId)?.close(1001, 'endpoint closed');
  }

  /**
   * Ends an endpoint that has left: from now on nothing is relayed from it or to it. Its channel closes with the sweep after
   * next, because a client that is about to close it would take the bridge closing first for a fault.
   */
  dismiss(endpointId: string): void {
    const socket = this.forget(endpointId);
    if (socket) this.leaving.push(socket);
  }

  /** Closes the channels that endpoints left open when they left. */
  sweep(): void {
    for (const socket of this.left) socket.close(1001, 'endpoint left');
    this.left = this.leaving;
    this.leaving = [];
  }

  /** The endpoint whose channel has this address; null if none has. */
  find(address: URL): Endpoint | null {
    if (!address.pathname.startsWith(CHANNEL_PATH)) return null;
    const [conferenceId, endpointId = '', ...rest] = address.pathname.slice(CHANNEL_PATH.length).split('/');
    const endpoint = this.endpoints.get(endpointId);
    if (!endpoint || rest.length > 0 || endpoint.conferenceId !== conferenceId) return null;
    return isSameSecret(endpoint.password, address.searchParams.get('pwd') ?? '') ? endpoint : null;
  }

  /** Takes over an endpoint's opened channel. The caller passes its messages to `receive` and its end to `disconnected`. */
  connected(endpoint: Endpoint, socket: ChannelSocket): void {
    if (this.endpoints.get(endpoint.id) !== endpoint) {
      socket.close(1001, 'endpoint left');
      return;
    }
    endpoint.connect(socket);
    const conference = this.conferenceOf(endpoint.conferenceId);
    conference.greet(endpoint, SERVER_HELLO, this.clock.nowMs());
    this.flushSoon(conference);
  }

  /** An endpoint's channel is gone. A newer one of the same endpoint stays. */
  disconnected(endpoint: Endpoint, socket: ChannelSocket): void {
    endpoint.disconnected(socket);
  }

  /** Handles one message of an endpoint. Never throws; a message that cannot be relayed is dropped and counted. */
  receive(sender: Endpoint, socket: ChannelSocket, { data, isBinary }: Frame): void {
    if (sender.socket !== socket) return;
    this.counters.messagesIn += 1;
    this.counters.bytesIn += data.length;
    const nowMs = this.clock.nowMs();
    if (!this.isWithinBounds(sender, socket, data.length, nowMs)) return;
    if (isBinary) this.counters.drop('binary');
    else this.dispatch(sender, readChannelMessage(data.toString(), sender.id), data, nowMs);
  }

  /** Announces a dominant speaker to a conference. */
  announceSpeakers({ conferenceId, dominantEndpointId, previousEndpointIds }: SpeakerChange): void {
    const conference = this.conferences.get(conferenceId);
    if (!conference) return;
    const event = {
      colibriClass: 'DominantSpeakerEndpointChangeEvent',
      dominantSpeakerEndpoint: dominantEndpointId,
      previousSpeakers: previousEndpointIds,
    };
    conference.announceSpeakers(dominantEndpointId, JSON.stringify(event), this.clock.nowMs());
    this.flushSoon(conference);
  }

  /** Tells a conference whether media of an endpoint comes through. Only changes are told; it does until it does not. */
  announceReach({ conferenceId, endpointId, isReached }: ReachChange): void {
    const conference = this.conferences.get(conferenceId);
    if (!conference?.noteReach(endpointId, isReached, this.clock.nowMs())) return;
    this.flushSoon(conference);
  }

  /** Removes an endpoint. Returns the channel it had. */
  private remove(endpointId: string): ChannelSocket | null {
    const endpoint = this.endpoints.get(endpointId);
    if (!endpoint) return null;
    this.endpoints.delete(endpointId);
    const conference = this.conferences.get(endpoint.conferenceId);
    conference?.remove(endpoint);
    if (conference?.endpoints.size === 0) this.conferences.delete(endpoint.conferenceId);
    return endpoint.detach();
  }

  /** Removes an endpoint whose session is over. Returns the channel it had. */
  private forget(endpointId: string): ChannelSocket | null {
    const endpoint = this.endpoints.get(endpointId);
    if (endpoint) this.conferences.get(endpoint.conferenceId)?.forgetReach(endpointId);
    return this.remove(endpointId);
  }

  /** Stops handing messages over. */
  close(): void {
    if (this.flushing) clearTimeout(this.flushing);
    this.dirty.clear();
  }

  private isWithinBounds(sender: Endpoint, socket: ChannelSocket, sizeBytes: number, nowMs: number): boolean {
    const verdict = sender.limit.judge(sizeBytes, nowMs);
    if (verdict !== 'pass') {
      this.counters.drop('rateExceeded');
      if (verdict === 'abuse') socket.close(POLICY_VIOLATION, 'rate exceeded');
      return false;
    }
    if (sizeBytes <= this.limits.channelMessageMaxBytes) return true;
    this.counters.drop('tooLarge');
    socket.close(MESSAGE_TOO_BIG, 'message too big');
    return false;
  }

  private dispatch(sender: Endpoint, message: ChannelMessage, data: Buffer, nowMs: number): void {
    if (!message.ok) {
      this.counters.drop(message.reason);
      return;
    }
    if (message.kind === 'ClientHello') {
      this.add(SERVER_HELLO, sender.conferenceId, null, sender, nowMs);
      return;
    }
    if (sender.role === 'spectator' && message.to !== sender.id) {
      this.counters.drop(message.kind === 'EndpointMessage' ? 'spectator' : 'spectatorStats');
      return;
    }
    const isForAll = message.kind === 'EndpointMessage' && message.to === '';
    if (isForAll) this.taps.of(sender.conferenceId)?.message(sender.id, sender.personId, data);
    this.relay(sender, message, data.length, nowMs);
  }

  private relay(sender: Endpoint, message: Relayable, sizeBytes: number, nowMs: number): void {
    const receiver = message.to === '' ? null : this.endpoints.get(message.to);
    if (receiver === undefined || (receiver && receiver.conferenceId !== sender.conferenceId)) {
      this.counters.drop('unknownRecipient');
      return;
    }
    const text = message.encode();
    // Numbers such as 9e20 are written out: the others would get several times of what counts for the sender.
    if (text.length > sizeBytes + GROWTH_MAX) this.counters.drop('malformed');
    else this.add(text, sender.conferenceId, sender, receiver, nowMs);
  }

  private add(text: string, id: ConferenceId, from: Endpoint | null, to: Endpoint | null, nowMs: number): void {
    const conference = this.conferences.get(id);
    if (!conference) return;
    conference.add(text, from, to, nowMs);
    this.flushSoon(conference);
  }

  private conferenceOf(id: ConferenceId): Conference {
    const conference = this.conferences.get(id) ?? new Conference(this.counters);
    this.conferences.set(id, conference);
    return conference;
  }

  private flushSoon(conference: Conference): void {
    this.dirty.add(conference);
    this.flushing ??= setTimeout(this.flush, GATHER_MS);
  }

  private readonly flush = (): void => {
    const nowMs = this.clock.nowMs();
    for (const conference of this.dirty) if (!conference.flush(nowMs)) this.dirty.delete(conference);
    this.flushing = this.dirty.size > 0 ? setTimeout(this.flush, GATHER_MS) : null;
  };
}

function isSameSecret(expected: string, given: string): boolean {
  const a = Buffer.from(expected);
  const b = Buffer.from(given);
  return a.length === b.length && timingSafeEqual(a, b);
}
