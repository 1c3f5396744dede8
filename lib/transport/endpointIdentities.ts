import { type Clock, systemClock } from '@/lib/core/clock';
import { type Log, silentLog } from '@/lib/core/log';
import type { EndpointClaim, SeatedPerson } from '@/lib/core/meeting';
import type { Endpoint } from './transport';

/** A person as the roster lists them, and the endpoint that they say is theirs. */
type Claimant = Pick<SeatedPerson, 'id' | 'endpoint'>;

/** What endpoints tell each other over the bridge, which writes the sender into each message: a claim's nonce, or a question for it. */
interface IdentityMessage {
  readonly parleyClaim?: unknown;
  readonly parleyClaimAsked?: unknown;
}

const QUESTION = { parleyClaimAsked: 1 };

/** Longest nonce that is kept, UTF-16 units: twice the API's. */
const NONCE_MAX_UNITS = 64;
/** Most endpoints of which anything is kept; beyond that the oldest are forgotten. */
const REMEMBERED_MAX = 256;
/** Most endpoints that are asked only because they send packets. */
const STRANGERS_MAX = 64;
/** Pauses between questions to one endpoint: the first, doubled each time, and the longest. */
const ASK_PAUSE_MS = 1_000;
const ASK_PAUSE_MAX_MS = 8_000;
/** One endpoint is answered at most this often: twice as often as it may ask, since messages bunch up on the way. */
const ANSWER_PAUSE_MS = 500;
/** Pauses between what a newcomer is told: the first, doubled each time, and the last. */
const TELL_PAUSE_MS = 250;
const TELL_PAUSE_MAX_MS = 4_000;
/** Pauses before the API is asked again to take a claim: the first, doubled each time, and the longest. */
const CLAIM_PAUSE_MS = 1_000;
const CLAIM_PAUSE_MAX_MS = 10_000;

export interface EndpointIdentitiesOptions {
  /** Reports the local endpoint to the API; resolves with its nonce, or null for somebody whom the roster does not list. */
  claim?(endpointId: string): Promise<string | null>;
  readonly clock?: Clock;
  readonly log?: Log;
}

/** The transport that tells and is told. */
interface IdentityOwner {
  /** Sends `payload` over the bridge to one endpoint, or with '' to all others. Never throws. */
  tell(endpointId: string, payload: unknown): void;
  /** Another person is behind `endpointId` now, or none. */
  onPerson(endpointId: string, personId: string | null): void;
}

interface OwnClaim {
  readonly endpointId: string;
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
 * Which person is behind which endpoint (SPEC.md, T-100 to T-107): person and endpoint must each say so of the other. The
 * person says it in the roster, where only the bearer of their stay can. The endpoint says it over the bridge, which names
 * the true sender, or in its presence. Holds no timer: call {@link tick}.
 */
export class EndpointIdentities {
  private readonly clock: Clock;
  private readonly log: Log;
  private owner: IdentityOwner = { tell: () => {}, onPerson: () => {} };
  private isEnforced = false;
  private isChannelOpen = false;
  private own: OwnClaim | null = null;
  private claimants: readonly Claimant[] = [];
  /** Person in the presence of each endpoint that is here; null if it names none. */
  private readonly present = new Map<string, string | null>();
  /** The last nonce that each endpoint has said. */
  private readonly said = new Map<string, string>();
  /** Endpoints that have left. */
  private readonly departed = new Map<string, true>();
  /** Nonces in the roster that prove nothing any longer: the endpoint that was claimed with them has left. */
  private readonly spent = new Set<string>();
  /** Endpoints that send packets although their person is not known. */
  private readonly strangers = new Map<string, true>();
  private readonly asked = new Map<string, Repetition>();
  /** Endpoints that have joined since the local one did and have not asked: their channel may open late, or let them only hear. */
  private readonly newcomers = new Map<string, Repetition>();
  private readonly answeredAtMs = new Map<string, number>();
  private readonly persons = new Map<string, string | null>();

  constructor(private readonly options: EndpointIdentitiesOptions = {}) {
    this.clock = options.clock ?? systemClock;
    this.log = options.log ?? silentLog;
  }

  /** Takes over the transport that uses it. */
  bind(owner: IdentityOwner): void {
    this.owner = owner;
  }

  /** The local endpoint is in the conference: reports it to the API. Nothing waits for the answer. */
  enter(endpointId: string): void {
    this.own = { endpointId, nonce: null, isDue: true, failures: 0, nextTryMs: 0 };
    this.claimOwn();
  }

