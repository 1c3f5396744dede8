import type { Clock } from '@/lib/core/clock';

/**
 * Who makes a keyframe worth sending: somebody has come; a newcomer's channel has opened, as its first request says; or
 * somebody has lost a packet.
 */
type Cause = 'joined' | 'opened' | 'lost';

/** Least time between two keyframes for the same cause (rules M-12, M-13). */
export const KEYFRAME_GAP_MS: Readonly<Record<Cause, number>> = { joined: 250, opened: 250, lost: 1_000 };

/**
 * Least time between two keyframes for a newcomer of whom nothing is heard: two ticks of the lowest tier, so that one
 * whose channel opens meanwhile waits no longer than that (rule M-14).
 */
const REPEAT_GAP_MS = 150;

/** How long keyframes are repeated for a newcomer who has said nothing yet (rule M-14). */
export const UNHEARD_MS = 2_000;

/** When a sender makes a keyframe: for those who come, and for those who ask, but not as often as they might. */
export class KeyframePolicy {
  private readonly waiting = new Set<Cause>();
  private readonly answeredAtMs = new Map<Cause, number>();
  /** Newcomers who have not asked yet. */
  private readonly newcomers = new Set<string>();
  /** Newcomers of whom nothing has been heard, and until when that matters: their channel may not be open yet. */
  private readonly unheard = new Map<string, number>();
  private isNeeded = true;
  private sentAtMs = Number.NEGATIVE_INFINITY;
  private requests = 0;

  constructor(private readonly clock: Clock) {}

  /** Requests that have come, also those that one keyframe answered together. */
  get asked(): number {
    return this.requests;
  }

  /** The next frame must be one: the others can make nothing of any other. */
  need(): void {
    this.isNeeded = true;
  }

  joined(endpointId: string): void {
    this.newcomers.add(endpointId);
    this.unheard.set(endpointId, this.clock.nowMs() + UNHEARD_MS);
    this.waiting.add('joined');
  }

  left(endpointId: string): void {
    this.newcomers.delete(endpointId);
    this.unheard.delete(endpointId);
  }

  /** Somebody's packet has come: their channel is open, and they ask for what they miss. */
  heard(endpointId: string): void {
    this.unheard.delete(endpointId);
  }

  /** Somebody asks for a keyframe. */
  ask(endpointId: string): void {
    this.requests += 1;
    this.waiting.add(this.newcomers.delete(endpointId) ? 'opened' : 'lost');
  }

  /** Whether the next frame is to be a keyframe. */
  isDue(): boolean {
    if (this.isNeeded) return true;
    if (this.waiting.size === 0 && this.unheard.size === 0) return false;
    const nowMs = this.clock.nowMs();
    for (const cause of this.waiting) if (this.mayAnswer(cause, nowMs)) return true;
    return this.hasUnheard(nowMs) && nowMs - this.sentAtMs >= REPEAT_GAP_MS;
  }

  /** A keyframe has left: it serves everybody who waits. */
  sent(): void {
    const nowMs = this.clock.nowMs();
    this.isNeeded = false;
    this.sentAtMs = nowMs;
    if (this.unheard.size > 0) this.waiting.add('joined');
    for (const cause of this.waiting) this.answeredAtMs.set(cause, nowMs);
    this.waiting.clear();
  }

  private mayAnswer(cause: Cause, nowMs: number): boolean {
    return nowMs - (this.answeredAtMs.get(cause) ?? Number.NEGATIVE_INFINITY) >= KEYFRAME_GAP_MS[cause];
  }

  private hasUnheard(nowMs: number): boolean {
    for (const [endpointId, untilMs] of this.unheard) if (nowMs > untilMs) this.unheard.delete(endpointId);
    return this.unheard.size > 0;
  }
}
