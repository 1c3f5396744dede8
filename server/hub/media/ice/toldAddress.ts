import { BlockList, isIP, isIPv6 } from 'node:net';

type Subnet = readonly [network: string, prefix: number];

function blockOf(...subnets: readonly Subnet[]): BlockList {
  const block = new BlockList();
  for (const [network, prefix] of subnets) block.addSubnet(network, prefix, familyOf(network));
  return block;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4';
}

function isIn(block: BlockList, address: string): boolean {
  return block.check(address, familyOf(address));
}

/**
 * Addresses that lead to no one host: unspecified, multicast, broadcast, reserved, IPv4 written as IPv6. A list for each
 * family, because Node takes the last of these for all of IPv4.
 */
const NOWHERE = {
  ipv4: blockOf(['0.0.0.0', 8], ['224.0.0.0', 4], ['240.0.0.0', 4]),
  ipv6: blockOf(['::', 128], ['::ffff:0:0', 96], ['64:ff9b::', 96], ['ff00::', 8]),
} as const;

const LOOPBACK = blockOf(['127.0.0.0', 8], ['::1', 128]);

/** Ranges that mean something only within one network. */
const LOCAL_RANGES = [
  LOOPBACK,
  blockOf(['10.0.0.0', 8]),
  blockOf(['172.16.0.0', 12]),
  blockOf(['192.168.0.0', 16]),
  blockOf(['100.64.0.0', 10]),
  blockOf(['169.254.0.0', 16]),
  blockOf(['fc00::', 7]),
  blockOf(['fe80::', 10]),
] as const;

/** Services with well-known ports answer strangers; no browser receives media there. */
const PORT_MIN = 1_024;

export function isLoopback(address: string): boolean {
  return isIP(address) > 0 && isIn(LOOPBACK, address);
}

/**
 * Whether an address that a client told may be sent to, unasked: it leads to one host, on an ordinary port, and an address
 * of a local range only if the hub is bound within that range.
 */
export function mayTry(
  { ip, port }: { readonly ip: string; readonly port: number },
  bound: readonly string[],
): boolean {
  if (isIP(ip) === 0 || !Number.isInteger(port) || port < PORT_MIN || port > 65_535) return false;
  if (isIn(NOWHERE[familyOf(ip)], ip)) return false;
  const range = LOCAL_RANGES.find((local) => isIn(local, ip));
  return bound.some((own) => isIPv6(own) === isIPv6(ip) && (range ? isIn(range, own) : !isIn(LOOPBACK, own)));
}