  /**
   * Another link is used from now on, or none: `present` are here, `departed` have been seen leaving. What the others have said
   * still holds. `isEnforced`: the deployment itself writes who is who into presence. Of those who are not here the transport
   * is told nothing: it forgets them.
   */
  take(present: Iterable<Endpoint>, departed: Iterable<string>, isEnforced: boolean): void {
    this.isEnforced = isEnforced;
    for (const endpointId of departed) this.forget(endpointId);
    this.own = null;
    this.isChannelOpen = false;
    this.present.clear();
    for (const { endpointId, personId } of present) this.present.set(endpointId, personId);
    this.asked.clear();
    this.newcomers.clear();
    this.strangers.clear();
    for (const endpointId of [...this.persons.keys(), ...this.present.keys()]) {
      this.judge(endpointId, this.present.has(endpointId));
    }
  }

  /** Takes over the roster. */
  follow(people: readonly Claimant[]): void {
    for (const { endpoint } of people) this.noteClaim(endpoint);
    const before = this.claimants;
    this.claimants = people;
    for (const nonce of this.spent) if (!this.isListed(nonce)) this.spent.delete(nonce);
    for (const { endpoint } of [...before, ...people]) if (endpoint) this.judge(endpoint.id);
    if (this.isChannelOpen) this.askAll();
  }

  /** An endpoint is here, with the person that its presence names. Also when that changes. */
  meet(endpointId: string, namedPersonId: string | null): void {
    const isNew = !this.present.has(endpointId);
    this.present.set(endpointId, namedPersonId);
    this.judge(endpointId);
    // Where presence is enough, others do not wait for the nonce.
    if (isNew && this.own && !this.isEnforced) this.tellNewcomer(endpointId, TELL_PAUSE_MS);
  }

  /** An endpoint has left. Another may take its id, which proves nothing until a new claim. */
  part(endpointId: string): void {
    this.forget(endpointId);
    this.judge(endpointId);
  }

  /** The person behind an endpoint, whether or not it is known to be here; null if that is not proven. */
  personOf(endpointId: string): string | null {
    return this.persons.get(endpointId) ?? null;
  }

  /** A message has come over the bridge. Returns whether it was about identities, and so carries no packet. */
  hear(endpointId: string, payload: unknown): boolean {
    if (typeof payload !== 'object' || payload === null) return false;
    const { parleyClaim: nonce, parleyClaimAsked: question } = payload as IdentityMessage;
    if (nonce === undefined && question === undefined) return false;
    if (question !== undefined) this.answer(endpointId);
    if (typeof nonce === 'string' && nonce.length <= NONCE_MAX_UNITS) this.noteSaid(endpointId, nonce);
    return true;
  }

  /** A packet has come from an endpoint without a known person: it will be asked. */
  noteStranger(endpointId: string): void {
    if (!this.strangers.has(endpointId)) remember(this.strangers, endpointId, true, STRANGERS_MAX);
  }

  /** The local channel has opened, or closed. */
  setChannelOpen(isOpen: boolean): void {
    this.isChannelOpen = isOpen;
    if (!isOpen) return;
    this.sayTo('');
    this.asked.clear();
    this.askAll();
  }

  /** Asks, tells and reports again where that is due. To be called several times a second. */
  tick(): void {
    this.claimOwn();
    if (!this.isChannelOpen) return;
    this.askAll();
    const nowMs = this.clock.nowMs();
    for (const [endpointId, { pauseMs, nextMs }] of this.newcomers) {
      if (nowMs >= nextMs) this.tellNewcomer(endpointId, pauseMs * 2);
    }
  }

  private forget(endpointId: string): void {
    this.present.delete(endpointId);
    this.said.delete(endpointId);
    this.asked.delete(endpointId);
    this.answeredAtMs.delete(endpointId);
    this.newcomers.delete(endpointId);
    this.strangers.delete(endpointId);
    remember(this.departed, endpointId, true);
    for (const { endpoint } of this.claimants) if (endpoint?.id === endpointId) this.spent.add(endpoint.nonce);
  }

  private claimOwn(): void {
    const { own } = this;
    const { claim } = this.options;
    if (!own?.isDue || !claim || this.clock.nowMs() < own.nextTryMs) return;
    own.isDue = false;
    claim(own.endpointId).then(
      (nonce) => this.onClaimed(own, nonce),
      (error: unknown) => this.onRefused(own, error),
    );
  }

