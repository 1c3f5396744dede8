import type { HubCounters } from '../hubStats';
import { type ChannelSocket, isFramed } from './channelSocket';
import type { Endpoint } from './endpoint';

/** First octet of an unfragmented text frame (RFC 6455, 5.2). */
const FINAL_TEXT = 0x81;
const LENGTH_16_BIT = 126;
const LENGTH_64_BIT = 127;
const SHORT_MAX = 125;
const MEDIUM_MAX = 0xffff;

function headerBytes(payloadBytes: number): number {
  if (payloadBytes <= SHORT_MAX) return 2;
  return payloadBytes <= MEDIUM_MAX ? 4 : 10;
}

function writeHeader(frame: Buffer, payloadBytes: number): void {
  frame[0] = FINAL_TEXT;
  if (payloadBytes <= SHORT_MAX) {
    frame[1] = payloadBytes;
  } else if (payloadBytes <= MEDIUM_MAX) {
    frame[1] = LENGTH_16_BIT;
    frame.writeUInt16BE(payloadBytes, 2);
  } else {
    frame[1] = LENGTH_64_BIT;
    frame.writeUInt32BE(0, 2);
    frame.writeUInt32BE(payloadBytes, 6);
  }
}

/** One outgoing message. A server's frames are not masked, so one frame serves every receiver. */
export class OutgoingMessage {
  /** The whole WebSocket text frame. */
  readonly frame: Buffer;
  private readonly headerSizeBytes: number;

  constructor(
    text: string,
    /** The sender; null for the bridge itself. */
    readonly from: Endpoint | null,
    /** The receiver; null for every endpoint but the sender. */
    readonly to: Endpoint | null,
    /** When it arrived, on the hub's clock. */
    readonly atMs: number,
  ) {
    const payloadBytes = Buffer.byteLength(text);
    this.headerSizeBytes = headerBytes(payloadBytes);
    this.frame = Buffer.allocUnsafe(this.headerSizeBytes + payloadBytes);
    writeHeader(this.frame, payloadBytes);
    this.frame.write(text, this.headerSizeBytes);
  }

  /** The text alone, as UTF-8. */
  get payload(): Buffer {
    return this.frame.subarray(this.headerSizeBytes);
  }

  get payloadBytes(): number {
    return this.frame.length - this.headerSizeBytes;
  }

  /** Whether a newer message of the same sender makes it worthless: true for messages to every endpoint. */
  get isReplaceable(): boolean {
    return this.to === null && this.from !== null;
  }
}

/** JVB's message about an endpoint whose media does not come through, or does again. */
function reachEvent(endpoint: string, isReached: boolean): string {
  return JSON.stringify({ colibriClass: 'EndpointConnectivityStatusChangeEvent', endpoint, active: String(isReached) });
}

/** The messages of one batch that go to every endpoint, and their frames in one piece. */
interface SharedBatch {
  readonly messages: readonly OutgoingMessage[];
  readonly frames: Buffer;
  readonly payloadBytes: number;
}

/**
 * The endpoints of one conference and what they send to each other. Messages are gathered for a moment and handed over
 * together: the cost of a message is the system call for each receiver, and receivers that sent nothing in the meantime
 * all get the same bytes.
 */
export class Conference {
  readonly endpoints = new Set<Endpoint>();
  private batch: OutgoingMessage[] = [];
  private batchNumber = 0;
  /** The latest dominant-speaker event, for channels that open later. */
  private speakers: { readonly dominantId: string; readonly text: string } | null = null;

  /** Endpoints whose media does not come through, for channels that open later. */
  private readonly unreached = new Set<string>();

  constructor(private readonly counters: HubCounters) {}

  /** Adds a message to the next batch: to one endpoint or, with `to` null, to every endpoint but the sender. */
  add(text: string, from: Endpoint | null, to: Endpoint | null, nowMs: number): void {
    this.batch.push(new OutgoingMessage(text, from, to, nowMs));
    if (from) from.markedBatch = this.batchNumber;
    if (to) to.markedBatch = this.batchNumber;
  }

  /** Removes an endpoint. */
  remove(endpoint: Endpoint): void {
    this.endpoints.delete(endpoint);
    if (this.speakers?.dominantId === endpoint.id) this.speakers = null;
  }

