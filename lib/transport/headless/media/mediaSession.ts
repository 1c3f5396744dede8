import {
  IceCandidate,
  RTCDtlsFingerprint,
  RTCDtlsParameters,
  RTCDtlsTransport,
  RTCIceGatherer,
  RTCIceParameters,
  RTCIceTransport,
  type RTCSctpTransport,
} from 'werift';
import type { Log } from '@/lib/core/log';
import type { ChannelEvents } from '../channel/bridgeChannel';
import type { OwnTransport } from '../jingle/jingleAnswer';
import type { OfferedAudio, OfferedCandidate, OfferedTransport } from '../jingle/jingleOffer';
import type { OpusSource } from '../voice/opusSource';
import type { VoiceBook } from '../voice/voiceBook';
import { VoiceSender } from '../voice/voiceSender';
import { DataChannel } from './dataChannel';
import { createGuardedSctp } from './guardedSctp';
import { VoiceReceiver } from './voiceReceiver';

/** What a media connection is made of. */
export interface MediaSessionParts {
  readonly transport: OfferedTransport;
  readonly sctpPort: number;
  /** Null where no voice is sent or heard. */
  readonly audio: OfferedAudio | null;
  /** Whether the bridge channel goes over it. */
  readonly hasChannel: boolean;
  /** SSRC of one's own voice. */
  readonly ssrc: number;
  readonly voices: VoiceBook;
  readonly channelEvents: ChannelEvents;
  readonly log: Log;
  /** It could not be made, or has broken. Called once, never after `close`. */
  onFailed(): void;
}

/** AEAD_AES_128_GCM before AES_CM_128_HMAC_SHA1_80, as browsers have it (RFC 7714, RFC 5764). */
const SRTP_PROFILES = [0x0007, 0x0001] as const;

/** One media connection to the bridge: ICE (controlled), DTLS as client, SRTP for voices, SCTP for the bridge channel. */
export class MediaSession {
  readonly channel: DataChannel | null;
  private readonly sender: VoiceSender | null;
  private isClosed = false;

  private constructor(
    private readonly parts: MediaSessionParts,
    private readonly ice: RTCIceTransport,
    private readonly dtls: RTCDtlsTransport,
    private readonly sctp: RTCSctpTransport | null,
  ) {
    this.channel = sctp ? new DataChannel(sctp, parts.channelEvents) : null;
    this.sender = parts.audio ? new VoiceSender(dtls, parts.ssrc, parts.audio) : null;
    if (parts.audio) new VoiceReceiver(parts.voices, parts.audio).listen(dtls);
    dtls.onStateChange.subscribe((state) => {
      if (state === 'closed' || state === 'failed') this.fail(`DTLS ${state}`);
    });
    ice.onStateChange.subscribe((state) => {
      if (state === 'failed' || state === 'disconnected') this.fail(`ICE ${state}`);
    });
  }

  /** Makes one's own side and begins to connect; resolves before it is connected. */
  static async open(parts: MediaSessionParts): Promise<MediaSession> {
    await RTCDtlsTransport.SetupCertificate();
    const ice = new RTCIceTransport(createGatherer(parts.transport));
    ice.connection.iceControlling = false;
    // Offered also where no voice is wanted: bridges end a handshake without.
    const dtls = new RTCDtlsTransport({}, ice, undefined, [...SRTP_PROFILES]);
    dtls.role = 'client';
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

  /** One's own side, for the answer. */
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

  /** Says `voice` over and over from now on; null ends it. */
  speak(voice: OpusSource | null): void {
    this.sender?.speak(this.isClosed ? null : voice);
  }

  /** Ends it at once; a second call does nothing. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.sender?.speak(null);
    this.channel?.close();
    void this.dispose();
  }

  private async dispose(): Promise<void> {
    await this.sctp?.stop().catch(() => {});
    // werift leaves nothing there, which it would call.
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
      await this.dtls.start();
      this.channel?.open();
      await this.associate(sctpPort);
    } catch (error) {
      this.fail((error as Error).message);
    }
  }

  /** Jitsi's bridges wait for INIT, browsers send it; werift as the controlled side of ICE would wait as well. */
  private async associate(sctpPort: number): Promise<void> {
    if (!this.sctp || this.isClosed) return;
    this.sctp.sctp.isServer = false;
    await this.sctp.sctp.start(sctpPort);
  }

  private fail(why: string): void {
    if (this.isClosed) return;
    this.parts.log.info('media connection lost', { why });
    const wasOpen = this.channel?.isOpen ?? false;
    this.close();
    if (wasOpen) this.parts.channelEvents.onOpen(false);
    this.parts.onFailed();
  }
}

/** Host candidates only, and no STUN server is ever asked: a bridge's address can be reached, or nothing can. */
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
