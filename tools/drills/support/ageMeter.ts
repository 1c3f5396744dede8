import type { PoseDecoder } from '@/lib/codec/codec';
import { systemClock } from '@/lib/core/clock';
import { controlKindOf, KEYFRAME_REQUEST } from '@/lib/meeting/controlMessages';
import { POSE_CODEC } from '@/lib/meeting/poseCodec';
import type { BotParticipant } from '@/tools/bot/botParticipant';
import { quantile } from '@/tools/statistics';

/** How old poses are on arrival, from its making on. Senders must be of this process: then all have one clock. */
export class AgeMeter {
  private readonly agesMs: number[] = [];
  private readonly decoders = new Map<string, PoseDecoder>();
  private readonly stops: readonly (() => void)[];

  constructor(listeners: readonly BotParticipant[], senders: readonly BotParticipant[]) {
    const senderIds = new Set(senders.map((bot) => bot.stats().personId));
    this.stops = listeners.map((bot, index) =>
      bot.transport.events.on('packet', ({ from, bytes }) => {
        if (senderIds.has(from.personId)) this.note(`${index} ${from.endpointId}`, bytes);
      }),
    );
    // Decoders that begin in the middle can do nothing before the next keyframe.
    for (const bot of listeners) bot.transport.broadcast(KEYFRAME_REQUEST, KEYFRAME_REQUEST.length);
  }

  /** Poses noted so far. */
  get count(): number {
    return this.agesMs.length;
  }

  /** Ends it and gives the p95, ms. */
  endP95Ms(): number {
    for (const stop of this.stops) stop();
    return this.agesMs.length === 0 ? Number.NaN : quantile(this.agesMs, 0.95);
  }

  private note(way: string, bytes: Uint8Array): void {
    if (controlKindOf(bytes) !== null) return;
    const decoder = this.decoders.get(way) ?? POSE_CODEC.createDecoder();
    this.decoders.set(way, decoder);
    decoder.decode(bytes, (_pose, timeMs) => this.agesMs.push(systemClock.nowMs() - timeMs));
  }
}