  /** Announces the dominant speaker to every endpoint, and to those that join later. */
  announceSpeakers(dominantId: string, text: string, nowMs: number): void {
    this.speakers = { dominantId, text };
    this.add(text, null, null, nowMs);
  }

  /** Notes whether an endpoint is reached by media. Returns whether that is news, which every endpoint is then told. */
  noteReach(endpointId: string, isReached: boolean, nowMs: number): boolean {
    const isNews = isReached ? this.unreached.delete(endpointId) : !this.unreached.has(endpointId);
    if (!isNews) return false;
    if (!isReached) this.unreached.add(endpointId);
    this.add(reachEvent(endpointId, isReached), null, null, nowMs);
    return true;
  }

  forgetReach(endpointId: string): void {
    this.unreached.delete(endpointId);
  }

  /** Greets an endpoint whose channel has opened. */
  greet(endpoint: Endpoint, hello: string, nowMs: number): void {
    this.add(hello, null, endpoint, nowMs);
    for (const id of this.unreached) this.add(reachEvent(id, false), null, endpoint, nowMs);
    if (this.speakers) this.add(this.speakers.text, null, endpoint, nowMs);
  }

  /** Hands the batch over. Returns true if messages still wait for a slow receiver. */
  flush(nowMs: number): boolean {
    const { batch, batchNumber } = this;
    this.batch = [];
    this.batchNumber += 1;
    const shared = shareOf(batch);
    let isWaiting = false;
    for (const endpoint of this.endpoints) {
      const { socket } = endpoint;
      if (!socket?.isOpen) continue;
      if (endpoint.markedBatch === batchNumber) this.queueOwn(endpoint, batch);
      else if (shared) this.deliverShared(endpoint, socket, shared);
      if (endpoint.outbox.isEmpty) continue;
      this.drain(endpoint, socket, nowMs);
      isWaiting ||= !endpoint.outbox.isEmpty;
    }
    return isWaiting;
  }

  private deliverShared({ outbox }: Endpoint, socket: ChannelSocket, shared: SharedBatch): void {
    if (outbox.isEmpty && isFramed(socket) && shared.frames.length <= socket.roomBytes) {
      socket.sendFrames(shared.frames);
      this.counters.sent(shared.messages.length, shared.payloadBytes);
      return;
    }
    for (const message of shared.messages) outbox.push(message);
  }

  private queueOwn(endpoint: Endpoint, batch: readonly OutgoingMessage[]): void {
    for (const message of batch) {
      const isMeant = message.to === null ? message.from !== endpoint : message.to === endpoint;
      if (isMeant) endpoint.outbox.push(message);
    }
  }

  private drain(endpoint: Endpoint, socket: ChannelSocket, nowMs: number): void {
    const window = isFramed(socket) ? null : endpoint.dataChannelWindow(nowMs);
    const inFlightBytes = socket.bufferedBytes;
    const roomBytes = isFramed(socket) ? socket.roomBytes : window!.roomBytes(inFlightBytes, nowMs);
    const messages = endpoint.outbox.take(roomBytes, inFlightBytes, nowMs);
    if (messages.length === 0) return;
    if (isFramed(socket)) socket.sendFrames(framesOf(messages));
    else for (const message of messages) socket.send(message.payload);
    window?.sent(payloadBytesOf(messages), nowMs);
    this.counters.sent(messages.length, payloadBytesOf(messages));
  }
}

function shareOf(batch: readonly OutgoingMessage[]): SharedBatch | null {
  const messages = batch.every(({ to }) => to === null) ? batch : batch.filter(({ to }) => to === null);
  if (messages.length === 0) return null;
  return { messages, frames: framesOf(messages), payloadBytes: payloadBytesOf(messages) };
}

function framesOf(messages: readonly OutgoingMessage[]): Buffer {
  const [first] = messages;
  return first && messages.length === 1 ? first.frame : Buffer.concat(messages.map(({ frame }) => frame));
}

function payloadBytesOf(messages: readonly OutgoingMessage[]): number {
  let bytes = 0;
  for (const { payloadBytes } of messages) bytes += payloadBytes;
  return bytes;
}
