import type { RTCDtlsTransport, RtpPacket } from 'werift';
import { systemClock } from '@/lib/core/clock';
import type { OfferedAudio } from '../jingle/jingleOffer';
import { SILENCE_DBOV } from '../voice/opusSource';
import type { VoiceBook } from '../voice/voiceBook';

/** Hears the voices that a bridge forwards, for their figures; nothing is decoded. */
export class VoiceReceiver {
  constructor(
    private readonly voices: VoiceBook,
    private readonly audio: OfferedAudio,
  ) {}

  listen(dtls: RTCDtlsTransport): void {
    dtls.onRtp.subscribe((packet) => this.take(packet));
  }

  private take({ header, payload }: RtpPacket): void {
    if (header.payloadType !== this.audio.opusPayloadType) return;
    this.voices.note(header.ssrc, {
      sequence: header.sequenceNumber,
      timestamp: header.timestamp,
      sizeBytes: payload.length,
      levelDbov: this.levelOf(header.extensions),
      arrivalMs: systemClock.nowMs(),
    });
  }

  /** RFC 6464: the lower seven bits are -dBov. */
  private levelOf(extensions: RtpPacket['header']['extensions']): number {
    for (const { id, payload } of extensions) {
      if (id === this.audio.audioLevelExtensionId && payload.length > 0) return -(payload[0]! & 0x7f);
    }
    return SILENCE_DBOV;
  }
}
