import { randomBytes } from 'node:crypto';
import type { MeetingRole } from '@/lib/core/meeting';
import type { HubLimits } from '../hubLimits';
import type { HubCounters } from '../hubStats';
import type { ChannelSocket } from './channelSocket';
import { DataChannelWindow } from './dataChannelWindow';
import { Outbox } from './outbox';
import type { SenderLimit } from './senderLimit';

/** The conference an endpoint takes part in, by the room's id. */
export type ConferenceId = string;

/** What an endpoint is made of. */
export interface EndpointDetails {
  readonly id: string;
  readonly conferenceId: ConferenceId;
  readonly role: MeetingRole;
}

/** One occupant on the bridge: its channel's secret, its channel while there is one, its rate, what waits for it. */
export class Endpoint {
  readonly id: string;
  readonly conferenceId: ConferenceId;
  readonly role: MeetingRole;
  /** Secret in the channel's address. */
  readonly password = randomBytes(16).toString('hex');
  socket: ChannelSocket | null = null;
  readonly limit: SenderLimit;
  readonly outbox: Outbox;
  /** The last batch in which this endpoint sent, or was named: it gets that batch message by message. */
  markedBatch = -1;
  private channelWindow: DataChannelWindow | null = null;

  constructor(details: EndpointDetails, limits: HubLimits, counters: HubCounters, limit: SenderLimit) {
    this.id = details.id;
    this.conferenceId = details.conferenceId;
    this.role = details.role;
    this.limit = limit;
    this.outbox = new Outbox(limits, counters);
  }

  get isOpen(): boolean {
    return this.socket?.isOpen ?? false;
  }

  /** Bytes that wait for it, those on their way included. */
  get backlogBytes(): number {
    return this.outbox.sizeBytes + (this.socket?.bufferedBytes ?? 0);
  }

  /** What may be on its way over the present data channel. */
  dataChannelWindow(nowMs: number): DataChannelWindow {
    this.channelWindow ??= new DataChannelWindow(nowMs);
    return this.channelWindow;
  }

  /** Makes `socket` the channel, closing the one before. */
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

  /** Lets go of its channel, which it returns. */
  detach(): ChannelSocket | null {
    const { socket } = this;
    this.socket = null;
    this.outbox.clear();
    return socket;
  }
}
