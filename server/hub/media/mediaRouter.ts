import type { Clock } from '@/lib/core/clock';
import { Emitter } from '@/lib/core/emitter';
import type { Log } from '@/lib/core/log';
import { TokenBucket } from '@/server/limits/tokenBuckets';
import { type ConferenceTap, ConferenceTaps } from '../conferenceTaps';
import type { BridgeDialect } from '../profile/hubProfile';
import { type DtlsCertificate, makeCertificate } from './dtlsSession';
import type { UnaskedChecks } from './ice/iceAgent';
import { MediaPort } from './ice/mediaPort';
import { isLoopback } from './ice/toldAddress';
import {
  MediaCounters,
  MediaError,
  type MediaLink,
  type MediaLinkRequest,
  type MediaSettings,
  type MediaStats,
  type ReachChange,
  type RtpDropReason,
  type SpeakerChange,
} from './mediaContract';
import { EndpointLink } from './mediaLink';
import { localParameters, MediaTransport } from './mediaTransport';
import { RtcpExchange } from './rtcpExchange';
import { audioLevelDb, blankExtension, rtpHeaderBytes, rtpSequence, rtpSsrc } from './rtp/rtpHeader';
import type { RtpSource } from './rtp/rtpSource';
import type { SrtpChannel } from './rtp/srtpChannel';
import { DominantSpeaker, LoudestVoices, loudnessOf } from './speakers';

interface MediaRouterOptions {
  readonly settings: MediaSettings;
  readonly clock: Clock;
  readonly log: Log;
  /** Most microphones forwarded at once; of more, only the loudest. 8 by default. */
  readonly forwardedVoicesMax?: number;
  readonly dialect?: Pick<BridgeDialect, 'startsSctp' | 'privateExtensions'>;
  readonly taps?: ConferenceTaps;
}

const FORWARDED_VOICES_MAX = 8;

/** Checks to addresses on clients' word alone, for everybody together: per second, and at once. */
const UNASKED_PER_SECOND = 100;
const UNASKED_BURST = 1_000;

/** The hub's media: opens the connections of endpoints and forwards RTP within each conference. See SPEC.md. */
export class MediaRouter {
  readonly events: Emitter<{ speaker: SpeakerChange; reach: ReachChange }>;
  private readonly unasked: UnaskedChecks;
  private readonly taps: ConferenceTaps;
  private binding: Promise<MediaPort> | null = null;
  private readonly counters = new MediaCounters();
  private readonly conferences = new Map<string, MediaConference>();
  private isClosed = false;

  constructor(private readonly options: MediaRouterOptions) {
    this.events = new Emitter((error) => options.log.error('media listener failed', { error: String(error) }));
    this.taps = options.taps ?? new ConferenceTaps();
    this.unasked = { bucket: new TokenBucket(UNASKED_PER_SECOND, UNASKED_BURST, options.clock.nowMs()) };
  }

  /** Opens a connection on the port, which the first one binds. Rejects with a {@link MediaError}. */
  async open(request: MediaLinkRequest): Promise<MediaLink> {
    this.refuseIfClosed();
    const certificate = await makeCertificate();
    const port = await this.bindOnce();
    this.refuseIfClosed();
    return this.createLink(request, port, certificate);
  }

  /** Asks for a key frame of every shared screen in a conference. */
  askForKeyFrames(conferenceId: string): void {
    this.conferences.get(conferenceId)?.askForKeyFrames(this.options.clock.nowMs());
  }

  stats(): MediaStats {
    const links = this.links();
    return this.counters.stats(links.length, links.filter(({ transport }) => transport.srtp).length);
  }

  /** Everything that becomes due with time. Call it twice a second. */
  sweep(): void {
    const nowMs = this.options.clock.nowMs();
    for (const link of this.links()) link.transport.sweep();
    for (const conference of this.conferences.values()) conference.sweep(nowMs);
  }

  /** Ends every connection and frees the port. */
  async close(): Promise<void> {
    this.isClosed = true;
    for (const link of this.links()) link.close();
    (await this.binding?.catch(() => null))?.close();
    this.events.clear();
  }

  /** A port that could not be bound is tried again by the next connection. */
  private bindOnce(): Promise<MediaPort> {
    this.binding ??= this.bind().catch((error: unknown) => {
      this.binding = null;
      throw error;
    });
    return this.binding;
  }

