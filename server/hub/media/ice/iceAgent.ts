import { randomBytes } from 'node:crypto';
import { isIP, isIPv6 } from 'node:net';
import type { Clock } from '@/lib/core/clock';
import type { IceCandidate } from '../mediaContract';
import {
  isAuthentic,
  readStun,
  STUN_TYPE,
  type StunMessage,
  writeBindingRequest,
  writeBindingSuccess,
  writeRoleConflict,
} from './stunMessage';
import type { RemoteAddress, UdpSocket } from './udpSocket';

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
const PAIRS_MAX = 24;
/** Priority of a peer-reflexive candidate (RFC 8445, 5.1.2.1): type preference 110, local 65535, component 1. */
const PEER_REFLEXIVE_PRIORITY = 110 * 2 ** 24 + 65_535 * 2 ** 8 + 255;
/** The largest tie-breaker: in a role conflict the hub stays controlling. */
const TIE_BREAKER = Buffer.alloc(8, 0xff);

/**
 * The hub's side of ICE (RFC 8445) for one connection: always controlling, nominating the first pair that works. It tries
 * every address that sends an authentic check, and the candidates a client tells.
 */
export class IceAgent {
  readonly local: IceCredentials = { ufrag: randomBytes(4).toString('hex'), password: randomBytes(16).toString('hex') };
  private remote: IceCredentials | null = null;
  private readonly pairs: CandidatePair[] = [];
  private selectedPair: CandidatePair | null = null;

  /** @param onSelected Called once, when the first pair works. */
  constructor(
    private readonly sockets: readonly UdpSocket[],
    private readonly clock: Clock,
    private readonly onSelected: () => void,
  ) {}

  /** The pair that leads to the client; null until one works. */
  get selected(): CandidatePair | null {
    return this.selectedPair;
  }

  setRemote(remote: IceCredentials): void {
    this.remote = remote;
    for (const pair of this.pairs) this.check(pair);
  }

  /** Tries an address that the client told. Names (mDNS) are ignored. */
  addCandidate({ ip, port }: IceCandidate): void {
    if (isIP(ip) === 0 || !Number.isInteger(port) || port < 1 || port > 65_535) return;
    const socket = this.sockets.find((own) => own.isIPv6 === isIPv6(ip));
    const pair = socket && this.pairOf(socket, { address: ip, port });
    if (pair && this.remote) this.check(pair);
  }

  /** The pair on which a datagram arrived, if the client has authenticated there. */
  authentic(socket: UdpSocket, from: RemoteAddress): CandidatePair | null {
    if (this.selectedPair?.is(socket, from)) return this.selectedPair;
    const pair = this.find(socket, from);
    return pair?.isAuthentic ? pair : null;
  }

