import { randomBytes } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { Clock } from '@/lib/core/clock';
import type { TokenBucket } from '@/server/limits/tokenBuckets';
import type { IceCandidate } from '../mediaContract';
import type { Carrier, RemoteAddress } from './carrier';
import type { MediaPeer, MediaPort } from './mediaPort';
import {
  inventTransactionId,
  inventUfrag,
  isAuthentic,
  STUN_TYPE,
  type StunMessage,
  writeBindingRequest,
  writeBindingSuccess,
  writeRoleConflict,
} from './stunMessage';
import { mayTry } from './toldAddress';

/** Credentials of one side (RFC 8445, 5.3). */
export interface IceCredentials {
  readonly ufrag: string;
  readonly password: string;
}

const CHECK_INTERVAL_MS = 100;
/** How often consent is refreshed (RFC 7675 has 5 s; the client's own checks count too). */
const CONSENT_INTERVAL_MS = 2_500;
/** A selected pair that has been silent for this long gives way to another that is not. */
const SILENCE_MS = 3_000;
/** How long a pair over TCP waits for one over UDP. */
const PATIENCE_MS = 1_000;
const PAIRS_MAX = 24;
/** Most addresses of one client that are tried on its word, and how often each is before it has answered or called. */
const TOLD_MAX = 8;
const TRIES_MAX = 7;
/** Priority of a peer-reflexive candidate (RFC 8445, 5.1.2.1): type preference 110, local 65535, component 1. */
const PEER_REFLEXIVE_PRIORITY = 110 * 2 ** 24 + 65_535 * 2 ** 8 + 255;
/** The largest tie-breaker: in a role conflict the hub stays controlling. */
const TIE_BREAKER = Buffer.alloc(8, 0xff);

/** How much all connections together may send to addresses that have not answered, on a client's word. */
export interface UnaskedChecks {
  readonly bucket: TokenBucket;
}

/** What an agent is created with. */
interface IceParts {
  /** The port it shares with all others. */
  readonly port: Pick<MediaPort, 'sockets' | 'routes' | 'openAddresses'>;
  /** Owner of the addresses that its client turns out to have. */
  readonly peer: MediaPeer;
  readonly clock: Clock;
  readonly unasked: UnaskedChecks;
  /** Called once, when the first pair works. */
  readonly onSelected: () => void;
}

/**
 * The hub's side of ICE (RFC 8445) for one connection: always controlling, nominating the first pair that works. It tries
 * every address that sends an authentic check. Addresses that a client only tells may be anybody's: they are few, tried a
 * few times, ever more rarely, and within what all clients together may cause.
 */
export class IceAgent {
  readonly local: IceCredentials = { ufrag: inventUfrag(), password: randomBytes(16).toString('hex') };
  private remote: IceCredentials | null = null;
  private readonly pairs: CandidatePair[] = [];
  private selectedPair: CandidatePair | null = null;
  private toldCount = 0;
  private beganAtMs = 0;
  private readonly clock: Clock;

  constructor(private readonly parts: IceParts) {
    this.clock = parts.clock;
  }

  /** The pair that leads to the client; null until one works. */
  get selected(): CandidatePair | null {
    return this.selectedPair;
  }

  setRemote(remote: IceCredentials): void {
    this.remote = remote;
    this.beganAtMs = this.clock.nowMs();
    for (const pair of this.pairs) this.tryOut(pair, this.clock.nowMs());
  }

  /** Tries an address that the client told. Returns false if it may not be tried; names (mDNS) may not. */
  addCandidate({ ip, port }: Pick<IceCandidate, 'ip' | 'port'>): boolean {
    const { sockets, openAddresses } = this.parts.port;
    if (this.toldCount >= TOLD_MAX || !mayTry({ ip, port }, openAddresses)) return false;
    const socket = sockets.find((own) => own.isIPv6 === isIPv6(ip));
    const pair = socket && this.pairOf(socket, { address: ip, port });
    this.toldCount += 1;
    if (pair && this.remote) this.tryOut(pair, this.clock.nowMs());
    return true;
  }

  /** The pair on which a datagram arrived, if the client has authenticated there. */
  authentic(via: Carrier, from: RemoteAddress): CandidatePair | null {
    if (this.selectedPair?.is(via, from)) return this.selectedPair;
    const pair = this.find(via, from);
    return pair?.isAuthentic ? pair : null;
  }

  /** Handles a STUN message. Anything not authentic is ignored. */
  onStun(message: StunMessage, data: Buffer, via: Carrier, from: RemoteAddress): void {
    if (message.type === STUN_TYPE.request) this.onRequest(message, data, via, from);
    else if (message.type === STUN_TYPE.success) this.onSuccess(message, data, via, from);
  }

  /** When the client was last heard on any pair. */
  get heardAtMs(): number {
    return this.pairs.reduce((latest, pair) => (pair.isAuthentic ? Math.max(latest, pair.heardAtMs) : latest), 0);
  }

  /** Sends what is due: checks while no pair works yet, then consent checks on the selected one. */
  tick(): void {
    if (!this.remote) return;
    const nowMs = this.clock.nowMs();
    const { selectedPair } = this;
    if (!selectedPair) {
      for (const pair of this.pairs) this.tryOut(pair, nowMs);
      this.selectWorking();
      return;
    }
    if (nowMs - selectedPair.checkedAtMs >= CONSENT_INTERVAL_MS) this.check(selectedPair);
    if (nowMs - selectedPair.heardAtMs > SILENCE_MS) this.changeOver(nowMs);
  }

