import type { Clock, Scheduler } from '@/lib/core/clock';
import type { Transport } from '@/lib/transport/transport';
import { KEYFRAME_REQUEST } from './controlMessages';

/** Why a keyframe is worth sending: an endpoint joined, a newcomer's channel opened (its first request), a packet was lost. */
type Cause = 'joined' | 'opened' | 'lost';

/** Shortest time between two keyframes for the same cause (rules M-12, M-13). */
const KEYFRAME_GAP_MS: Readonly<Record<Cause, number>> = { joined: 250, opened: 250, lost: 1_000 };

/**
 * Shortest time between two keyframes for a newcomer that has sent nothing yet: two ticks of the lowest tier, which is the
 * longest it then waits after its channel opens (rule M-14).
 */
const REPEAT_GAP_MS = 150;

/** How long keyframes are repeated for a newcomer that has sent nothing yet (rule M-14). */
const UNHEARD_MS = 2_000;

/** Decides when a sender makes a keyframe: for endpoints that join and endpoints that ask, at a limited rate. */
export class KeyframePolicy {
  private readonly waiting = new Set<Cause>();
  private readonly answeredAtMs = new Map<Cause, number>();
  /** Newcomers that have not asked yet. */
  private readonly newcomers = new Set<string>();
  /** Newcomers that have sent nothing, whose channel may not be open yet; and until when keyframes are repeated for them. */
  private readonly unheard = new Map<string, number>();
  private isNeeded = true;
  private sentAtMs = Number.NEGATIVE_INFINITY;
  private requests = 0;

  constructor(private readonly clock: Clock) {}

  /** Requests received, including those that one keyframe answered together. */
  get asked(): number {
    return this.requests;
  }

  /** The next frame must be a keyframe: receivers could decode no other. */
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

  /** A packet of `endpointId` arrived: its channel is open, and it will ask for what it misses. */
  heard(endpointId: string): void {
    this.unheard.delete(endpointId);
  }

  /** `endpointId` asks for a keyframe. */
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

  /** A keyframe was sent. It serves every endpoint that waits. */
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

/** Shortest time between two requests to one sender (rule M-11). */
const ASK_AGAIN_MS = 1_000;
/** Requests are spread over this time: what the bridge lost, all receivers lost, and the first request may serve them all. */
const ASK_SPREAD_MS = 100;

interface Asking {
  askedAtMs: number;
  cancel: (() => void) | null;
}

interface KeyframeAskerParts {
  readonly transport: Transport;
  readonly scheduler: Scheduler;
  /** 0 .. 1 */
  readonly random: () => number;
}

/** Asks senders for keyframes when their packets cannot be decoded without one. */
export class KeyframeAsker {
  private readonly byEndpoint = new Map<string, Asking>();
  private askedAllAtMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly parts: KeyframeAskerParts) {}

  /** Asks all senders at once: the local channel has opened. */
  askAll(): void {
    const { transport, scheduler } = this.parts;
    this.askedAllAtMs = scheduler.nowMs();
    transport.broadcast(KEYFRAME_REQUEST, KEYFRAME_REQUEST.length);
  }

  /** A packet of `endpointId` was decoded; `awaits` says whether a keyframe is needed now. Calls `onAsk` for each request sent. */
  note(endpointId: string, awaits: boolean, onAsk: () => void): void {
    const asking = this.byEndpoint.get(endpointId);
    if (awaits) this.plan(endpointId, onAsk, asking);
    else if (asking?.cancel) this.cancel(asking);
  }

  /** `endpointId` has left. */
  forget(endpointId: string): void {
    const asking = this.byEndpoint.get(endpointId);
    if (asking) this.cancel(asking);
    this.byEndpoint.delete(endpointId);
  }

  close(): void {
    for (const endpointId of [...this.byEndpoint.keys()]) this.forget(endpointId);
  }

  private plan(endpointId: string, onAsk: () => void, known: Asking | undefined): void {
    if (known?.cancel) return;
    const asking = known ?? { askedAtMs: Number.NEGATIVE_INFINITY, cancel: null };
    this.byEndpoint.set(endpointId, asking);
    const { scheduler, random } = this.parts;
    const mayAtMs = Math.max(asking.askedAtMs, this.askedAllAtMs) + ASK_AGAIN_MS;
    const waitMs = Math.max(0, mayAtMs - scheduler.nowMs()) + random() * ASK_SPREAD_MS;
    asking.cancel = scheduler.schedule(() => this.ask(endpointId, asking, onAsk), waitMs);
  }

  private ask(endpointId: string, asking: Asking, onAsk: () => void): void {
    const { transport, scheduler } = this.parts;
    asking.cancel = null;
    asking.askedAtMs = scheduler.nowMs();
    if (transport.sendTo(endpointId, KEYFRAME_REQUEST, KEYFRAME_REQUEST.length) === 'sent') onAsk();
  }

  private cancel(asking: Asking): void {
    asking.cancel?.();
    asking.cancel = null;
  }
}
