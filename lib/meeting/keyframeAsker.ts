import type { Transport } from '@/lib/transport/transport';
import { KEYFRAME_REQUEST } from './controlMessage';
import type { Scheduler } from './poseLoop';

/** Least time between two requests to one sender (rule M-11). */
export const ASK_AGAIN_MS = 1_000;
/** Requests are spread over this much: what the bridge lost, everybody lost, and the first request may serve all. */
export const ASK_SPREAD_MS = 100;

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
