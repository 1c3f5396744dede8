import { expect, vi } from 'vitest';
import {
  DtlsClient,
  IceCandidate,
  RTCDataChannel,
  RTCDataChannelParameters,
  RTCDtlsFingerprint,
  RTCDtlsParameters,
  RTCDtlsTransport,
  RTCIceGatherer,
  RTCIceParameters,
  RTCIceTransport,
  RTCSctpTransport,
  type RtcpPacket,
  RtpHeader,
  type RtpPacket,
} from 'werift';
import { ignoreRepeatedRequests } from '@/lib/webrtc/repeatedRequests';
import type { ChannelSocket } from '@/server/hub/bridge/channelSocket';
import type { MediaLink, MediaSource, TransportParameters } from '@/server/hub/media/mediaContract';
import type { MediaRouter } from '@/server/hub/media/mediaRouter';

export interface MediaClientOptions {
  readonly endpointId: string;
  readonly conferenceId?: string;
  readonly maySend?: boolean;
  readonly sources?: readonly MediaSource[];
  /** Whether it tells the hub its candidates; otherwise the hub must find them. */
  readonly tellsCandidates?: boolean;
  /** Its DTLS role: `active`, the client, as in browsers. */
  readonly setup?: 'active' | 'passive';
  readonly srtpProfiles?: (1 | 7)[];
  /** Whether it sends SCTP's INIT itself; otherwise it waits for the hub's. */
  readonly beginsSctp?: boolean;
}

/** What the hub received over the channel of one client. */
interface HubChannel {
  readonly socket: ChannelSocket;
  readonly frames: { data: Buffer; isBinary: boolean }[];
  isClosed: boolean;
}

/** A whole WebRTC client in Node: werift's ICE, DTLS, SRTP and SCTP, against one connection of the hub. */
export class MediaClient {
  readonly rtp: RtpPacket[] = [];
  readonly rtcp: RtcpPacket[] = [];
  readonly channels: HubChannel[] = [];
  link!: MediaLink;
  private readonly gatherer = new RTCIceGatherer({
    useIpv4: false,
    useIpv6: false,
    stunServer: undefined,
    interfaceAddresses: { udp4: '127.0.0.1' },
    additionalHostAddresses: ['127.0.0.1'],
  });
  readonly ice = new RTCIceTransport(this.gatherer);
  dtls!: RTCDtlsTransport;
  readonly sctp = new RTCSctpTransport(5000);

  constructor(
    private readonly router: MediaRouter,
    readonly options: MediaClientOptions,
  ) {}

  /** Opens a connection. Resolves when DTLS is up on the client's side. */
  static async connect(router: MediaRouter, options: MediaClientOptions): Promise<MediaClient> {
    const client = new MediaClient(router, options);
    await client.open();
    await client.answer();
    return client;
  }

  async open(): Promise<void> {
    const { endpointId, conferenceId = 'meeting', maySend = true } = this.options;
    this.link = await this.router.open({
      endpointId,
      conferenceId,
      personId: `person of ${endpointId}`,
      maySend,
      onChannel: (socket) => this.onHubChannel(socket),
    });
  }

  /** @param hubPort Where it sends to; the hub's own port if undefined. */
  async answer(hubPort?: number): Promise<void> {
    const { setup = 'active', srtpProfiles = [7, 1], tellsCandidates = false, sources = [] } = this.options;
    const certificate = await RTCDtlsTransport.SetupCertificate();
    this.dtls = new RTCDtlsTransport({}, this.ice, certificate, srtpProfiles);
    this.dtls.role = setup === 'active' ? 'client' : 'server';
    this.ice.connection.iceControlling = false;
    this.dtls.onRtp.subscribe((packet) => this.rtp.push(packet));
    this.dtls.onRtcp.subscribe((packet) => this.rtcp.push(packet));
    this.sctp.setDtlsTransport(this.dtls);
    await this.ice.gather();
    this.link.setSources(sources);
    this.takeHubSide(setup, hubPort);
    this.link.setRemote(this.parameters(setup, tellsCandidates));
    await this.ice.start();
    const started = this.dtls.start();
    if (this.dtls.dtls instanceof DtlsClient) ignoreRepeatedRequests(this.dtls.dtls);
    await started;
    await this.sctp.start(5000);
    if (this.options.beginsSctp) await this.beginSctp();
  }

