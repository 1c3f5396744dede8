import { type Clock, systemClock } from '@/lib/core/clock';
import { type Log, silentLog } from '@/lib/core/log';
import type { EndpointClaim, SeatedPerson } from '@/lib/core/meeting';
import { type Claim, ClaimTalk, type OwnEndpoint, remember } from './claimTalk';
import type { Endpoint } from './transport';

/** A person as the roster lists them, and the endpoint that they say is theirs. */
type Claimant = Pick<SeatedPerson, 'id' | 'endpoint'>;

/** What endpoints tell each other over the bridge, which writes the sender into each message: a claim's nonce, or a question for it. */
interface IdentityMessage {
  readonly parleyClaim?: unknown;
  readonly parleyClaimAsked?: unknown;
}

/** Longest nonce that is kept, UTF-16 units: twice the API's. */
const NONCE_MAX_UNITS = 64;
/** Most endpoints that are asked only because they send packets. */
const STRANGERS_MAX = 64;

export interface EndpointIdentitiesOptions {
  readonly claim?: Claim;
  readonly clock?: Clock;
  readonly log?: Log;
}

/** The transport that tells and is told. */
interface IdentityOwner {
  /** Sends `payload` over the bridge to one endpoint, or with '' to all others. Never throws. */
  tell(endpointId: string, payload: unknown): void;
  /** Another person is behind `endpointId` now, or none. */
  onPerson(endpointId: string, personId: string | null): void;
  /** The person of `endpointId` has another endpoint now, so that it counts no longer; or it counts again. */
  onSuperseded(endpointId: string, isSuperseded: boolean): void;
}

/**
 * Which person is behind which endpoint (SPEC.md, T-100 to T-109): person and endpoint must each say so of the other. The
 * person says it in the roster, where only the bearer of their stay can. The endpoint says it over the bridge, which names
 * the true sender, or in its presence. Holds no timer: call {@link tick}.
 */
export class EndpointIdentities {
  private readonly talk: ClaimTalk;
  private owner: IdentityOwner = { tell: () => {}, onPerson: () => {}, onSuperseded: () => {} };
  private isEnforced = false;
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
  private readonly persons = new Map<string, string>();
  /** The person who was proven last to be behind each endpoint, even if it is theirs no longer. */
  private readonly lastPersons = new Map<string, string>();
  /** What the XMPP server calls the session behind each endpoint. */
  private readonly occupantIds = new Map<string, string>();
  /**
   * The nonce that was listed for the person whom presence names when it first told of the endpoint, which is newer than that claim.
   * Those that were here before the local endpoint may be older than any claim, and are left out.
   */
  private readonly listedAtEntry = new Map<string, string | null>();
  /** Ids of the local endpoint, the present one and earlier ones. */
  private readonly ownIds = new Map<string, true>();
  /** Endpoints whose person has another one now. */
  private readonly superseded = new Set<string>();

  constructor({ claim, clock = systemClock, log = silentLog }: EndpointIdentitiesOptions = {}) {
    this.talk = new ClaimTalk({
      claim,
      clock,
      log,
      tell: (endpointId, payload) => this.owner.tell(endpointId, payload),
      onClaimed: () => this.reviewSuperseded(),
    });
  }

  /** Takes over the transport that uses it. */
  bind(owner: IdentityOwner): void {
    this.owner = owner;
  }

  /** The local endpoint is in the conference: reports it to the API. Nothing waits for the answer. */
  enter(endpoint: OwnEndpoint): void {
    const lingers = [...this.ownIds.keys()].some((id) => id !== endpoint.endpointId && this.present.has(id));
    remember(this.ownIds, endpoint.endpointId, true);
    this.talk.enter(endpoint, lingers || !this.isEnforced);
    this.reviewSuperseded();
  }

  /**
   * Another link is used from now on, or none: `present` are here, `departed` have been seen leaving. What the others have said
   * still holds. `isEnforced`: the deployment itself writes who is who into presence. Of those who are not here the transport
   * is told nothing: it forgets them.
   */
  take(present: Iterable<Endpoint>, departed: Iterable<string>, isEnforced: boolean): void {
    this.isEnforced = isEnforced;
    for (const endpointId of departed) this.forget(endpointId);
    this.talk.leave();
    this.present.clear();
    for (const { endpointId, personId } of present) this.present.set(endpointId, personId);
    this.strangers.clear();
    for (const endpointId of [...this.persons.keys(), ...this.present.keys()]) {
      this.judge(endpointId, this.present.has(endpointId));
    }
    this.reviewSuperseded();
  }

  /** Takes over the roster. */
  follow(people: readonly Claimant[]): void {
    for (const { endpoint } of people) this.noteClaim(endpoint);
    const before = this.claimants;
    this.claimants = people;
    for (const nonce of this.spent) if (!this.isListed(nonce)) this.spent.delete(nonce);
    for (const { endpoint } of [...before, ...people]) if (endpoint) this.judge(endpoint.id);
    this.reviewSuperseded();
    this.askAll();
  }

  /** An endpoint is here, with the person that its presence names. Also when that changes. */
  meet(endpointId: string, namedPersonId: string | null): void {
    const isNew = !this.present.has(endpointId);
    const hasEntered = this.talk.endpointId !== null;
    if (hasEntered && this.present.get(endpointId) !== namedPersonId) {
      remember(this.listedAtEntry, endpointId, this.claimOf(namedPersonId)?.nonce ?? null);
    }
    this.present.set(endpointId, namedPersonId);
    this.judge(endpointId);
    // Where presence is enough, others do not wait for the nonce.
    if (isNew && hasEntered && !this.isEnforced) this.talk.welcome(endpointId);
  }

