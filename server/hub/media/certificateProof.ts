import { verify, X509Certificate } from 'node:crypto';
import type { DtlsServer } from 'werift';

const CERTIFICATE_VERIFY = 15;

/** Hash algorithms of TLS 1.2 (RFC 5246, 7.4.1.4.1). */
const HASHES: Readonly<Record<number, string>> = { 4: 'sha256', 5: 'sha384', 6: 'sha512' };

/**
 * Whether the client of a finished handshake has the key of the certificate it has shown: its signature over the handshake
 * (RFC 5246, 7.4.8) is right. werift takes note of that message without verifying it.
 */
export function hasProvenCertificate({ dtls, remoteCertificate }: DtlsServer): boolean {
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