  /** The client's answer. */
  parameters(setup: 'active' | 'passive', tellsCandidates: boolean): TransportParameters {
    const { usernameFragment, password } = this.ice.localParameters;
    const [fingerprint] = this.dtls.localParameters.fingerprints;
    return {
      ufrag: usernameFragment,
      password,
      fingerprint: { hash: fingerprint!.algorithm, value: fingerprint!.value },
      setup,
      candidates: tellsCandidates ? this.candidates() : [],
    };
  }

  /** Sends one packet. @param levelDb The level of RFC 6464; undefined for none. */
  async sendRtp(ssrc: number, sequence: number, payload: Buffer, levelDb?: number): Promise<void> {
    const header = new RtpHeader({
      ssrc,
      sequenceNumber: sequence & 0xffff,
      timestamp: (sequence * 960) >>> 0,
      payloadType: 111,
      extensions: levelDb === undefined ? [] : [{ id: 1, payload: Buffer.from([0x80 | levelDb]) }],
    });
    await this.dtls.sendRtp(payload, header);
  }

  /** Opens a data channel. Resolves when it is open, or closed. */
  async openChannel(label: string): Promise<RTCDataChannel> {
    const protocol = 'http://jitsi.org/protocols/colibri';
    const channel = new RTCDataChannel(this.sctp, new RTCDataChannelParameters({ label, protocol }), true);
    if (channel.readyState === 'connecting') await channel.stateChange.asPromise();
    return channel;
  }

  /** Waits until both directions of closed channels are free: werift reuses their ids sooner and loses messages. */
  async streamsAreReset(): Promise<void> {
    const { sctp } = this.sctp;
    await vi.waitFor(() => expect([sctp.reconfigRequest, sctp.reconfigQueue]).toEqual([undefined, []]), 5_000);
  }

  /** Leaves like a page that crashes, without telling the hub. */
  async vanish(): Promise<void> {
    await this.ice.stop();
  }

  async close(): Promise<void> {
    this.link?.close();
    await this.sctp.sctp?.stop();
    await this.ice.stop();
  }

  private takeHubSide(setup: 'active' | 'passive', hubPort?: number): void {
    const { ufrag, password, fingerprint, candidates } = this.link.local;
    this.ice.setRemoteParams(new RTCIceParameters({ usernameFragment: ufrag, password, iceLite: false }));
    for (const { foundation, component, ip, port, priority, type } of candidates) {
      this.ice.addRemoteCandidate(new IceCandidate(component, foundation, ip, hubPort ?? port, priority, 'udp', type));
    }
    const role = setup === 'active' ? 'server' : 'client';
    this.dtls.setRemoteParams(
      new RTCDtlsParameters([new RTCDtlsFingerprint(fingerprint.hash, fingerprint.value)], role),
    );
  }

  private candidates() {
    return this.ice.localCandidates.map(({ foundation, component, ip, port, priority }) => {
      return { foundation, component, ip, port, priority, type: 'host' as const };
    });
  }

  private async beginSctp(): Promise<void> {
    const association = this.sctp.sctp as unknown as { isServer: boolean; init(): Promise<void> };
    association.isServer = false;
    await association.init();
  }

  private onHubChannel(socket: ChannelSocket) {
    const channel: HubChannel = { socket, frames: [], isClosed: false };
    this.channels.push(channel);
    return {
      onFrame: (data: Buffer, isBinary: boolean) => {
        channel.frames.push({ data, isBinary });
      },
      onClose: () => {
        channel.isClosed = true;
      },
    };
  }
}
