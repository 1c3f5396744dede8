import type { Clock } from '@/lib/core/clock';
import type { EndpointLink } from './endpointLink';
import type { RtpDropReason } from './mediaContract';
import type { MediaCounters } from './mediaCounters';
import { RtcpExchange } from './rtcpExchange';
import { audioLevelDb, rtpHeaderBytes, rtpSequence, rtpSsrc } from './rtp/rtpHeader';
import type { RtpSource } from './rtp/rtpSource';
import type { SrtpChannel } from './rtp/srtpChannel';
import { DominantSpeaker } from './speakers/dominantSpeaker';
import { LoudestVoices } from './speakers/loudestVoices';
import { loudnessOf } from './speakers/voiceLevels';

/** SSRCs that a conference remembers the owners of. */
const SSRCS_MAX = 8_192;

/** Called with the dominant speaker and those before, latest first. */
export type SpeakerListener = (dominantEndpointId: string, previousEndpointIds: readonly string[]) => void;

/** The media of one conference: who sends what, who speaks, and what goes to whom. */
export class MediaConference {
  readonly links = new Set<EndpointLink>();
  private readonly owners = new Map<number, string>();
  private readonly speaker = new DominantSpeaker();
  private readonly voices: LoudestVoices;
  private readonly rtcp: RtcpExchange;

  constructor(
    forwardedVoicesMax: number,
    private readonly clock: Clock,
    private readonly counters: MediaCounters,
    private readonly onSpeaker: SpeakerListener,
  ) {
    this.voices = new LoudestVoices(forwardedVoicesMax);
    this.rtcp = new RtcpExchange(this.links, {
      drop: (reason) => counters.drop(reason),
      resend: (receiver, { header, payload }) => this.forward(receiver, header, payload),
    });
  }

  /**
   * Whether an SSRC is this endpoint's. It stays so: two senders on one SSRC would be encrypted to a receiver with the same
   * key and vector.
   */
  claim({ endpointId }: EndpointLink, ssrc: number): boolean {
    const owner = this.owners.get(ssrc);
    if (owner !== undefined) return owner === endpointId;
    if (this.owners.size >= SSRCS_MAX) return false;
    this.owners.set(ssrc, endpointId);
    return true;
  }

  remove(link: EndpointLink): void {
    this.links.delete(link);
    for (const other of this.links) if (other.endpointId === link.endpointId) return;
    this.speaker.remove(link.endpointId);
    this.voices.remove(link.endpointId);
  }

  /** A receiver's connection is up. */
  connected(link: EndpointLink): void {
    this.rtcp.wantKeyFramesFor(link, this.clock.nowMs());
  }

  /** Takes a protected RTP packet of `sender`. */
  onRtp(sender: EndpointLink, packet: Buffer, srtp: SrtpChannel): void {
    this.counters.rtpPacketsIn += 1;
    this.counters.rtpBytesIn += packet.length;
    const reason = this.pass(sender, packet, srtp);
    if (reason) this.counters.drop(reason);
  }

  /** Takes a protected RTCP packet of `sender`. */
  onRtcp(sender: EndpointLink, packet: Buffer, srtp: SrtpChannel): void {
    this.rtcp.receive(sender, packet, srtp, this.clock.nowMs());
  }

  /** What is due with time. */
  sweep(nowMs: number): void {
    this.voices.sweep(nowMs);
    this.rtcp.sweep(nowMs);
  }

  /** Forwards a packet or tells why not. Cheap tests come first: only what passes them is decrypted. */
  private pass(sender: EndpointLink, packet: Buffer, srtp: SrtpChannel): RtpDropReason | null {
    const headerBytes = rtpHeaderBytes(packet);
    if (headerBytes < 0) return 'malformed';
    if (!sender.maySend) return 'spectator';
    const source = sender.sources.get(rtpSsrc(packet));
    if (!source) return 'unannounced';
    const nowMs = this.clock.nowMs();
    if (!sender.rates.admitsRtp(source.kind, packet.length, nowMs)) return 'rateExceeded';
    const payload = srtp.unprotect(packet, headerBytes);
    if (!payload) return 'malformed';
    return this.spread(sender, source, packet.subarray(0, headerBytes), payload, nowMs);
  }

  private spread(sender: EndpointLink, source: RtpSource, header: Buffer, payload: Buffer, nowMs: number) {
    source.reception.onPacket(header, nowMs);
    if (source.kind === 'audio' && !this.isHeard(sender, header, nowMs)) return 'quietSpeaker';
    source.cache?.put({ sequence: rtpSequence(header), header, payload });
    for (const receiver of this.links) if (receiver !== sender) this.forward(receiver, header, payload);
    return null;
  }

  private isHeard({ endpointId }: EndpointLink, header: Buffer, nowMs: number): boolean {
    const loudness = loudnessOf(audioLevelDb(header));
    if (this.speaker.observe(endpointId, loudness, nowMs) && this.speaker.current !== null) {
      this.onSpeaker(this.speaker.current, this.speaker.previousIds);
    }
    return this.voices.admit(endpointId, loudness, nowMs);
  }

  private forward({ transport }: EndpointLink, header: Buffer, payload: Buffer): void {
    const { counters } = this;
    const packet = transport.srtp?.protect(header, payload);
    if (!packet) return;
    if (!transport.send(packet)) {
      counters.drop('slowReceiver');
      return;
    }
    counters.rtpPacketsOut += 1;
    counters.rtpBytesOut += packet.length;
  }
}
