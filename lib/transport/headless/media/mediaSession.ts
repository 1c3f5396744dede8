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
} from 'werift';
import type { Log } from '@/lib/core/log';
import { CHANNEL_LABEL, SRTP_PROFILES } from '@/lib/webrtc/jitsiMedia';
import { ignoreRepeatedRequests } from '@/lib/webrtc/repeatedRequests';
import type { MediaPhase } from '../../mediaPath';
import type { BridgeChannel, ChannelEvents } from '../bridgeChannel';
import type { OwnTransport } from '../jingle/jingleAnswer';
import type { OfferedAudio, OfferedCandidate, OfferedTransport, OfferedVideo } from '../jingle/jingleOffer';
import type { OpusSource } from '../voice/opusPacket';
import type { VoiceBook } from '../voice/voiceBook';
import { type HearScreen, ScreenReceiver } from './screenReceiver';
import { VoiceReceiver, VoiceSender } from './voiceStreams';

/** What a media connection needs. */
export interface MediaSessionParts {
  readonly transport: OfferedTransport;
  readonly sctpPort: number;
  /** Null if no voice is sent or received. */
  readonly audio: OfferedAudio | null;
  /** Null if no screen is received. */
  readonly video: OfferedVideo | null;
  /** Whether the bridge channel goes over it. */
  readonly hasChannel: boolean;
  /** SSRC of the local voice. */
  readonly ssrc: number;
  readonly voices: VoiceBook;
  readonly hearScreen: HearScreen | null;
  readonly channelEvents: ChannelEvents;
  readonly log: Log;
  /** It could not be set up, or has broken. Called once, never after `close`. */
  onFailed(): void;
}

/** One media connection to the bridge: ICE (controlled), DTLS as client, SRTP for voices, SCTP for the bridge channel. */
export class MediaSession {
  readonly channel: DataChannel | null;
  private readonly sender: VoiceSender | null;
  private readonly screens: ScreenReceiver | null;
  private isClosed = false;
  private isConnected = false;
  /** Whether it has ever been connected. */
  wasConnected = false;

  private constructor(
    private readonly parts: MediaSessionParts,
    private readonly ice: RTCIceTransport,
    private readonly dtls: RTCDtlsTransport,
    private readonly sctp: RTCSctpTransport | null,
  ) {
    this.channel = sctp ? new DataChannel(sctp, parts.channelEvents) : null;
    this.sender = parts.audio ? new VoiceSender(dtls, parts.ssrc, parts.audio) : null;
    if (parts.audio) new VoiceReceiver(parts.voices, parts.audio).listen(dtls);
    this.screens = screensOver(dtls, parts);
    dtls.onStateChange.subscribe((state) => {
      this.isConnected = state === 'connected';
      this.wasConnected ||= this.isConnected;
      if (state === 'closed' || state === 'failed') this.fail(`DTLS ${state}`);
    });
    ice.onStateChange.subscribe((state) => {
      if (state === 'failed' || state === 'disconnected') this.fail(`ICE ${state}`);
    });
  }

  /** Sets up the local side and starts to connect. Resolves before it is connected. */
  static async open(parts: MediaSessionParts): Promise<MediaSession> {
    await RTCDtlsTransport.SetupCertificate();
    const ice = new RTCIceTransport(createGatherer(parts.transport));
    ice.connection.iceControlling = false;
    // Offered even without voices: bridges end a handshake that has no profile.
    const dtls = new RTCDtlsTransport({}, ice, undefined, [...SRTP_PROFILES]);
    dtls.role = 'client';
    // What is not heard is not decrypted either: that would be most of what such a connection costs.
    if (!parts.audio) dtls.startSrtp = () => {};
    const session = new MediaSession(
      parts,
      ice,
      dtls,
      parts.hasChannel ? createGuardedSctp(dtls, parts.sctpPort) : null,
    );
    await ice.gather();
    void session.connect();
    return session;
  }

