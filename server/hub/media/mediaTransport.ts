import { isIPv6 } from 'node:net';
import type { Clock } from '@/lib/core/clock';
import { type BucketRate, TokenBucket } from '@/server/limits/tokenBuckets';
import type { ChannelSocket } from '../bridge/channelSocket';
import { type DtlsCertificate, DtlsSession } from './dtlsSession';
import type { Carrier, RemoteAddress } from './ice/carrier';
import { IceAgent, type IceCredentials, type UnaskedChecks } from './ice/iceAgent';
import type { MediaPeer, MediaPort } from './ice/mediaPort';
import type { StunMessage } from './ice/stunMessage';
import type { ChannelListener, IceCandidate, TransportParameters } from './mediaContract';
import { isRtcp } from './rtp/rtpHeader';
import { SrtpChannel } from './rtp/srtpChannel';
import { SctpAssociation } from './sctp/sctpAssociation';

/** What a transport reports to its owner. */
export interface TransportEvents {
  /** DTLS is up. */
  onConnected(): void;
  /** It is not up yet though it should be. It may still come. */
  onLate(): void;
  /** It is over: it never connected, or the client is gone. */
  onDead(reason: string): void;
  onRtp(packet: Buffer, srtp: SrtpChannel): void;
  onRtcp(packet: Buffer, srtp: SrtpChannel): void;
  onMalformed(): void;
  /** Media arrived before DTLS was up. */
  onEarly(): void;
  /** More has arrived than a client sends; it is dropped unread. */
  onFlood(): void;
  onChannel(channel: ChannelSocket): ChannelListener;
}

/** Time from the client's answer until DTLS should be up, and until it is given up: a busy machine may take long. */
const CONNECT_SOON_MS = 15_000;
const CONNECT_MAX_MS = 60_000;
/** Longest time from the offer to the client's answer. */
const ANSWER_MAX_MS = 45_000;
/**
 * A client that was silent through this many sweeps (12 s) is gone, since clients check connectivity every few seconds. Sweeps
 * are counted rather than timed, so that a stall of the hub kills no connection.
 */
const SILENT_SWEEPS_MAX = 24;
const TICK_MS = 50;
/**
 * What one client may send of DTLS, which takes a twentieth of a millisecond a datagram to decrypt: its messages, and word of every
 * second datagram that it has got of a full meeting. Media has limits of its own.
 */
const RECORDS: BucketRate = { burst: 3_000, perSecond: 500 };
/** And of connectivity checks, which come twenty a second at first, and then one in some seconds. */
const CHECKS: BucketRate = { burst: 400, perSecond: 50 };
/** Most handshake datagrams kept until they can be used, in either direction. */
const WAITING_MAX = 16;

/** What the connections of one bridge have in common. */
interface TransportTerms {
  readonly unasked: UnaskedChecks;
  /** Whether the hub starts SCTP, or waits for the client to do so. */
  readonly startsSctp: boolean;
}

/** The bundle of one client: UDP, ICE, DTLS, SRTP and SCTP. Nothing that arrives makes it throw. */
export class MediaTransport implements MediaPeer {
  private readonly ice: IceAgent;
  private readonly sctp: SctpAssociation;
  private readonly records: TokenBucket;
  private readonly checks: TokenBucket;
  private dtls: DtlsSession | null = null;
  private srtpChannel: SrtpChannel | null = null;
  private waitingIn: Buffer[] = [];
  private waitingOut: Buffer[] = [];
  private ticking: NodeJS.Timeout | null = null;
  private isClosed = false;
  private dueAtMs: number;
  private lateAtMs = Number.POSITIVE_INFINITY;
  private heardAtMs = 0;
  private silentSweeps = 0;