  private async bind(): Promise<MediaPort> {
    const { settings, log } = this.options;
    const port = await MediaPort.bind(settings, () => this.counters.drop('malformed'));
    const [first] = port.sockets;
    const addresses = port.sockets.map(({ address }) => address);
    log.info('media port', { port: first?.port, addresses: addresses.join(' '), tcp: port.listeners.length > 0 });
    if (first && settings.port !== 0 && first.port !== settings.port) {
      log.warn('media uses another port: set HUB_MEDIA_PORT', { wanted: settings.port, port: first.port });
    }
    const outside = port.sockets.filter(({ address }) => !isLoopback(address));
    if (outside.length > 0 && outside.length < addresses.length && !settings.announcedAddresses) {
      const reach = outside.every(({ isOwnOnly }) => isOwnOnly)
        ? 'beyond loopback, for this machine only'
        : 'beyond this machine too';
      log.info(`media is bound ${reach}: Firefox uses no loopback address`, {
        addresses: outside.map(({ address }) => address).join(' '),
      });
    }
    return port;
  }

  private refuseIfClosed(): void {
    if (this.isClosed) throw new MediaError('closed', 'The hub is shutting down.');
  }

  private links(): EndpointLink[] {
    return [...this.conferences.values()].flatMap(({ links }) => [...links]);
  }

  private createLink(request: MediaLinkRequest, port: MediaPort, certificate: DtlsCertificate): EndpointLink {
    const { clock, settings } = this.options;
    const conference = this.conferenceOf(request.conferenceId);
    const startsSctp = this.options.dialect?.startsSctp ?? true;
    const transport = new MediaTransport(
      port,
      certificate,
      clock,
      { unasked: this.unasked, startsSctp },
      {
        onConnected: () => {
          conference.connected(link);
          link.connected();
        },
        onLate: () => link.late(),
        onDead: (reason) => link.die(reason),
        onRtp: (packet, srtp) => conference.onRtp(link, packet, srtp),
        onRtcp: (packet, srtp) => conference.onRtcp(link, packet, srtp),
        onMalformed: () => this.counters.drop('malformed'),
        onEarly: () => this.counters.drop('notConnected'),
        onFlood: () => this.counters.drop('rateExceeded'),
        onChannel: (channel) => request.onChannel(channel),
      },
    );
    const local = localParameters(transport.credentials, certificate, port, settings.announcedAddresses);
    const link: EndpointLink = new EndpointLink(request, local, transport, clock.nowMs(), {
      claim: (ssrc) => conference.claim(link, ssrc),
      closed: (reason) => this.onClosed(conference, link, reason),
      reached: (isReached) =>
        this.events.emit('reach', { conferenceId: request.conferenceId, endpointId: request.endpointId, isReached }),
    });
    conference.links.add(link);
    return link;
  }

  private onClosed(conference: MediaConference, link: EndpointLink, reason: string): void {
    const { conferenceId, endpointId } = link.request;
    conference.remove(link);
    if (conference.links.size === 0) this.conferences.delete(conferenceId);
    this.options.log.debug('media connection closed', { endpointId, reason });
  }

  private conferenceOf(conferenceId: string): MediaConference {
    const existing = this.conferences.get(conferenceId);
    if (existing) return existing;
    const { clock, dialect, forwardedVoicesMax = FORWARDED_VOICES_MAX } = this.options;
    const conference = new MediaConference(
      { forwardedVoicesMax, privateExtensions: dialect?.privateExtensions ?? [] },
      clock,
      this.counters,
      {
        onSpeaker: (dominantEndpointId, previous) =>
          this.events.emit('speaker', { conferenceId, dominantEndpointId, previousEndpointIds: previous }),
        tap: () => this.taps.of(conferenceId),
      },
    );
    this.conferences.set(conferenceId, conference);
    return conference;
  }
}

/** Most SSRCs whose owners a conference remembers. */
const SSRCS_MAX = 8_192;

/** Who hears of a conference's media. */
interface ConferenceListeners {
  /** Called with the dominant speaker and the previous ones, latest first. */
  onSpeaker(dominantEndpointId: string, previousEndpointIds: readonly string[]): void;
  tap(): ConferenceTap | undefined;
}

interface ForwardingRules {
  readonly forwardedVoicesMax: number;
  /** Ids of header extensions that are blanked. */
  readonly privateExtensions: readonly number[];
}

/** The media of one conference: its sources, speakers and forwarding. */
class MediaConference {
  readonly links = new Set<EndpointLink>();
  private readonly owners = new Map<number, string>();
  private readonly speaker = new DominantSpeaker();
  private readonly voices: LoudestVoices;
  private readonly rtcp: RtcpExchange;