  /** How far it is; after a failure it is closed. */
  get phase(): MediaPhase {
    if (this.isClosed) return 'failed';
    return this.isConnected ? 'connected' : 'connecting';
  }

  /** The local side, for the answer. */
  get local(): OwnTransport {
    const { usernameFragment, password } = this.ice.localParameters;
    const print = this.dtls.localParameters.fingerprints[0];
    return {
      ufrag: usernameFragment,
      password,
      fingerprint: { hash: print?.algorithm ?? '', value: print?.value ?? '' },
      candidates: this.ice.localCandidates.map(describe),
    };
  }

  addCandidate(candidate: OfferedCandidate): void {
    this.ice.addRemoteCandidate(toWerift(candidate))?.catch((error: Error) => {
      this.parts.log.debug('candidate not taken', { why: error.message });
    });
  }

  /** Repeats `voice` from now on; null ends it. */
  speak(voice: OpusSource | null): void {
    this.sender?.speak(this.isClosed ? null : voice);
  }

  /** Asks for a keyframe of every screen that comes over it. */
  askForKeyframes(): void {
    this.screens?.askForKeyframes();
  }

  /** Ends it at once. A second call does nothing. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.sender?.speak(null);
    this.channel?.close();
    void this.dispose();
  }

  private async dispose(): Promise<void> {
    await this.sctp?.stop().catch(() => {});
    // werift would call the receiver after it has unset it.
    this.dtls.dataReceiver = () => {};
    await this.dtls.stop().catch(() => {});
  }

  private async connect(): Promise<void> {
    const { transport, sctpPort } = this.parts;
    try {
      this.ice.setRemoteParams(
        new RTCIceParameters({ usernameFragment: transport.ufrag, password: transport.password }),
      );
      const { hash, value } = transport.fingerprint;
      this.dtls.setRemoteParams(new RTCDtlsParameters([new RTCDtlsFingerprint(hash, value)], 'server'));
      for (const candidate of transport.candidates) this.addCandidate(candidate);
      await this.ice.start();
      if (this.isClosed) return;
      const started = this.dtls.start();
      if (this.dtls.dtls instanceof DtlsClient) ignoreRepeatedRequests(this.dtls.dtls);
      await started;
      this.channel?.open();
      await this.associate(sctpPort);
    } catch (error) {
      this.fail((error as Error).message);
    }
  }

  /** Jitsi's bridges wait for INIT and browsers send it. As the controlled side of ICE, werift would wait too. */
  private async associate(sctpPort: number): Promise<void> {
    if (!this.sctp || this.isClosed) return;
    this.sctp.sctp.isServer = false;
    await this.sctp.sctp.start(sctpPort);
  }

  private fail(why: string): void {
    if (this.isClosed) return;
    this.parts.log.debug('media connection lost', { why });
    const wasOpen = this.channel?.isOpen ?? false;
    this.close();
    if (wasOpen) this.parts.channelEvents.onOpen(false);
    this.parts.onFailed();
  }
}

function screensOver(dtls: RTCDtlsTransport, parts: MediaSessionParts): ScreenReceiver | null {
  const { video, hearScreen: hear, ssrc: ownSsrc, voices } = parts;
  return video && hear && new ScreenReceiver({ dtls, video, ownSsrc, ownerOf: (ssrc) => voices.ownerOf(ssrc), hear });
}

/** Gathers host candidates only and asks no STUN server: either the bridge's address is reachable or nothing is. */
function createGatherer({ candidates }: OfferedTransport): RTCIceGatherer {
  const isLocal = candidates.every(({ ip }) => ip.startsWith('127.'));
  const local = { interfaceAddresses: { udp4: '127.0.0.1' }, additionalHostAddresses: ['127.0.0.1'] };
  return new RTCIceGatherer({ useIpv4: true, useIpv6: !isLocal, stunServer: undefined, ...(isLocal ? local : {}) });
}

