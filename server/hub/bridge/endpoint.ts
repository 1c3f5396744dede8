import { randomBytes } from 'node:crypto';
import type { MeetingRole } from '@/lib/core/meeting';
import type { HubLimits } from '../hubLimits';
import type { HubCounters } from '../hubStats';
import type { ChannelSocket } from './channelSocket';
import type { OutgoingMessage } from './conference';
import { DataChannelWindow } from './deliveryWindow';
import type { SenderLimit } from './incoming';

/** Id of the conference an endpoint belongs to, the same as its MUC room's. */
export type ConferenceId = string;

/** What an endpoint is created from. */
export interface EndpointDetails {
  readonly id: string;
  readonly conferenceId: ConferenceId;
  readonly personId: string;
  readonly role: MeetingRole;
}

/** One endpoint on the bridge: the secret of its channel, the channel while there is one, its rate limit and its outbox. */
export class Endpoint {
  readonly id: string;
  readonly conferenceId: ConferenceId;
  readonly personId: string;
  readonly role: MeetingRole;
  /** Secret in the channel's address. */
  readonly password = randomBytes(16).toString('hex');
  socket: ChannelSocket | null = null;
  readonly limit: SenderLimit;
  readonly outbox: Outbox;
  /** The last batch in which this endpoint sent or was addressed: it gets that batch message by message. */
  markedBatch = -1;
  private channelWindow: DataChannelWindow | null = null;

  constructor(details: EndpointDetails, limits: HubLimits, counters: HubCounters, limit: SenderLimit) {
    this.id = details.id;
    this.conferenceId = details.conferenceId;
    this.personId = details.personId;
    this.role = details.role;
    this.limit = limit;
    this.outbox = new Outbox(limits, counters);
  }

  get isOpen(): boolean {
    return this.socket?.isOpen ?? false;
  }

  /** Bytes that wait for it, including those in flight. */
  get backlogBytes(): number {
    return this.outbox.sizeBytes + (this.socket?.bufferedBytes ?? 0);
  }

  /** The delivery window of the current data channel. */
  dataChannelWindow(nowMs: number): DataChannelWindow {
    this.channelWindow ??= new DataChannelWindow(nowMs);
    return this.channelWindow;
  }

  /** Makes `socket` the channel and closes the previous one. */
  connect(socket: ChannelSocket): void {
    const before = this.socket;
    this.socket = socket;
    this.channelWindow = null;
    this.outbox.clear();
    before?.close(1000, 'replaced');
  }

  /** Forgets `socket` if it still is the channel. */
  disconnected(socket: ChannelSocket): void {
    if (this.socket !== socket) return;
    this.socket = null;
    this.outbox.clear();
  }

  /** Gives up its channel and returns it. */
  detach(): ChannelSocket | null {
    const { socket } = this;
    this.socket = null;
    this.outbox.clear();
    return socket;
  }
}

/** Limits of what may wait for a receiver. */
interface OutboxLimits {
  /** Bytes that may wait, including those in flight. */
  readonly receiverBacklogMaxBytes: number;
  /** Age at which a waiting message is dropped. */
  readonly receiverAgeMaxMs: number;
}

/** A message that has waited longer than this gives way to a newer one of the same sender. A short stall costs nothing. */
const SUPERSEDED_AFTER_MS = 100;

/** The messages that wait for one slow receiver, oldest first. If there are too many, the old ones are dropped. */
export class Outbox {
  private waiting: OutgoingMessage[] = [];
  private waitingBytes = 0;

  constructor(
    private readonly limits: OutboxLimits,
    private readonly counters: HubCounters,
  ) {}

  get isEmpty(): boolean {
    return this.waiting.length === 0;
  }

  get sizeBytes(): number {
    return this.waitingBytes;
  }

  /** Adds the newest message. */
  push(message: OutgoingMessage): void {
    this.waiting.push(message);
    this.waitingBytes += message.frame.length;
  }

  /** Drops everything without counting: the receiver is gone. */
  clear(): void {
    this.waiting = [];
    this.waitingBytes = 0;
  }

  /**
   * Takes what may be sent now, in order: up to `roomBytes`, and at least one message if nothing is in flight. Messages that
   * are too old, or superseded if not all can be sent, are dropped and counted.
   */
  take(roomBytes: number, inFlightBytes: number, nowMs: number): OutgoingMessage[] {
    this.dropStale(nowMs);
    if (this.waitingBytes > roomBytes) {
      this.dropSuperseded(nowMs);
      this.dropOverflow(this.limits.receiverBacklogMaxBytes - inFlightBytes);
    }
    return this.shift(this.fitting(roomBytes, inFlightBytes === 0));
  }

  private fitting(roomBytes: number, isIdle: boolean): number {
    let count = 0;
    let leftBytes = roomBytes;
    for (const { frame } of this.waiting) {
      leftBytes -= frame.length;
      if (leftBytes < 0 && !(isIdle && count === 0)) break;
      count += 1;
    }
    return count;
  }

  private dropStale(nowMs: number): void {
    const oldestMs = nowMs - this.limits.receiverAgeMaxMs;
    let count = 0;
    for (const { atMs } of this.waiting) {
      if (atMs >= oldestMs) break;
      count += 1;
    }
    if (count > 0) this.counters.drop('stale', this.shift(count).length);
  }

  private dropSuperseded(nowMs: number): void {
    const newest = new Map<unknown, OutgoingMessage>();
    for (const message of this.waiting) if (message.isReplaceable) newest.set(message.from, message);
    const oldestMs = nowMs - SUPERSEDED_AFTER_MS;
    const kept = this.waiting.filter(
      (message) => !message.isReplaceable || message.atMs >= oldestMs || newest.get(message.from) === message,
    );
    if (kept.length === this.waiting.length) return;
    this.counters.drop('slowReceiver', this.waiting.length - kept.length);
    this.waiting = kept;
    this.waitingBytes = sizeOf(kept);
  }

  private dropOverflow(maxBytes: number): void {
    let count = 0;
    let leftBytes = this.waitingBytes;
    while (leftBytes > maxBytes && count < this.waiting.length) {
      leftBytes -= (this.waiting[count] as OutgoingMessage).frame.length;
      count += 1;
    }
    if (count > 0) this.counters.drop('slowReceiver', this.shift(count).length);
  }

  private shift(count: number): OutgoingMessage[] {
    const taken = this.waiting.splice(0, count);
    this.waitingBytes -= sizeOf(taken);
    return taken;
  }
}

function sizeOf(messages: readonly OutgoingMessage[]): number {
  let bytes = 0;
  for (const { frame } of messages) bytes += frame.length;
  return bytes;
}
