import type { PoseDecoder } from '@/lib/codec/codec';
import { systemClock } from '@/lib/core/clock';
import { Scope } from '@/lib/core/scope';
import { controlKindOf, KEYFRAME_REQUEST } from '@/lib/meeting/controlMessages';
import { POSE_CODEC } from '@/lib/meeting/poseExchange';
import type { BotParticipant } from '@/tools/bot/botParticipant';
import { quantile } from '@/tools/statistics';

/** Most receivers that are measured: the same process runs all members, and decoding for each of them would make it late itself. */
const RECEIVERS_MAX = 4;

/**
 * Ages on arrival of the newest pose of each packet, from its creation on: the other poses of a packet have waited for that
 * one on purpose, for up to 100 ms. Senders must run in this process, so that all share one clock.
 */
export class AgeMeter {
  private readonly agesMs: number[] = [];
  private readonly decoders = new Map<string, PoseDecoder>();
  private readonly scope = new Scope();

  constructor(listeners: readonly BotParticipant[], senders: readonly BotParticipant[]) {
    const senderIds = new Set(senders.map((bot) => bot.personId));
    for (const [index, bot] of listeners.slice(0, RECEIVERS_MAX).entries()) {
      const stop = bot.transport.events.on('packet', ({ from, bytes }) => {
        if (senderIds.has(from.personId)) this.note(`${index} ${from.endpointId}`, bytes);
      });
      this.scope.add(stop);
    }
    // Decoders that start in the middle have to wait for a keyframe.
    for (const bot of listeners) bot.transport.broadcast(KEYFRAME_REQUEST, KEYFRAME_REQUEST.length);
  }

  /** Packets counted so far. */
  get count(): number {
    return this.agesMs.length;
  }

  /** Stops and returns the p95, ms. */
  endP95Ms(): number {
    this.scope.close();
    return this.agesMs.length === 0 ? Number.NaN : quantile(this.agesMs, 0.95);
  }

  private note(path: string, bytes: Uint8Array): void {
    if (controlKindOf(bytes) !== null) return;
    const decoder = this.decoders.get(path) ?? POSE_CODEC.createDecoder();
    this.decoders.set(path, decoder);
    let newestMs = Number.NaN;
    decoder.decode(bytes, (_pose, timeMs) => {
      newestMs = timeMs;
    });
    if (!Number.isNaN(newestMs)) this.agesMs.push(systemClock.nowMs() - newestMs);
  }
}