  /** Handles a datagram that looks like STUN. Anything not authentic is ignored. */
  onStun(data: Buffer, socket: UdpSocket, from: RemoteAddress): void {
    const message = readStun(data);
    if (message?.type === STUN_TYPE.request) this.onRequest(message, data, socket, from);
    else if (message?.type === STUN_TYPE.success) this.onSuccess(message, data, socket, from);
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
      for (const pair of this.pairs) if (nowMs - pair.checkedAtMs >= CHECK_INTERVAL_MS) this.check(pair);
      return;
    }
    if (nowMs - selectedPair.checkedAtMs >= CONSENT_INTERVAL_MS) this.check(selectedPair);
    if (nowMs - selectedPair.heardAtMs > SILENCE_MS) this.changeOver(nowMs);
  }

  private onRequest(message: StunMessage, data: Buffer, socket: UdpSocket, from: RemoteAddress): void {
    const { local, remote } = this;
    const isForUs = remote
      ? message.username === `${local.ufrag}:${remote.ufrag}`
      : message.username?.startsWith(`${local.ufrag}:`);
    if (!isForUs || !isAuthentic(data, message, local.password)) return;
    if (message.isControlling) {
      socket.send(writeRoleConflict(message.transactionId, local.password), from);
      return;
    }
    const pair = this.pairOf(socket, from);
    if (!pair) return;
    pair.isAuthentic = true;
    pair.heardAtMs = this.clock.nowMs();
    pair.send(writeBindingSuccess(message.transactionId, from, local.password));
    if (remote && this.isWorthChecking(pair)) this.check(pair);
  }

  /** Whether to send a triggered check: at once, but not for each of the client's keep-alives. */
  private isWorthChecking(pair: CandidatePair): boolean {
    const sinceMs = this.clock.nowMs() - pair.checkedAtMs;
    return sinceMs >= (pair.hasConsent ? CONSENT_INTERVAL_MS : CHECK_INTERVAL_MS / 2);
  }

  private onSuccess(message: StunMessage, data: Buffer, socket: UdpSocket, from: RemoteAddress): void {
    const pair = this.find(socket, from);
    if (!pair?.checkId?.equals(message.transactionId) || !this.remote) return;
    if (!isAuthentic(data, message, this.remote.password)) return;
    pair.checkId = null;
    pair.isAuthentic = true;
    pair.hasConsent = true;
    pair.heardAtMs = this.clock.nowMs();
    if (this.selectedPair) return;
    this.selectedPair = pair;
    this.onSelected();
  }

  /** The client's address may change with its network: follows it to where it was heard last. */
  private changeOver(nowMs: number): void {
    for (const pair of this.pairs) {
      if (pair.hasConsent && nowMs - pair.heardAtMs < SILENCE_MS) this.selectedPair = pair;
    }
  }

  private check(pair: CandidatePair): void {
    if (!this.remote) return;
    pair.checkId = randomBytes(12);
    pair.checkedAtMs = this.clock.nowMs();
    pair.send(
      writeBindingRequest({
        transactionId: pair.checkId,
        username: `${this.remote.ufrag}:${this.local.ufrag}`,
        password: this.remote.password,
        priority: PEER_REFLEXIVE_PRIORITY,
        tieBreaker: TIE_BREAKER,
        nominates: true,
      }),
    );
  }

  private find(socket: UdpSocket, from: RemoteAddress): CandidatePair | undefined {
    return this.pairs.find((pair) => pair.is(socket, from));
  }

  /** The pair, created if there is room. An idle or unauthenticated pair gives way to a new one. */
  private pairOf(socket: UdpSocket, { address, port }: RemoteAddress): CandidatePair | null {
    const existing = this.find(socket, { address, port });
    if (existing) return existing;
    if (this.pairs.length >= PAIRS_MAX && !this.forgetOne()) return null;
    const pair = new CandidatePair(socket, address, port, this.clock.nowMs());
    this.pairs.push(pair);
    return pair;
  }

  private forgetOne(): boolean {
    const nowMs = this.clock.nowMs();
    const isIdle = (pair: CandidatePair) =>
      pair !== this.selectedPair && (!pair.isAuthentic || nowMs - pair.heardAtMs > SILENCE_MS);
    const index = this.pairs.findIndex(isIdle);
    if (index >= 0) this.pairs.splice(index, 1);
    return index >= 0;
  }
}

/** A candidate pair: a local socket and an address of the client. */
class CandidatePair implements RemoteAddress {
  /** Transaction id of the latest check that has no answer yet. */
  checkId: Buffer | null = null;
  /** The client has sent a check from there with the right password. */
  isAuthentic = false;
  /** The client has answered a check there, and so consents to receive. */
  hasConsent = false;
  checkedAtMs = Number.NEGATIVE_INFINITY;
  heardAtMs: number;

  constructor(
    readonly socket: UdpSocket,
    readonly address: string,
    readonly port: number,
    nowMs: number,
  ) {
    this.heardAtMs = nowMs;
  }

  is(socket: UdpSocket, from: RemoteAddress): boolean {
    return this.port === from.port && this.socket === socket && this.address === from.address;
  }

  send(data: Buffer): boolean {
    return this.socket.send(data, this);
  }
}
