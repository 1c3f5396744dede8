import { randomInt } from 'node:crypto';
import { type RTCDtlsTransport, RtpHeader, type RtpPacket } from 'werift';
import { systemClock } from '@/lib/core/clock';
import type { OfferedAudio } from '../jingle/jingleOffer';
import { type OpusPacket, type OpusSource, SILENCE_DBOV } from '../voice/opusPacket';
import type { VoiceBook } from '../voice/voiceBook';

/** RTP clock of Opus, ticks per millisecond (RFC 7587). */
const TICKS_PER_MS = 48;
/** If sending is later than this, as after a sleep, packets are skipped rather than sent in a burst. */
const BEHIND_MAX_MS = 500;
const ONE_BYTE_EXTENSIONS = 0xbede;

/** Sends Opus packets as RTP in real time. Due times count from the first packet, so timer delays do not add up. */
export class VoiceSender {
  private readonly header: RtpHeader;
  private readonly level = Buffer.alloc(1);
  private voice: OpusSource | null = null;
  private next = 0;
  private dueMs = 0;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly dtls: RTCDtlsTransport,
    ssrc: number,
    { opusPayloadType, audioLevelExtensionId }: OfferedAudio,
  ) {
    const extensions = audioLevelExtensionId === null ? [] : [{ id: audioLevelExtensionId, payload: this.level }];
    this.header = new RtpHeader({
      ssrc,
      payloadType: opusPayloadType,
      sequenceNumber: randomInt(2 ** 15),
      timestamp: randomInt(2 ** 31),
      extension: extensions.length > 0,
      extensionProfile: ONE_BYTE_EXTENSIONS,
      extensions,
    });
  }

  /** Repeats `voice` from its start; null ends it. */
  speak(voice: OpusSource | null): void {
    if (voice === this.voice) return;
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.voice = voice && voice.packets.length > 0 ? voice : null;
    this.next = 0;
    this.dueMs = systemClock.nowMs();
    // The first packet after a silence carries the marker (RFC 7587).
    this.header.marker = true;
    this.plan();
  }

  private plan(): void {
    if (this.voice) this.timer = setTimeout(() => this.run(), Math.max(0, this.dueMs - systemClock.nowMs()));
  }

  private run(): void {
    const nowMs = systemClock.nowMs();
    if (nowMs - this.dueMs > BEHIND_MAX_MS) this.skipTo(nowMs);
    while (this.voice && this.dueMs <= nowMs) this.sendNext(this.voice);
    this.plan();
  }

  private sendNext({ packets }: OpusSource): void {
    const packet = packets[this.next % packets.length]!;
    this.next = (this.next + 1) % packets.length;
    // Until DTLS is up the packet is dropped, but time goes on.
    if (this.dtls.state === 'connected') this.send(packet);
    this.advance(packet.durationMs);
  }

  private send({ data, levelDbov }: OpusPacket): void {
    // The upper bit would claim speech, which is unknown here (RFC 6464).
    this.level[0] = Math.min(127, Math.max(0, Math.round(-levelDbov)));
    void this.dtls.sendRtp(Buffer.from(data.buffer, data.byteOffset, data.byteLength), this.header);
    this.header.sequenceNumber = (this.header.sequenceNumber + 1) & 0xffff;
    this.header.marker = false;
  }

  private advance(durationMs: number): void {
    this.dueMs += durationMs;
    this.header.timestamp = (this.header.timestamp + Math.round(durationMs * TICKS_PER_MS)) >>> 0;
  }

  private skipTo(nowMs: number): void {
    this.header.marker = true;
    this.advance(nowMs - this.dueMs);
  }
}

/** Takes the voices that a bridge forwards. Nothing is decoded. */
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
    this.voices.note({
      ssrc: header.ssrc,
      sequence: header.sequenceNumber,
      timestamp: header.timestamp,
      hasMarker: header.marker,
      opus: payload,
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