  private onClaimed(own: OwnClaim, nonce: string | null): void {
    own.nonce = nonce;
    if (own === this.own) this.sayTo('');
  }

  private onRefused(own: OwnClaim, error: unknown): void {
    own.isDue = true;
    own.nextTryMs = this.clock.nowMs() + Math.min(CLAIM_PAUSE_MAX_MS, CLAIM_PAUSE_MS * 2 ** own.failures);
    own.failures += 1;
    this.log.debug('the API took no claim of the endpoint', { why: String(error) });
  }

  /** Says the local claim to one endpoint, or to all. */
  private sayTo(endpointId: string): void {
    const nonce = this.own?.nonce;
    if (nonce && this.isChannelOpen) this.owner.tell(endpointId, { parleyClaim: nonce });
  }

  private tellNewcomer(endpointId: string, pauseMs: number): void {
    if (pauseMs > TELL_PAUSE_MAX_MS) this.newcomers.delete(endpointId);
    else this.newcomers.set(endpointId, { pauseMs, nextMs: this.clock.nowMs() + pauseMs });
    this.sayTo(endpointId);
  }

  private answer(endpointId: string): void {
    this.newcomers.delete(endpointId);
    const nowMs = this.clock.nowMs();
    if (nowMs - (this.answeredAtMs.get(endpointId) ?? Number.NEGATIVE_INFINITY) < ANSWER_PAUSE_MS) return;
    remember(this.answeredAtMs, endpointId, nowMs);
    this.sayTo(endpointId);
  }

  /** A claim that is first heard of after its endpoint has left is as old as that endpoint. */
  private noteClaim(claim: EndpointClaim | null): void {
    if (!claim || this.isListed(claim.nonce)) return;
    this.asked.delete(claim.id);
    if (this.departed.has(claim.id) && !this.present.has(claim.id)) this.spent.add(claim.nonce);
  }

  private isListed(nonce: string): boolean {
    return this.claimants.some(({ endpoint }) => endpoint?.nonce === nonce);
  }

  private noteSaid(endpointId: string, nonce: string): void {
    remember(this.said, endpointId, nonce);
    this.judge(endpointId);
  }

  private judge(endpointId: string, isTold = true): void {
    const before = this.personOf(endpointId);
    const personId = this.provenPerson(endpointId);
    if (personId === before) return;
    if (personId === null) this.persons.delete(endpointId);
    else this.persons.set(endpointId, personId);
    this.asked.delete(endpointId);
    this.strangers.delete(endpointId);
    if (isTold) this.owner.onPerson(endpointId, personId);
  }

  private provenPerson(endpointId: string): string | null {
    const named = this.present.get(endpointId) ?? null;
    if (this.isEnforced && named !== null) return named;
    const claimant = this.claimants.find(
      ({ id, endpoint }) => endpoint?.id === endpointId && this.agrees(endpoint, id, named),
    );
    return claimant?.id ?? null;
  }

  /** Whether the endpoint says of itself what the claim says of it. */
  private agrees({ id, nonce }: EndpointClaim, personId: string, named: string | null): boolean {
    if (this.spent.has(nonce)) return false;
    return this.said.get(id) === nonce || named === personId;
  }

  /** Asks every endpoint without a known person that somebody claims or that sends packets. */
  private askAll(): void {
    for (const { endpoint } of this.claimants) if (endpoint && !this.spent.has(endpoint.nonce)) this.ask(endpoint.id);
    for (const endpointId of this.strangers.keys()) this.ask(endpointId);
  }

  private ask(endpointId: string): void {
    if (endpointId === this.own?.endpointId || this.persons.has(endpointId)) return;
    const nowMs = this.clock.nowMs();
    const asking = this.asked.get(endpointId);
    if (asking && nowMs < asking.nextMs) return;
    const pauseMs = asking ? Math.min(ASK_PAUSE_MAX_MS, asking.pauseMs * 2) : ASK_PAUSE_MS;
    remember(this.asked, endpointId, { pauseMs, nextMs: nowMs + pauseMs });
    this.owner.tell(endpointId, QUESTION);
  }
}

/** Keeps an entry as the newest of at most `max`: strangers must not fill the memory. */
function remember<Value>(map: Map<string, Value>, key: string, value: Value, max = REMEMBERED_MAX): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > max) map.delete(map.keys().next().value!);
}
