import type { Page } from 'playwright-core';

/** A server's frame has no mask: two bytes up to a length of 125, four beyond (RFC 6455, 5.2). */
const SHORT_FRAME_MAX = 125;
const SHORT_HEADER_BYTES = 2;
const LONG_HEADER_BYTES = 4;

/** Modelled, since nothing reports it: a TLS 1.3 record and the TCP and IP headers of a segment for each message. */
const TLS_BYTES = 22;
const TCP_IP_BYTES = 52;

interface FrameReceived {
  readonly requestId: string;
  readonly response: { readonly payloadData: string };
}

/** Counts the bytes a page receives over its WebSocket bridge channel, as they would be on the wire over TLS. */
export class WireMeter {
  /** Frames counted so far. */
  messages = 0;
  private bytes = 0;
  private beganAtMs = performance.now();
  private readonly channels = new Set<string>();

  /** Create it before the page's first navigation: open sockets are not reported. */
  static async attach(page: Page): Promise<WireMeter> {
    const session = await page.context().newCDPSession(page);
    const meter = new WireMeter();
    session.on('Network.webSocketCreated', ({ requestId, url }) => {
      if (url.includes('/colibri-ws/')) meter.channels.add(requestId);
    });
    session.on('Network.webSocketFrameReceived', (frame: FrameReceived) => meter.note(frame));
    await session.send('Network.enable');
    return meter;
  }

  /** Resets the count. */
  begin(): void {
    this.messages = 0;
    this.bytes = 0;
    this.beganAtMs = performance.now();
  }

  /** Bits a second since `begin`. */
  bps(): number {
    return (this.bytes * 8 * 1000) / (performance.now() - this.beganAtMs);
  }

  private note({ requestId, response }: FrameReceived): void {
    if (!this.channels.has(requestId)) return;
    const payloadBytes = Buffer.byteLength(response.payloadData);
    const headerBytes = payloadBytes <= SHORT_FRAME_MAX ? SHORT_HEADER_BYTES : LONG_HEADER_BYTES;
    this.messages += 1;
    this.bytes += payloadBytes + headerBytes + TLS_BYTES + TCP_IP_BYTES;
  }
}
