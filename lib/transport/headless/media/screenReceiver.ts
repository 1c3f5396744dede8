import { PictureLossIndication, type RTCDtlsTransport, RtcpPayloadSpecificFeedback, type RtpPacket } from 'werift';
import type { OfferedVideo } from '../jingle/jingleOffer';

/** One RTP packet of a shared screen, in VP8. */
export interface ScreenPacket {
  readonly ssrc: number;
  readonly sequence: number;
  /** RTP time, 90 kHz. */
  readonly timestamp: number;
  readonly hasMarker: boolean;
  /** With its VP8 payload descriptor (RFC 7741, 4.2). */
  readonly payload: Uint8Array;
}

/** Hears every packet of a screen whose owner is known. The packet's bytes are valid during the call only. */
export type HearScreen = (endpointId: string, packet: ScreenPacket) => void;

interface ScreenReceiverParts {
  readonly dtls: RTCDtlsTransport;
  readonly video: OfferedVideo;
  /** SSRC by which the local side asks. */
  readonly ownSsrc: number;
  /** The endpoint that announced a source; undefined if none did. */
  ownerOf(ssrc: number): string | undefined;
  readonly hear: HearScreen;
}

/** Most screens that keyframes are asked of: the latest. A meeting shows one, but many after each other. */
const SCREENS_MAX = 16;

/** Takes the screens that a bridge forwards. Nothing is decoded. */
export class ScreenReceiver {
  private readonly ssrcs = new Set<number>();

  constructor(private readonly parts: ScreenReceiverParts) {
    parts.dtls.onRtp.subscribe((packet) => this.take(packet));
  }

  /** Asks for a keyframe of every screen that has been heard (RFC 4585, 6.3.1). */
  askForKeyframes(): void {
    const { dtls, ownSsrc: senderSsrc } = this.parts;
    if (dtls.state !== 'connected') return;
    for (const mediaSsrc of this.ssrcs) {
      const feedback = new PictureLossIndication({ senderSsrc, mediaSsrc });
      void dtls.sendRtcp([new RtcpPayloadSpecificFeedback({ feedback })]);
    }
  }

  private take({ header, payload }: RtpPacket): void {
    const { video, ownerOf, hear } = this.parts;
    const { ssrc, payloadType, sequenceNumber: sequence, timestamp, marker: hasMarker } = header;
    const owner = payloadType === video.vp8PayloadType ? ownerOf(ssrc) : undefined;
    if (owner === undefined) return;
    if (!this.ssrcs.has(ssrc)) this.note(ssrc);
    hear(owner, { ssrc, sequence, timestamp, hasMarker, payload });
  }

  private note(ssrc: number): void {
    this.ssrcs.add(ssrc);
    const [oldest] = this.ssrcs;
    if (this.ssrcs.size > SCREENS_MAX && oldest !== undefined) this.ssrcs.delete(oldest);
  }
}
