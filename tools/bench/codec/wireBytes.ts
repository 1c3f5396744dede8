import { wrapPacket } from '@/lib/transport/bridgeMessage';
import type { Packet } from './codecUnderTest';

/** Endpoint ids of a bridge: eight hexadecimal digits. */
const SENDER = 'a1b2c3d4';

/** A WebSocket frame's head from a server: no mask; two more bytes for the length from 126 on. */
const WS_HEAD_BYTES = 2;
const WS_LONG_HEAD_BYTES = 4;
const WS_SHORT_MAX_BYTES = 125;
/** TLS 1.3: head of the record 5, content type 1, tag 16. */
const TLS_BYTES = 22;
/** IPv4 20, TCP 20 with its timestamps 12. */
const TCP_IP_BYTES = 52;
/** What one segment carries over Ethernet. */
const SEGMENT_MAX_BYTES = 1448;

/** SCTP's common head 12 and DATA chunk 16, DTLS 1.2 with AES-GCM 37, UDP and IPv4 28. */
const SCTP_HEAD_BYTES = 28;
const SCTP_ALIGNMENT = 4;
const DTLS_BYTES = 37;
const UDP_IP_BYTES = 28;

/** The endpoint message that a receiver gets: as the bridge writes it, `from` included. JSON travels as it is. */
export function endpointMessage(packet: Packet): string {
  const msgPayload: unknown =
    typeof packet === 'string' ? { parley: JSON.parse(packet) } : wrapPacket(packet, packet.length);
  return JSON.stringify({ colibriClass: 'EndpointMessage', from: SENDER, to: '', msgPayload });
}

/**
 * Bytes on the wire at one receiver for one message over the bridge's WebSocket: a WebSocket frame in a TLS record of its
 * own, in as few TCP segments as hold it. Acknowledgements, which go the other way, are not counted.
 */
export function webSocketWireBytes(packet: Packet): number {
  const text = Buffer.byteLength(endpointMessage(packet));
  const framed = text + (text > WS_SHORT_MAX_BYTES ? WS_LONG_HEAD_BYTES : WS_HEAD_BYTES) + TLS_BYTES;
  return framed + TCP_IP_BYTES * Math.ceil(framed / SEGMENT_MAX_BYTES);
}

/** The same over a WebRTC data channel, a message in a datagram of its own. */
export function dataChannelWireBytes(packet: Packet): number {
  const text = Buffer.byteLength(endpointMessage(packet));
  const padded = Math.ceil(text / SCTP_ALIGNMENT) * SCTP_ALIGNMENT;
  return padded + SCTP_HEAD_BYTES + DTLS_BYTES + UDP_IP_BYTES;
}
