import type { AnnouncedSource } from '../jingle/jingleOffer';
import { type HeardPacket, VoiceMeter } from './voiceMeter';
import type { VoiceStats } from './voiceStats';

/** Most streams measured; a bridge forwards far fewer. */
const STREAMS_MAX = 512;

/** Whose voice is which, and how it comes in. Outlives a link, as figures must. */
export class VoiceBook {
  private readonly ownerBySsrc = new Map<number, string>();
  private readonly meterBySsrc = new Map<number, VoiceMeter>();

  announce(sources: readonly AnnouncedSource[]): void {
    for (const { ssrc, owner } of sources) if (this.ownerBySsrc.size < STREAMS_MAX) this.ownerBySsrc.set(ssrc, owner);
  }

  /** Takes a packet. What nobody has announced (yet) is measured too, and told once its owner is known. */
  note(ssrc: number, packet: HeardPacket): void {
    const meter = this.meterBySsrc.get(ssrc) ?? this.addMeter(ssrc);
    meter?.note(packet);
  }

  /** Figures by endpoint id; of somebody's several streams, the one with most packets. */
  stats(): ReadonlyMap<string, VoiceStats> {
    const byOwner = new Map<string, VoiceStats>();
    for (const [ssrc, meter] of this.meterBySsrc) {
      const owner = this.ownerBySsrc.get(ssrc);
      const stats = meter.stats();
      if (owner !== undefined && stats.packets > (byOwner.get(owner)?.packets ?? 0)) byOwner.set(owner, stats);
    }
    return byOwner;
  }

  private addMeter(ssrc: number): VoiceMeter | null {
    if (this.meterBySsrc.size >= STREAMS_MAX) return null;
    const meter = new VoiceMeter();
    this.meterBySsrc.set(ssrc, meter);
    return meter;
  }
}