  constructor(
    private readonly port: MediaPort,
    private readonly certificate: DtlsCertificate,
    private readonly clock: Clock,
    private readonly terms: TransportTerms,
    private readonly events: TransportEvents,
  ) {
    const { unasked } = terms;
    const nowMs = clock.nowMs();
    this.dueAtMs = nowMs + ANSWER_MAX_MS;
    this.records = new TokenBucket(RECORDS.perSecond, RECORDS.burst, nowMs);
    this.checks = new TokenBucket(CHECKS.perSecond, CHECKS.burst, nowMs);
    this.ice = new IceAgent({ port, peer: this, clock, unasked, onSelected: () => this.onPairSelected() });
    this.sctp = new SctpAssociation({
      send: (packet) => this.dtls?.send(packet) ?? Promise.resolve(),
      onChannel: (channel) => events.onChannel(channel),
      onMalformed: () => events.onMalformed(),
    });
    port.add(this);
  }

  get ufrag(): string {
    return this.ice.local.ufrag;
  }

  get credentials(): { readonly ufrag: string; readonly password: string } {
    return this.ice.local;
  }

  get srtp(): SrtpChannel | null {
    return this.srtpChannel;
  }

  /** Takes the client's answer, once. */
  setRemote(remote: TransportParameters): void {
    if (this.isClosed || this.dtls) return;
    this.dueAtMs = this.clock.nowMs() + CONNECT_MAX_MS;
    this.lateAtMs = this.clock.nowMs() + CONNECT_SOON_MS;
    this.dtls = new DtlsSession(remote, this.certificate, {
      send: (datagram) => this.sendHandshake(datagram),
      onConnected: (sessions) => this.onDtls(new SrtpChannel(sessions)),
      onData: (data) => this.sctp.receive(data),
      onFailed: (reason) => this.die(`DTLS: ${reason}`),
    });
    this.ice.setRemote(remote);
    for (const candidate of remote.candidates) this.ice.addCandidate(candidate);
    this.dtls.start();
    for (const datagram of this.waitingIn.splice(0)) this.dtls.receive(datagram);
    this.ticking = setInterval(() => this.ice.tick(), TICK_MS);
  }

  addCandidate(candidate: IceCandidate): boolean {
    return !this.isClosed && this.ice.addCandidate(candidate);
  }

  /** Sends a protected packet; false if the send queue is full or no candidate pair works yet. */
  send(packet: Buffer): boolean {
    return this.ice.selected?.send(packet) ?? false;
  }

  /** Everything that becomes due with time, twice a second: consent, and the end of a dead transport. */
  sweep(): void {
    if (this.isClosed) return;
    const nowMs = this.clock.nowMs();
    if (!this.srtpChannel) {
      if (nowMs >= this.dueAtMs) this.die('not connected in time');
      else if (nowMs >= this.lateAtMs) this.noteLate();
      return;
    }
    this.silentSweeps = this.ice.heardAtMs === this.heardAtMs ? this.silentSweeps + 1 : 0;
    this.heardAtMs = this.ice.heardAtMs;
    if (this.silentSweeps >= SILENT_SWEEPS_MAX) this.die('the client is gone');
    else this.ice.tick();
  }

  /** Sends nothing from now on, not even that it ends. */
  silence(): void {
    this.dtls?.close();
  }

  /** Ends it at once. */
  close(): void {
    if (this.isClosed) return;
    this.sctp.close();
    this.isClosed = true;
    this.stopTicking();
    this.dtls?.close();
    this.port.remove(this);
  }

  private noteLate(): void {
    this.lateAtMs = Number.POSITIVE_INFINITY;
    this.events.onLate();
  }

  private die(reason: string): void {
    if (this.isClosed) return;
    this.close();
    this.events.onDead(reason);
  }

  onStun(message: StunMessage, data: Buffer, via: Carrier, from: RemoteAddress): void {
    if (this.checks.tryTake(1, this.clock.nowMs())) this.ice.onStun(message, data, via, from);
    else this.events.onFlood();
  }

