import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Clock } from '@/lib/core/clock';
import type { HubCounters } from '../hubStats';
import type { Keepalive } from '../keepalive';
import { refuseUpgrade, type WebSocketAcceptor } from '../webSockets';
import type { Bridge } from './bridge';
import type { FramedChannelSocket } from './channelSocket';
import { DeliveryWindow, WINDOW_MAX_BYTES } from './deliveryWindow';

interface ChannelGateOptions {
  readonly acceptor: WebSocketAcceptor;
  readonly keepalive: Keepalive;
  readonly bridge: Bridge;
  readonly counters: HubCounters;
  readonly clock: Clock;
}

/** Admits the WebSockets of bridge channels whose address carries an endpoint's secret. */
export class ChannelGate {
  constructor(private readonly options: ChannelGateOptions) {}

  /** Completes or refuses an upgrade to a channel's address. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, address: URL): void {
    const { acceptor, keepalive, bridge, counters, clock } = this.options;
    const endpoint = bridge.find(address);
    if (!endpoint) {
      refuseUpgrade(socket, '403 Forbidden');
      return;
    }
    acceptor.accept(request, socket, head, (webSocket) => {
      keepalive.watch(webSocket);
      const channel = new WebSocketChannel(webSocket, socket, clock);
      bridge.connected(endpoint, channel);
      return {
        onFrame: (data, isBinary) => bridge.receive(endpoint, channel, { data, isBinary }),
        onTooLarge: () => counters.drop('tooLarge'),
        onFlood: () => counters.drop('rateExceeded'),
        onClose: () => bridge.disconnected(endpoint, channel),
      };
    });
  }
}

/** An unmasked ping with four octets of payload (RFC 6455, 5.5.2). */
const PROBE_HEADER = [0x89, 4] as const;
const PROBE_BYTES = 4;

function probeFrame(probe: number): Buffer {
  const frame = Buffer.allocUnsafe(PROBE_HEADER.length + PROBE_BYTES);
  frame.set(PROBE_HEADER);
  frame.writeUInt32BE(probe, PROBE_HEADER.length);
  return frame;
}

/**
 * A bridge channel on a WebSocket. Frames that are shared by several receivers go straight to the connection under it. That
 * is sound as long as nothing is compressed, since `ws` then writes each of its own frames whole and at once.
 */
class WebSocketChannel implements FramedChannelSocket {
  private readonly window: DeliveryWindow;

  constructor(
    private readonly socket: WebSocket,
    private readonly connection: Duplex,
    private readonly clock: Clock,
  ) {
    this.window = new DeliveryWindow(clock.nowMs());
    socket.on('pong', (data) => this.onPong(data));
  }

  get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }

  get bufferedBytes(): number {
    return Math.max(this.window.inFlightBytes, this.connection.writableLength);
  }

  get roomBytes(): number {
    return Math.min(this.window.roomBytes, WINDOW_MAX_BYTES - this.connection.writableLength);
  }

  sendFrames(frames: Buffer): void {
    if (!this.isOpen) return;
    this.window.sent(frames.length);
    const probe = this.dueProbe();
    this.write(probe ? Buffer.concat([frames, probe]) : frames);
  }

  send(message: Buffer): void {
    if (this.isOpen) this.socket.send(message, TEXT_FRAME);
  }

  close(code: number, reason: string): void {
    this.socket.close(code, reason);
  }

  private write(bytes: Buffer): void {
    if (this.isOpen && this.connection.writable) this.connection.write(bytes);
  }

  private onPong(data: Buffer): void {
    if (data.length !== PROBE_BYTES) return;
    this.window.answered(data.readUInt32BE(0), this.clock.nowMs());
    // What was sent after the last probe may fill the window, and then nothing else would probe it.
    const probe = this.dueProbe();
    if (probe) this.write(probe);
  }

  private dueProbe(): Buffer | null {
    const nowMs = this.clock.nowMs();
    return this.window.wantsProbe(nowMs) ? probeFrame(this.window.beginProbe(nowMs)) : null;
  }
}

const TEXT_FRAME = { binary: false } as const;
