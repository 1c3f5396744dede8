import type { Clock, Scheduler } from '@/lib/core/clock';
import type { Transport } from '@/lib/transport/transport';
import { KEYFRAME_REQUEST } from './controlMessages';

/**
 * Who makes a keyframe worth sending: somebody has come; a newcomer's channel has opened, as its first request says; or
 * somebody has lost a packet.
 */
type Cause = 'joined' | 'opened' | 'lost';

/** Least time between two keyframes for the same cause (rules M-12, M-13). */
const KEYFRAME_GAP_MS: Readonly<Record<Cause, number>> = { joined: 250, opened: 250, lost: 1_000 };

/**
 * Least time between two keyframes for a newcomer of whom nothing is heard: two ticks of the lowest tier, so that one
 * whose channel opens meanwhile waits no longer than that (rule M-14).
 */
const REPEAT_GAP_MS = 150;

/** How long keyframes are repeated for a newcomer who has said nothing yet (rule M-14). */
const UNHEARD_MS = 2_000;

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

/** Least time between two requests to one sender (rule M-11). */
const ASK_AGAIN_MS = 1_000;
/** Requests are spread over this much: what the bridge lost, everybody lost, and the first request may serve all. */
const ASK_SPREAD_MS = 100;

interface Asking {
  askedAtMs: number;
  callOff: (() => void) | null;
}

/** What an asker is made of. */
export interface KeyframeAskerParts {
  readonly transport: Transport;
  readonly scheduler: Scheduler;
  /** 0 .. 1 */
  readonly random: () => number;
}

/** Asks senders for the keyframes without which nothing more of theirs can be decoded. */
export class KeyframeAsker {
  private readonly byEndpoint = new Map<string, Asking>();
  private askedAllAtMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly parts: KeyframeAskerParts) {}

  /** Asks everybody at once: one's own channel has opened. */
  askAll(): void {
    const { transport, scheduler } = this.parts;
    this.askedAllAtMs = scheduler.nowMs();
    transport.broadcast(KEYFRAME_REQUEST, KEYFRAME_REQUEST.length);
  }

  /** A packet of `endpointId` has come, after which its decoder awaits a keyframe or does not. `onAsk` tells of a request. */
  note(endpointId: string, awaits: boolean, onAsk: () => void): void {
    const asking = this.byEndpoint.get(endpointId);
    if (awaits) this.plan(endpointId, onAsk, asking);
    else if (asking?.callOff) this.callOff(asking);
  }

  /** Somebody has gone. */
  forget(endpointId: string): void {
    const asking = this.byEndpoint.get(endpointId);
    if (asking) this.callOff(asking);
    this.byEndpoint.delete(endpointId);
  }

  close(): void {
    for (const endpointId of [...this.byEndpoint.keys()]) this.forget(endpointId);
  }

  private plan(endpointId: string, onAsk: () => void, known: Asking | undefined): void {
    if (known?.callOff) return;
    const asking = known ?? { askedAtMs: Number.NEGATIVE_INFINITY, callOff: null };
    this.byEndpoint.set(endpointId, asking);
    const { scheduler, random } = this.parts;
    const mayAtMs = Math.max(asking.askedAtMs, this.askedAllAtMs) + ASK_AGAIN_MS;
    const waitMs = Math.max(0, mayAtMs - scheduler.nowMs()) + random() * ASK_SPREAD_MS;
    asking.callOff = scheduler.schedule(() => this.ask(endpointId, asking, onAsk), waitMs);
  }

  private ask(endpointId: string, asking: Asking, onAsk: () => void): void {
    const { transport, scheduler } = this.parts;
    asking.callOff = null;
    asking.askedAtMs = scheduler.nowMs();
    if (transport.sendTo(endpointId, KEYFRAME_REQUEST, KEYFRAME_REQUEST.length) === 'sent') onAsk();
  }

  private callOff(asking: Asking): void {
    asking.callOff?.();
    asking.callOff = null;
  }
}
