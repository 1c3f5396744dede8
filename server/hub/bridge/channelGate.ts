import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '@/lib/core/clock';
import type { HubCounters } from '../hubStats';
import type { Keepalive } from '../keepalive';
import { refuseUpgrade, type WebSocketAcceptor } from '../webSockets';
import type { Bridge } from './bridge';
import { WebSocketChannel } from './webSocketChannel';

export interface ChannelGateOptions {
  readonly acceptor: WebSocketAcceptor;
  readonly keepalive: Keepalive;
  readonly bridge: Bridge;
  readonly counters: HubCounters;
  readonly clock: Clock;
}

/** Takes the WebSockets of bridge channels in: those whose address carries an endpoint's secret. */
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
        onClose: () => bridge.disconnected(endpoint, channel),
      };
    });
  }
}
