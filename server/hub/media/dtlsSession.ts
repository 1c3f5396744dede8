import { verify, X509Certificate } from 'node:crypto';
import {
  DtlsClient,
  DtlsServer,
  fingerprint,
  keyLength,
  RTCDtlsTransport,
  SrtcpSession,
  SrtpSession,
  saltLength,
} from 'werift';
import { SRTP_PROFILES } from '@/lib/webrtc/jitsiMedia';
import { ignoreRepeatedRequests } from '@/lib/webrtc/repeatedRequests';
import { MediaError, type TransportParameters } from './mediaContract';

/** The key and certificate of this process, created once. */
export type DtlsCertificate = NonNullable<typeof RTCDtlsTransport.localCertificate>;

/** What a finished handshake yields. */
export interface SrtpSessions {
  readonly srtp: SrtpSession;
  readonly srtcp: SrtcpSession;
}

interface DtlsEvents {
  /** Sends a datagram. */
  send(datagram: Buffer): void;
  onConnected(sessions: SrtpSessions): void;
  /** Data from the client, decrypted: SCTP. */
  onData(data: Buffer): void;
  onFailed(reason: string): void;
}

const RECORD_HEADER_BYTES = 13;
/** Most datagrams that are processed before the handshake must be done. */
const HANDSHAKE_DATAGRAMS_MAX = 300;

/** Creates the certificate. Rejects with a {@link MediaError}. */
export async function makeCertificate(): Promise<DtlsCertificate> {
  try {
    const certificate = await RTCDtlsTransport.SetupCertificate();
    if (certificate) return certificate;
    throw new Error('no certificate');
  } catch (cause) {
    throw new MediaError('noCertificate', 'The DTLS certificate for media could not be created.', { cause });
  }
}

/** DTLS-SRTP with one client (RFC 5764), on werift. Nothing a client sends makes it throw. */
export class DtlsSession {
  private readonly socket: DtlsServer | DtlsClient;
  private readonly transport: { onData: (data: Buffer) => void };
  private isConnected = false;
  private isClosed = false;
  private datagrams = 0;

  /** Acts as the server or, if the client is `passive`, as the client. */
  constructor(
    private readonly remote: TransportParameters,
    certificate: DtlsCertificate,
    private readonly events: DtlsEvents,
  ) {
    const transport = this.createTransport();
    this.transport = transport;
    const options = {
      cert: certificate.certPem,
      key: certificate.privateKey,
      signatureHash: certificate.signatureHash,
      transport,
      srtpProfiles: [...SRTP_PROFILES],
      extendedMasterSecret: true,
      certificateRequest: true,
    };
    this.socket = remote.setup === 'passive' ? new DtlsClient(options) : new DtlsServer(options);
    if (this.socket instanceof DtlsClient) ignoreRepeatedRequests(this.socket);
    this.socket.onConnect.subscribe(() => this.onConnected());
    this.socket.onError.subscribe((error) => this.fail(String(error)));
    this.socket.onData.subscribe((data) => {
      if (this.isConnected) events.onData(data);
    });
  }

  /** Starts the handshake if the hub is the DTLS client; otherwise the other side does. */
  start(): void {
    if (this.socket instanceof DtlsClient) this.socket.connect().catch((error) => this.fail(String(error)));
  }

  /** Handles a datagram of the client. */
  receive(datagram: Buffer): void {
    if (this.isClosed) return;
    const acceptable = this.isConnected ? withoutPlaintext(datagram) : datagram;
    if (acceptable.length < RECORD_HEADER_BYTES || !this.hasRoom()) return;
    try {
      this.transport.onData(acceptable);
    } catch {
      // The record was truncated.
    }
  }

  /** Sends application data. */
  send(data: Buffer): Promise<void> {
    if (!this.isConnected || this.isClosed) return Promise.resolve();
    return this.socket.send(data);
  }

  close(): void {
    this.isClosed = true;
  }

  private hasRoom(): boolean {
    this.datagrams += 1;
    return this.isConnected || this.datagrams <= HANDSHAKE_DATAGRAMS_MAX;
  }