  /** Dispatches by the first byte (RFC 7983). */
  onDatagram(data: Buffer, via: Carrier, from: RemoteAddress): void {
    const first = data[0] ?? 255;
    if (first >= 128 && first <= 191) this.onMedia(data, via, from);
    else if (first >= 20 && first <= 63) this.onHandshake(data, via, from);
    else this.events.onMalformed();
  }

  private onMedia(data: Buffer, via: Carrier, from: RemoteAddress): void {
    const pair = this.ice.authentic(via, from);
    if (!pair) {
      this.events.onMalformed();
    } else if (!this.srtpChannel) {
      this.events.onEarly();
    } else if (isRtcp(data)) {
      this.events.onRtcp(data, this.srtpChannel);
    } else {
      this.events.onRtp(data, this.srtpChannel);
    }
  }

  private onHandshake(data: Buffer, via: Carrier, from: RemoteAddress): void {
    if (!this.ice.authentic(via, from)) {
      this.events.onMalformed();
    } else if (!this.records.tryTake(1, this.clock.nowMs())) {
      this.events.onFlood();
    } else if (this.dtls) {
      this.dtls.receive(data);
    } else if (this.waitingIn.length < WAITING_MAX) {
      this.waitingIn.push(data);
    }
  }

  /** Consent comes first (RFC 7675): until then, outgoing DTLS datagrams wait. */
  private sendHandshake(datagram: Buffer): void {
    if (this.ice.selected) this.send(datagram);
    else if (this.waitingOut.length < WAITING_MAX) this.waitingOut.push(datagram);
  }

  private onPairSelected(): void {
    this.stopTicking();
    for (const datagram of this.waitingOut.splice(0)) this.send(datagram);
  }

  private onDtls(srtp: SrtpChannel): void {
    this.srtpChannel = srtp;
    this.sctp.start(this.terms.startsSctp);
    this.events.onConnected();
  }

  private stopTicking(): void {
    if (this.ticking) clearInterval(this.ticking);
    this.ticking = null;
  }
}

/** Type preference of a host candidate (RFC 8445, 5.1.2.2), and a lower one for TCP (RFC 6544, 4.2). */
const TYPE_PREFERENCE = { udp: 126, tcp: 90 } as const;

/** The hub's side of one connection, for the offer. */
export function localParameters(
  { ufrag, password }: IceCredentials,
  certificate: DtlsCertificate,
  { sockets, listeners }: Pick<MediaPort, 'sockets' | 'listeners'>,
  announcedAddresses: readonly string[] | null,
): TransportParameters {
  const [own] = certificate.getFingerprints();
  return {
    ufrag,
    password,
    fingerprint: { hash: own?.algorithm ?? 'sha-256', value: own?.value ?? '' },
    setup: 'actpass',
    candidates: [
      ...hostCandidates('udp', sockets, announcedAddresses),
      ...hostCandidates('tcp', listeners, announcedAddresses),
    ],
  };
}

/** Where the port is bound. */
interface Bound {
  readonly address: string;
  readonly port: number;
}

/** A candidate for each address to offer: those bound, or the announced ones of the same family. */
function hostCandidates(
  protocol: 'udp' | 'tcp',
  bound: readonly Bound[],
  announced: readonly string[] | null,
): IceCandidate[] {
  return bound
    .flatMap(({ address, port }) => addressesOf(address, announced).map((ip) => ({ ip, port })))
    .map(({ ip, port }, index) => ({
      foundation: `${protocol}${index + 1}`,
      component: 1,
      ip,
      port,
      priority: TYPE_PREFERENCE[protocol] * 2 ** 24 + (65_535 - index) * 2 ** 8 + 255,
      type: 'host',
      protocol,
    }));
}

function addressesOf(bound: string, announced: readonly string[] | null): readonly string[] {
  return announced ? announced.filter((address) => isIPv6(address) === isIPv6(bound)) : [bound];
}