  private onRequest(message: StunMessage, data: Buffer, via: Carrier, from: RemoteAddress): void {
    const { local, remote } = this;
    const isForUs = remote
      ? message.username === `${local.ufrag}:${remote.ufrag}`
      : message.username?.startsWith(`${local.ufrag}:`);
    if (!isForUs || !isAuthentic(data, message, local.password)) return;
    if (message.isControlling) {
      via.send(writeRoleConflict(message.transactionId, local.password), from);
      return;
    }
    const pair = this.pairOf(via, from);
    if (!pair) return;
    this.parts.port.routes.claim(this.parts.peer, via, from, false);
    pair.isAuthentic = true;
    pair.tries = 0;
    pair.heardAtMs = this.clock.nowMs();
    pair.send(writeBindingSuccess(message.transactionId, from, local.password));
    if (remote && this.isWorthChecking(pair)) this.check(pair);
  }

  /** Whether to send a triggered check: at once, but not for each of the client's keep-alives. */
  private isWorthChecking(pair: CandidatePair): boolean {
    const sinceMs = this.clock.nowMs() - pair.checkedAtMs;
    return sinceMs >= (pair.hasConsent ? CONSENT_INTERVAL_MS : CHECK_INTERVAL_MS / 2);
  }

  private onSuccess(message: StunMessage, data: Buffer, via: Carrier, from: RemoteAddress): void {
    const pair = this.find(via, from);
    if (!pair?.checkId?.equals(message.transactionId) || !this.remote) return;
    if (!isAuthentic(data, message, this.remote.password)) return;
    pair.checkId = null;
    this.parts.port.routes.claim(this.parts.peer, via, from, true);
    pair.isAuthentic = true;
    pair.hasConsent = true;
    pair.heardAtMs = this.clock.nowMs();
    this.selectWorking();
  }

  /** Selects a pair that works, over UDP if there is one. */
  private selectWorking(): void {
    const pair = this.selectedPair ? undefined : this.pairs.find((each) => each.hasConsent && this.mayUse(each));
    if (!pair) return;
    this.selectedPair = pair;
    if (pair.via.isLastResort) this.check(pair);
    this.parts.onSelected();
  }

  private mayUse({ via }: CandidatePair): boolean {
    return !via.isLastResort || this.clock.nowMs() - this.beganAtMs >= PATIENCE_MS;
  }

  /** The client's address may change with its network: follows it to where it was heard last. */
  private changeOver(nowMs: number): void {
    for (const pair of this.pairs) {
      if (pair.hasConsent && nowMs - pair.heardAtMs < SILENCE_MS) this.selectedPair = pair;
    }
  }

  /** Checks a pair that does not work yet, if it is due and may be. */
  private tryOut(pair: CandidatePair, nowMs: number): void {
    if (nowMs - pair.checkedAtMs < pair.pauseMs || pair.tries >= TRIES_MAX) return;
    if (!pair.isAuthentic && !this.parts.unasked.bucket.tryTake(1, nowMs)) return;
    this.check(pair);
  }

  private check(pair: CandidatePair): void {
    if (!this.remote) return;
    pair.tries += 1;
    pair.checkId = inventTransactionId(this.local.ufrag);
    pair.checkedAtMs = this.clock.nowMs();
    pair.send(
      writeBindingRequest({
        transactionId: pair.checkId,
        username: `${this.remote.ufrag}:${this.local.ufrag}`,
        password: this.remote.password,
        priority: PEER_REFLEXIVE_PRIORITY,
        tieBreaker: TIE_BREAKER,
        nominates: this.mayUse(pair),
      }),
    );
  }

  private find(via: Carrier, from: RemoteAddress): CandidatePair | undefined {
    return this.pairs.find((pair) => pair.is(via, from));
  }

  /** The pair, created if there is room. An idle or unauthenticated pair gives way to a new one. */
  private pairOf(via: Carrier, { address, port }: RemoteAddress): CandidatePair | null {
    const existing = this.find(via, { address, port });
    if (existing) return existing;
    if (this.pairs.length >= PAIRS_MAX && !this.forgetOne()) return null;
    const pair = new CandidatePair(via, address, port, this.clock.nowMs());
    this.pairs.push(pair);
    return pair;
  }

  private forgetOne(): boolean {
    const nowMs = this.clock.nowMs();
    const isIdle = (pair: CandidatePair) =>
      pair !== this.selectedPair && (!pair.isAuthentic || nowMs - pair.heardAtMs > SILENCE_MS);
    const index = this.pairs.findIndex(isIdle);
    const [forgotten] = index >= 0 ? this.pairs.splice(index, 1) : [];
    if (forgotten) this.parts.port.routes.release(this.parts.peer, forgotten.via, forgotten);
    return forgotten !== undefined;
  }
}

/** A candidate pair: where it arrives here, and an address of the client. */
class CandidatePair implements RemoteAddress {
  /** Transaction id of the latest check that has no answer yet. */
  checkId: Buffer | null = null;
  /** The client has sent a check from there with the right password. */
  isAuthentic = false;
  /** The client has answered a check there, and so consents to receive. */
  hasConsent = false;
  checkedAtMs = Number.NEGATIVE_INFINITY;
  /** Checks since the client last called from there. */
  tries = 0;
  heardAtMs: number;

  constructor(
    readonly via: Carrier,
    readonly address: string,
    readonly port: number,
    nowMs: number,
  ) {
    this.heardAtMs = nowMs;
  }

  /** Pause before the next check: it doubles while nothing is heard from there. */
  get pauseMs(): number {
    return this.isAuthentic ? CHECK_INTERVAL_MS : CHECK_INTERVAL_MS * 2 ** this.tries;
  }

  is(via: Carrier, from: RemoteAddress): boolean {
    return this.port === from.port && this.via === via && this.address === from.address;
  }

  send(data: Buffer): boolean {
    return this.via.send(data, this);
  }
}
