import type { Clock } from '@/lib/core/clock';
import { Emitter } from '@/lib/core/emitter';
import type { Log } from '@/lib/core/log';
import { type DtlsCertificate, makeCertificate } from './dtlsSession';
import { EndpointLink } from './endpointLink';
import { PortRange } from './ice/portRange';
import type { UdpSocket } from './ice/udpSocket';
import { localParameters } from './localParameters';
import { MediaConference } from './mediaConference';
import type { MediaLink, MediaLinkRequest, MediaStats, SpeakerChange } from './mediaContract';
import { MediaCounters } from './mediaCounters';
import { MediaError } from './mediaError';
import type { MediaSettings } from './mediaSettings';
import { MediaTransport } from './mediaTransport';

export interface MediaRouterOptions {
  readonly settings: MediaSettings;
  readonly clock: Clock;
  readonly log: Log;
  /** Microphones forwarded at once; where more are open, only the loudest are. 8 by default. */
  readonly forwardedVoicesMax?: number;
}

const FORWARDED_VOICES_MAX = 8;

/** The hub's media: takes the connections of endpoints and forwards RTP between those of one conference. See SPEC.md. */
export class MediaRouter {
  readonly events: Emitter<{ speaker: SpeakerChange }>;
  private readonly ports: PortRange;
  private readonly counters = new MediaCounters();
  private readonly conferences = new Map<string, MediaConference>();
  private isClosed = false;

  constructor(private readonly options: MediaRouterOptions) {
    this.events = new Emitter((error) => options.log.error('media listener failed', { error: String(error) }));
    this.ports = new PortRange(options.settings);
  }

  /** Binds the ports of a new connection. Rejects with a {@link MediaError}. */
  async open(request: MediaLinkRequest): Promise<MediaLink> {
    this.refuseIfClosed();
    const certificate = await makeCertificate();
    const sockets = await this.ports.bindAll();
    try {
      this.refuseIfClosed();
      return this.createLink(request, sockets, certificate);
    } catch (error) {
      for (const socket of sockets) socket.close();
      throw error;
    }
  }

  stats(): MediaStats {
    return this.counters.stats(this.links().filter(({ transport }) => transport.srtp).length);
  }

  /** Everything that becomes due with time; to be called twice a second. */
  sweep(): void {
    const nowMs = this.options.clock.nowMs();
    for (const link of this.links()) link.transport.sweep();
    for (const conference of this.conferences.values()) conference.sweep(nowMs);
  }

  /** Ends every connection and frees its ports. */
  async close(): Promise<void> {
    this.isClosed = true;
    for (const link of this.links()) link.close();
    this.events.clear();
  }

  private refuseIfClosed(): void {
    if (this.isClosed) throw new MediaError('closed', 'The hub is shutting down.');
  }

  private links(): EndpointLink[] {
    return [...this.conferences.values()].flatMap(({ links }) => [...links]);
  }

  private createLink(request: MediaLinkRequest, sockets: UdpSocket[], certificate: DtlsCertificate): EndpointLink {
    const { clock, settings } = this.options;
    const conference = this.conferenceOf(request.conferenceId);
    const transport = new MediaTransport(sockets, certificate, clock, {
      onConnected: () => conference.connected(link),
      onDead: (reason) => link.end(reason),
      onRtp: (packet, srtp) => conference.onRtp(link, packet, srtp),
      onRtcp: (packet, srtp) => conference.onRtcp(link, packet, srtp),
      onMalformed: () => this.counters.drop('malformed'),
      onEarly: () => this.counters.drop('notConnected'),
      onChannel: (channel) => request.onChannel(channel),
    });
    const local = localParameters(transport.credentials, certificate, sockets, settings.announcedAddresses);
    const link: EndpointLink = new EndpointLink(request, local, transport, clock.nowMs(), {
      claim: (ssrc) => conference.claim(link, ssrc),
      closed: (reason) => this.onClosed(conference, link, reason),
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
    const { clock, forwardedVoicesMax = FORWARDED_VOICES_MAX } = this.options;
    const conference = new MediaConference(forwardedVoicesMax, clock, this.counters, (dominantEndpointId, previous) =>
      this.events.emit('speaker', { conferenceId, dominantEndpointId, previousEndpointIds: previous }),
    );
    this.conferences.set(conferenceId, conference);
    return conference;
  }
}
