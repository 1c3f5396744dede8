import type { IceCandidate, MediaLink, MediaLinkRequest, MediaSource, TransportParameters } from './mediaContract';
import type { MediaTransport } from './mediaTransport';
import { RtpSource } from './rtp/rtpSource';
import { SenderRates } from './rtp/senderRates';

/** Sources one endpoint may announce; the others are as if unannounced. */
const SOURCES_MAX = 16;

/** What a connection belongs to. */
export interface EndpointLinkOwner {
  /** Whether the SSRC may be this endpoint's: nobody else in the conference has had it. */
  claim(ssrc: number): boolean;
  closed(reason: string): void;
}

/** The media connection of one endpoint: its transport, its sources, its rates. */
export class EndpointLink implements MediaLink {
  readonly sources = new Map<number, RtpSource>();
  readonly rates: SenderRates;
  private isClosed = false;

  constructor(
    readonly request: MediaLinkRequest,
    readonly local: TransportParameters,
    readonly transport: MediaTransport,
    nowMs: number,
    private readonly owner: EndpointLinkOwner,
  ) {
    this.rates = new SenderRates(nowMs);
  }

  get endpointId(): string {
    return this.request.endpointId;
  }

  get maySend(): boolean {
    return this.request.maySend;
  }

  setRemote(remote: TransportParameters): void {
    this.transport.setRemote(remote);
  }

  addCandidate(candidate: IceCandidate): void {
    this.transport.addCandidate(candidate);
  }

  setSources(sources: readonly MediaSource[]): void {
    if (this.isClosed) return;
    const announced = sources.slice(0, SOURCES_MAX).filter(({ ssrc }) => this.owner.claim(ssrc));
    const ssrcs = new Set(announced.map(({ ssrc }) => ssrc));
    for (const ssrc of this.sources.keys()) if (!ssrcs.has(ssrc)) this.sources.delete(ssrc);
    for (const { ssrc, kind } of announced) {
      if (!this.sources.has(ssrc)) this.sources.set(ssrc, new RtpSource(ssrc, kind));
    }
  }

  close(): void {
    this.end('closed');
  }

  /** Ends it, telling why. */
  end(reason: string): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.transport.close();
    this.owner.closed(reason);
  }
}
