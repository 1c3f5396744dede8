import type { Clock } from '@/lib/core/clock';
import type { Log } from '@/lib/core/log';
import type { EndpointClaim } from '@/lib/core/meeting';

const QUESTION = { parleyClaimAsked: 1 };

/** Most endpoints of which anything is kept; beyond that the oldest are forgotten. */
const REMEMBERED_MAX = 256;
/** Pauses between questions to one endpoint: the first, doubled each time, and the longest. */
const ASK_PAUSE_MS = 1_000;
const ASK_PAUSE_MAX_MS = 8_000;
/** One endpoint is answered at most this often: twice as often as it may ask, since messages bunch up on the way. */
const ANSWER_PAUSE_MS = 500;
/** Pauses between what a newcomer is told: the first, doubled each time, and the last. */
const TELL_PAUSE_MS = 250;
const TELL_PAUSE_MAX_MS = 4_000;
/** How long a claim waits where presence is enough: after a restart everybody enters at once, and passes come first. */
const UNHURRIED_MS = 1_000;
/** Pauses before the API is asked again to take a claim: the first, doubled each time, and the longest. */
const CLAIM_PAUSE_MS = 1_000;
const CLAIM_PAUSE_MAX_MS = 10_000;

/** The local endpoint, as it is reported to the API. */
export interface OwnEndpoint {
  readonly endpointId: string;
  /** See {@link EndpointClaim}. */
  readonly occupantId: string | null;
}

/** Reports the local endpoint to the API; resolves with its nonce, or null for somebody whom the roster does not list. */
export type Claim = (endpoint: OwnEndpoint) => Promise<string | null>;

interface ClaimTalkParts {
  readonly claim: Claim | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** Sends `payload` over the bridge to one endpoint, or with '' to all others. Never throws. */
  tell(endpointId: string, payload: unknown): void;
  /** The API has taken the claim of the local endpoint. */
  onClaimed(): void;
}

interface OwnClaim {
  readonly endpoint: OwnEndpoint;
  /** Null until the API has answered. */
  nonce: string | null;
  /** Whether the API is still to be asked, now or after a failure. */
  isDue: boolean;
  failures: number;
  nextTryMs: number;
}

/** What is done again and again, at longer and longer pauses. */
interface Repetition {
  readonly pauseMs: number;
  readonly nextMs: number;
}

/**
 * Reports the local endpoint to the API, says its nonce to the others over the bridge, and asks them for theirs (SPEC.md, T-104
 * to T-106). Holds no timer: call {@link tick}.
 */
export class ClaimTalk {
  private own: OwnClaim | null = null;
  private isChannelOpen = false;
  private readonly asked = new Map<string, Repetition>();
  /** Endpoints that have joined since the local one did and have not asked: their channel may open late, or let them only hear. */
  private readonly newcomers = new Map<string, Repetition>();
  private readonly answeredAtMs = new Map<string, number>();

  constructor(private readonly parts: ClaimTalkParts) {}

  /** Id of the local endpoint; null while it is in no conference. */
  get endpointId(): string | null {
    return this.own?.endpoint.endpointId ?? null;
  }

  /** Whether others can be asked now. */
  get isOpen(): boolean {
    return this.isChannelOpen;
  }

  /**
   * The local endpoint is in the conference: reports it to the API. Nothing waits for the answer.
   * @param isUrgent Whether the others need the claim to know who is behind it, or which endpoint of that person counts
   */
  enter({ endpointId, occupantId }: OwnEndpoint, isUrgent: boolean): void {
    const nextTryMs = isUrgent ? 0 : this.parts.clock.nowMs() + UNHURRIED_MS;
    this.own = { endpoint: { endpointId, occupantId }, nonce: null, isDue: true, failures: 0, nextTryMs };
    this.claimOwn();
  }

  /** Another link is used from now on, or none. */
  leave(): void {
    this.own = null;
    this.isChannelOpen = false;
    this.asked.clear();
    this.newcomers.clear();
  }

  /** Whether a claim in the roster is the local one. */
  isOwn({ id, nonce }: EndpointClaim): boolean {
    return id === this.endpointId && nonce === this.own?.nonce;
  }

