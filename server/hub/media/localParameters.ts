import { isIPv6 } from 'node:net';
import type { DtlsCertificate } from './dtlsSession';
import type { IceCredentials } from './ice/iceAgent';
import type { UdpSocket } from './ice/udpSocket';
import type { IceCandidate, TransportParameters } from './mediaContract';

/** Type preference of a host candidate (RFC 8445, 5.1.2.2). */
const HOST_PREFERENCE = 126;

/** The hub's side of one connection, as the offer tells it. */
export function localParameters(
  { ufrag, password }: IceCredentials,
  certificate: DtlsCertificate,
  sockets: readonly UdpSocket[],
  announcedAddresses: readonly string[] | null,
): TransportParameters {
  const [own] = certificate.getFingerprints();
  return {
    ufrag,
    password,
    fingerprint: { hash: own?.algorithm ?? 'sha-256', value: own?.value ?? '' },
    setup: 'actpass',
    candidates: sockets
      .flatMap((socket) => addressesOf(socket, announcedAddresses).map((ip) => ({ ip, port: socket.port })))
      .map(({ ip, port }, index) => hostCandidate(ip, port, index)),
  };
}

/** The addresses told for a socket: its own, or all announced ones of its family. */
function addressesOf(socket: UdpSocket, announced: readonly string[] | null): readonly string[] {
  return announced ? announced.filter((address) => isIPv6(address) === socket.isIPv6) : [socket.address];
}

function hostCandidate(ip: string, port: number, index: number): IceCandidate {
  const localPreference = 65_535 - index;
  const priority = HOST_PREFERENCE * 2 ** 24 + localPreference * 2 ** 8 + 255;
  return { foundation: String(index + 1), component: 1, ip, port, priority, type: 'host' };
}