  constructor(
    private readonly rules: ForwardingRules,
    private readonly clock: Clock,
    private readonly counters: MediaCounters,
    private readonly listeners: ConferenceListeners,
  ) {
    this.voices = new LoudestVoices(rules.forwardedVoicesMax);
    this.rtcp = new RtcpExchange(this.links, {
      drop: (reason) => counters.drop(reason),
      resend: (receiver, { header, payload }) => this.forward(receiver, header, payload),
    });
  }

  /**
   * Whether the endpoint owns the SSRC; the first to claim it does, for good. Two senders on one SSRC would be encrypted to a
   * receiver with the same key and vector.
   */
  claim({ endpointId }: EndpointLink, ssrc: number): boolean {
    const owner = this.owners.get(ssrc);
    if (owner !== undefined) return owner === endpointId;
    if (this.owners.size >= SSRCS_MAX) return false;
    this.owners.set(ssrc, endpointId);
    return true;
  }

  remove(link: EndpointLink): void {
    this.links.delete(link);
    for (const other of this.links) if (other.endpointId === link.endpointId) return;
    this.speaker.remove(link.endpointId);
    this.voices.remove(link.endpointId);
  }

  /** A receiver's connection is up. */
  connected(link: EndpointLink): void {
    this.rtcp.wantKeyFramesFor(link, this.clock.nowMs());
  }

  askForKeyFrames(nowMs: number): void {
    this.rtcp.wantAllKeyFrames(nowMs);
  }

  /** Handles a protected RTP packet of `sender`. */
  onRtp(sender: EndpointLink, packet: Buffer, srtp: SrtpChannel): void {
    this.counters.rtpPacketsIn += 1;
    this.counters.rtpBytesIn += packet.length;
    const reason = this.pass(sender, packet, srtp);
    if (reason) this.counters.drop(reason);
  }

  /** Handles a protected RTCP packet of `sender`. */
  onRtcp(sender: EndpointLink, packet: Buffer, srtp: SrtpChannel): void {
    this.rtcp.receive(sender, packet, srtp, this.clock.nowMs());
  }

  /** Everything that becomes due with time. */
  sweep(nowMs: number): void {
    this.voices.sweep(nowMs);
    this.rtcp.sweep(nowMs);
  }

  /** Forwards a packet, or returns why not. Cheap checks come first: only packets that pass them are decrypted. */
  private pass(sender: EndpointLink, packet: Buffer, srtp: SrtpChannel): RtpDropReason | null {
    const headerBytes = rtpHeaderBytes(packet);
    if (headerBytes < 0) return 'malformed';
    if (!sender.maySend) return 'spectator';
    const source = sender.sources.get(rtpSsrc(packet));
    if (!source) return 'unannounced';
    const nowMs = this.clock.nowMs();
    if (!sender.rates.admitsRtp(source.kind, packet.length, nowMs)) return 'rateExceeded';
    const payload = srtp.unprotect(packet, headerBytes);
    if (!payload) return 'malformed';
    return this.spread(sender, source, packet.subarray(0, headerBytes), payload, nowMs);
  }

  private spread(sender: EndpointLink, source: RtpSource, header: Buffer, payload: Buffer, nowMs: number) {
    source.reception.onPacket(header, nowMs);
    this.listeners.tap()?.rtp(sender.endpointId, sender.request.personId, source.kind, header, payload);
    if (source.kind === 'audio' && !this.isHeard(sender, header, nowMs)) return 'quietSpeaker';
    for (const id of this.rules.privateExtensions) blankExtension(header, id);
    source.cache?.put({ sequence: rtpSequence(header), header, payload });
    for (const receiver of this.links) if (receiver !== sender) this.forward(receiver, header, payload);
    return null;
  }

  private isHeard({ endpointId }: EndpointLink, header: Buffer, nowMs: number): boolean {
    const loudness = loudnessOf(audioLevelDb(header));
    if (this.speaker.observe(endpointId, loudness, nowMs) && this.speaker.current !== null) {
      this.listeners.onSpeaker(this.speaker.current, this.speaker.previousIds);
    }
    return this.voices.admit(endpointId, loudness, nowMs);
  }

  private forward({ transport }: EndpointLink, header: Buffer, payload: Buffer): void {
    const { counters } = this;
    const packet = transport.srtp?.protect(header, payload);
    if (!packet) return;
    if (!transport.send(packet)) {
      counters.drop('slowReceiver');
      return;
    }
    counters.rtpPacketsOut += 1;
    counters.rtpBytesOut += packet.length;
  }
}