  /** The local channel has opened, or closed. */
  setChannelOpen(isOpen: boolean): void {
    this.isChannelOpen = isOpen;
    this.asked.clear();
    if (isOpen) this.sayTo('');
  }

  /** Tells and reports again where that is due. To be called several times a second. */
  tick(): void {
    this.claimOwn();
    if (!this.isChannelOpen) return;
    const nowMs = this.parts.clock.nowMs();
    for (const [endpointId, { pauseMs, nextMs }] of this.newcomers) {
      if (nowMs >= nextMs) this.tellNewcomer(endpointId, pauseMs * 2);
    }
  }

  /** An endpoint has joined. */
  welcome(endpointId: string): void {
    this.tellNewcomer(endpointId, TELL_PAUSE_MS);
  }

  /** An endpoint has asked. */
  answer(endpointId: string): void {
    this.newcomers.delete(endpointId);
    const nowMs = this.parts.clock.nowMs();
    if (nowMs - (this.answeredAtMs.get(endpointId) ?? Number.NEGATIVE_INFINITY) < ANSWER_PAUSE_MS) return;
    remember(this.answeredAtMs, endpointId, nowMs);
    this.sayTo(endpointId);
  }

  /** Asks an endpoint, unless it is the local one or was asked a moment ago. */
  ask(endpointId: string): void {
    if (endpointId === this.endpointId) return;
    const nowMs = this.parts.clock.nowMs();
    const asking = this.asked.get(endpointId);
    if (asking && nowMs < asking.nextMs) return;
    const pauseMs = asking ? Math.min(ASK_PAUSE_MAX_MS, asking.pauseMs * 2) : ASK_PAUSE_MS;
    remember(this.asked, endpointId, { pauseMs, nextMs: nowMs + pauseMs });
    this.parts.tell(endpointId, QUESTION);
  }

  /** There is news about an endpoint: it may be asked again at once. */
  mayAskAgain(endpointId: string): void {
    this.asked.delete(endpointId);
  }

  /** An endpoint has left. */
  forget(endpointId: string): void {
    this.asked.delete(endpointId);
    this.answeredAtMs.delete(endpointId);
    this.newcomers.delete(endpointId);
  }

  private claimOwn(): void {
    const { own } = this;
    const { claim, clock } = this.parts;
    if (!own?.isDue || !claim || clock.nowMs() < own.nextTryMs) return;
    own.isDue = false;
    claim(own.endpoint).then(
      (nonce) => this.onClaimed(own, nonce),
      (error: unknown) => this.onRefused(own, error),
    );
  }

  private onClaimed(own: OwnClaim, nonce: string | null): void {
    own.nonce = nonce;
    if (own !== this.own) return;
    this.sayTo('');
    this.parts.onClaimed();
  }

  private onRefused(own: OwnClaim, error: unknown): void {
    const { clock, log } = this.parts;
    own.isDue = true;
    own.nextTryMs = clock.nowMs() + Math.min(CLAIM_PAUSE_MAX_MS, CLAIM_PAUSE_MS * 2 ** own.failures);
    own.failures += 1;
    log.debug('the API took no claim of the endpoint', { why: String(error) });
  }

  /** Says the local claim to one endpoint, or to all. */
  private sayTo(endpointId: string): void {
    const nonce = this.own?.nonce;
    if (nonce && this.isChannelOpen) this.parts.tell(endpointId, { parleyClaim: nonce });
  }

  private tellNewcomer(endpointId: string, pauseMs: number): void {
    if (pauseMs > TELL_PAUSE_MAX_MS) this.newcomers.delete(endpointId);
    else this.newcomers.set(endpointId, { pauseMs, nextMs: this.parts.clock.nowMs() + pauseMs });
    this.sayTo(endpointId);
  }
}

/** Keeps an entry as the newest of at most `max`: strangers must not fill the memory. */
export function remember<Value>(map: Map<string, Value>, key: string, value: Value, max = REMEMBERED_MAX): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > max) map.delete(map.keys().next().value!);
}