  /** An endpoint has left. Another may take its id, which proves nothing until a new claim. */
  part(endpointId: string): void {
    this.forget(endpointId);
    this.judge(endpointId);
  }

  /** The XMPP server says which session is behind an endpoint, the local one or another. */
  noteOccupant(endpointId: string, occupantId: string): void {
    if (this.occupantIds.get(endpointId) === occupantId) return;
    remember(this.occupantIds, endpointId, occupantId);
    this.judge(endpointId);
  }

  /** Whether presence tells of an endpoint. */
  isHere(endpointId: string): boolean {
    return this.present.has(endpointId);
  }

  /** Whether the person of an endpoint has another one now: nothing of it counts any longer. */
  isSuperseded(endpointId: string): boolean {
    return this.superseded.has(endpointId);
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
    if (question !== undefined) this.talk.answer(endpointId);
    if (typeof nonce === 'string' && nonce.length <= NONCE_MAX_UNITS) this.noteSaid(endpointId, nonce);
    return true;
  }

  /** A packet has come from an endpoint without a known person: it will be asked. */
  noteStranger(endpointId: string): void {
    if (!this.strangers.has(endpointId)) remember(this.strangers, endpointId, true, STRANGERS_MAX);
  }

  /** The local channel has opened, or closed. */
  setChannelOpen(isOpen: boolean): void {
    this.talk.setChannelOpen(isOpen);
    this.askAll();
  }

  /** Asks, tells and reports again where that is due. To be called several times a second. */
  tick(): void {
    this.talk.tick();
    this.askAll();
  }

  private forget(endpointId: string): void {
    this.present.delete(endpointId);
    this.said.delete(endpointId);
    this.talk.forget(endpointId);
    this.strangers.delete(endpointId);
    this.lastPersons.delete(endpointId);
    this.listedAtEntry.delete(endpointId);
    this.occupantIds.delete(endpointId);
    this.ownIds.delete(endpointId);
    this.superseded.delete(endpointId);
    remember(this.departed, endpointId, true);
    for (const { endpoint } of this.claimants) if (endpoint?.id === endpointId) this.spent.add(endpoint.nonce);
  }

  /** A claim that is first heard of after its endpoint has left is as old as that endpoint. */
  private noteClaim(claim: EndpointClaim | null): void {
    if (!claim || this.isListed(claim.nonce)) return;
    this.talk.mayAskAgain(claim.id);
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
    if (personId !== null) remember(this.lastPersons, endpointId, personId);
    this.talk.mayAskAgain(endpointId);
    this.strangers.delete(endpointId);
    if (isTold) this.owner.onPerson(endpointId, personId);
    this.reviewSuperseded();
  }

  private provenPerson(endpointId: string): string | null {
    const named = this.present.get(endpointId) ?? null;
    if (this.isEnforced && named !== null) return named;
    const claimant = this.claimants.find(
      ({ id, endpoint }) => endpoint?.id === endpointId && this.agrees(endpoint, id, named),
    );
    return claimant?.id ?? null;
  }

  /** Whether the endpoint says of itself what the claim says of it, and is the session that was claimed. */
  private agrees({ id, occupantId, nonce }: EndpointClaim, personId: string, named: string | null): boolean {
    const isAnother = occupantId !== null && occupantId !== (this.occupantIds.get(id) ?? occupantId);
    if (isAnother || this.spent.has(nonce)) return false;
    return this.said.get(id) === nonce || named === personId;
  }

  /** Finds the endpoints whose person has another one now. */
  private reviewSuperseded(): void {
    for (const endpointId of [...this.lastPersons.keys(), ...this.ownIds.keys()]) {
      const isSuperseded = this.hasSuccessor(endpointId);
      if (isSuperseded === this.superseded.has(endpointId)) continue;
      if (isSuperseded) this.superseded.add(endpointId);
      else this.superseded.delete(endpointId);
      this.owner.onSuperseded(endpointId, isSuperseded);
    }
  }

  private hasSuccessor(endpointId: string): boolean {
    if (endpointId === this.talk.endpointId) return false;
    if (this.ownIds.has(endpointId)) return true;
    const personId = this.lastPersons.get(endpointId);
    const claim = this.claimOf(personId);
    if (!claim || claim.id === endpointId || claim.nonce === this.listedAtEntry.get(endpointId)) return false;
    return this.persons.get(claim.id) === personId || this.talk.isOwn(claim);
  }

  private claimOf(personId: string | null | undefined): EndpointClaim | null {
    return this.claimants.find(({ id }) => id === personId)?.endpoint ?? null;
  }

  /** Asks every endpoint without a known person that somebody claims or that sends packets. */
  private askAll(): void {
    if (!this.talk.isOpen) return;
    for (const { endpoint } of this.claimants) if (endpoint && !this.spent.has(endpoint.nonce)) this.ask(endpoint.id);
    for (const endpointId of this.strangers.keys()) this.ask(endpointId);
  }

  private ask(endpointId: string): void {
    if (!this.persons.has(endpointId)) this.talk.ask(endpointId);
  }
}
