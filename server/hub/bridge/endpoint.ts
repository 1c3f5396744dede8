import { randomBytes } from 'node:crypto';
import { WebSocket } from 'ws';
import type { MeetingRole } from '@/lib/core/meeting';
import type { HubLimits } from '../hubLimits';
import { SenderLimit } from './senderLimit';

/** The conference an endpoint takes part in, by the room's id. */
export type ConferenceId = string;

/** One occupant on the bridge: its channel's secret, its socket while there is one, its rate. */
export class Endpoint {
  /** Secret in the channel's address. */
  readonly password = randomBytes(16).toString('hex');
  socket: WebSocket | null = null;
  readonly limit: SenderLimit;

  constructor(
    readonly id: string,
    readonly conferenceId: ConferenceId,
    readonly role: MeetingRole,
    limits: HubLimits,
    nowMs: number,
    limitBefore?: SenderLimit,
  ) {
    this.limit = limitBefore ?? new SenderLimit(limits, nowMs);
  }

  get isOpen(): boolean {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  /** Makes `socket` the channel, closing the one before. */
  connect(socket: WebSocket): void {
    const before = this.socket;
    this.socket = socket;
    before?.close(1000, 'replaced');
  }

  /** Forgets `socket` if it still is the channel. */
  disconnected(socket: WebSocket): void {
    if (this.socket === socket) this.socket = null;
  }

  close(reason: string): void {
    const { socket } = this;
    this.socket = null;
    socket?.close(1001, reason);
  }
}