  private createTransport() {
    return {
      type: 'udp',
      address: { address: '', port: 0, family: 'IPv4' },
      closed: false,
      onData: (_data: Buffer) => {},
      send: async (datagram: Buffer) => {
        if (!this.isClosed) this.events.send(datagram);
      },
      close: async () => {},
    };
  }

  private onConnected(): void {
    if (this.isConnected || this.isClosed) return;
    try {
      this.verifyCertificate();
      const sessions = this.deriveSessions();
      this.isConnected = true;
      this.events.onConnected(sessions);
    } catch (error) {
      this.fail(error instanceof Error ? error.message : String(error));
    }
  }

  private fail(reason: string): void {
    if (this.isClosed || this.isConnected) return;
    this.isClosed = true;
    this.events.onFailed(reason);
  }

  private verifyCertificate(): void {
    const { hash, value } = this.remote.fingerprint;
    const certificate = this.socket.remoteCertificate;
    if (!certificate) throw new Error('the client sent no certificate');
    const actual = String(fingerprint(certificate, hash.toLowerCase().replace('-', '')));
    if (actual.toUpperCase() !== value.trim().toUpperCase())
      throw new Error('the certificate is not the announced one');
    if (this.socket instanceof DtlsServer && !hasProvenCertificate(this.socket)) {
      throw new Error('the client has not proven that it owns the certificate');
    }
  }

  private deriveSessions(): SrtpSessions {
    const profile = this.socket.srtp.srtpProfile;
    if (!profile) throw new Error('no SRTP profile in common');
    const keys = this.socket.extractSessionKeys(keyLength(profile), saltLength(profile));
    const config = {
      keys: {
        localMasterKey: keys.localKey,
        localMasterSalt: keys.localSalt,
        remoteMasterKey: keys.remoteKey,
        remoteMasterSalt: keys.remoteSalt,
      },
      profile,
    };
    return { srtp: new SrtpSession(config), srtcp: new SrtcpSession(config) };
  }
}

const HANDSHAKE = 22;
const APPLICATION_DATA = 23;

/**
 * Drops unencrypted records: after the handshake anyone could have written them, and werift would start another handshake.
 * Drops alerts too, because consent decides whether the client is there. What follows a dropped record is kept.
 */
function withoutPlaintext(datagram: Buffer): Buffer {
  let at = 0;
  while (at + RECORD_HEADER_BYTES <= datagram.length) {
    const type = datagram[at];
    const isEncrypted = datagram.readUInt16BE(at + 3) > 0;
    if (isEncrypted && (type === HANDSHAKE || type === APPLICATION_DATA)) return datagram.subarray(at);
    at += RECORD_HEADER_BYTES + datagram.readUInt16BE(at + 11);
  }
  return datagram.subarray(datagram.length);
}

const CERTIFICATE_VERIFY = 15;

/** Hash algorithms of TLS 1.2 (RFC 5246, 7.4.1.4.1). */
const HASHES: Readonly<Record<number, string>> = { 4: 'sha256', 5: 'sha384', 6: 'sha512' };

/**
 * Whether the client of a finished handshake holds the key of its certificate, by its signature over the handshake
 * (RFC 5246, 7.4.8). werift receives that message without verifying it.
 */
function hasProvenCertificate({ dtls, remoteCertificate }: DtlsServer): boolean {
  const messages = dtls.sortedHandshakeCache;
  const at = messages.findIndex(({ msg_type: type }) => type === CERTIFICATE_VERIFY);
  const proof = messages[at]?.fragment;
  if (!remoteCertificate || !proof || proof.length < 4) return false;
  const hash = HASHES[proof[0]!];
  if (!hash) return false;
  const signed = Buffer.concat(messages.slice(0, at).map((message) => message.serialize()));
  const signature = proof.subarray(4, 4 + proof.readUInt16BE(2));
  return verify(hash, signed, new X509Certificate(remoteCertificate).publicKey, signature);
}