function toWerift({ component, foundation, ip, port, priority, type }: OfferedCandidate): IceCandidate {
  return new IceCandidate(component, foundation, ip, port, priority, 'udp', type);
}

function describe({ foundation, component, ip, port, priority }: IceCandidate): OfferedCandidate {
  return { foundation, component, ip, port, priority, type: 'host' };
}

/** A handler of werift that rejects on messages it cannot read. Nothing in werift catches that. */
interface Handlers {
  datachannelReceive(streamId: number, payloadId: number, data: Buffer): Promise<void>;
}

/**
 * werift's SCTP over `dtls`, with data channels. Drops what werift cannot read: by itself it would leave a rejected promise
 * unhandled, which ends the process.
 */
function createGuardedSctp(dtls: RTCDtlsTransport, port: number): RTCSctpTransport {
  const transport = new RTCSctpTransport(port);
  transport.setDtlsTransport(dtls);
  const handlers = transport as unknown as Handlers;
  transport.sctp.onReceive.allUnsubscribe();
  transport.sctp.onReceive.subscribe((streamId, payloadId, data) => {
    handlers.datachannelReceive(streamId, payloadId, data).catch(drop);
  });
  const receive = dtls.dataReceiver as (data: Buffer) => unknown;
  dtls.dataReceiver = (data) => {
    // Inside a promise, so that throwing and rejecting are the same.
    void Promise.resolve(data).then(receive).catch(drop);
  };
  return transport;
}

const drop = () => {};

const PROTOCOL = 'http://jitsi.org/protocols/colibri';
/** The DTLS client's streams are even (RFC 8832, 6). */
const STREAM_ID = 0;

/** A bridge channel over SCTP. It does not reopen by itself: a fresh session brings a fresh one. */
class DataChannel implements BridgeChannel {
  readonly kind = 'datachannel';
  private channel: RTCDataChannel | null = null;
  private isClosed = false;

  constructor(
    private readonly sctp: RTCSctpTransport,
    private readonly events: ChannelEvents,
  ) {
    // Older bridges open it themselves.
    sctp.onDataChannel.subscribe((channel) => this.use(channel));
  }

  get isOpen(): boolean {
    return !this.isClosed && this.channel?.readyState === 'open';
  }

  get bufferedBytes(): number {
    return this.channel?.bufferedAmount ?? 0;
  }

  /** Opens it as soon as there is an association. */
  open(): void {
    if (this.isClosed || this.channel) return;
    const parameters = new RTCDataChannelParameters({
      label: CHANNEL_LABEL,
      protocol: PROTOCOL,
      ordered: true,
      id: STREAM_ID,
    });
    this.use(new RTCDataChannel(this.sctp, parameters, true));
  }

  send(text: string): boolean {
    if (!this.isOpen || !this.channel) return false;
    try {
      this.channel.send(text);
      return true;
    } catch {
      return false;
    }
  }

  close(): void {
    this.isClosed = true;
    if (this.channel?.readyState === 'open') this.channel.close();
  }

  /** The association dies silently: from then on nothing leaves and nothing arrives. */
  cut(): void {
    const { dtlsTransport } = this.sctp;
    dtlsTransport.dataReceiver = () => {};
    Object.assign(dtlsTransport, { sendData: async () => {} });
  }

  private use(channel: RTCDataChannel): void {
    if (channel.label !== CHANNEL_LABEL || this.isOpen) return;
    this.channel = channel;
    const isCurrent = () => this.channel === channel && !this.isClosed;
    channel.onMessage.subscribe((data) => {
      if (isCurrent() && typeof data === 'string') this.events.onText(data);
    });
    channel.stateChanged.subscribe((state) => {
      if (!isCurrent()) return;
      if (state === 'open') this.events.onOpen(true);
      if (state === 'closed') this.events.onOpen(false);
    });
    if (channel.readyState === 'open') this.events.onOpen(true);
  }
}
