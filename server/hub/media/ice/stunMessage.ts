import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { crc32 } from '@/lib/core/hash';
import type { RemoteAddress } from './carrier';

/** STUN (RFC 8489) as far as ICE (RFC 8445) uses it: binding requests, their answers, short-term credentials. */

/** Values of a message's type field. */
export const STUN_TYPE = { request: 0x0001, success: 0x0101, error: 0x0111 } as const;

const ATTRIBUTE = {
  username: 0x0006,
  messageIntegrity: 0x0008,
  errorCode: 0x0009,
  xorMappedAddress: 0x0020,
  priority: 0x0024,
  useCandidate: 0x0025,
  fingerprint: 0x8028,
  iceControlling: 0x802a,
} as const;

const MAGIC_COOKIE = 0x2112a442;
const HEADER_BYTES = 20;
const INTEGRITY_BYTES = 20;
const FINGERPRINT_XOR = 0x5354554e;

/** The parts of a message that matter here. */
export interface StunMessage {
  readonly type: number;
  /** 12 bytes. */
  readonly transactionId: Buffer;
  readonly username: string | null;
  readonly isControlling: boolean;
  /** Offset of the integrity attribute, or -1. */
  readonly integrityOffset: number;
}

/** Reads a datagram; null if it is not a well-formed STUN message. */
export function readStun(data: Buffer): StunMessage | null {
  if (data.length < HEADER_BYTES || data.readUInt32BE(4) !== MAGIC_COOKIE) return null;
  if (data.readUInt16BE(2) !== data.length - HEADER_BYTES || data.length % 4 !== 0) return null;
  let username: string | null = null;
  let isControlling = false;
  let integrityOffset = -1;
  for (let at = HEADER_BYTES; at < data.length; ) {
    const type = data.readUInt16BE(at);
    const size = data.readUInt16BE(at + 2);
    if (at + 4 + size > data.length) return null;
    // Attributes after the integrity are not covered by it, and so not trusted.
    if (integrityOffset < 0) {
      if (type === ATTRIBUTE.username) username = data.toString('utf8', at + 4, at + 4 + size);
      else if (type === ATTRIBUTE.iceControlling) isControlling = true;
      else if (type === ATTRIBUTE.messageIntegrity && size === INTEGRITY_BYTES) integrityOffset = at;
    }
    at += 4 + size + ((4 - (size % 4)) % 4);
  }
  return {
    type: data.readUInt16BE(0),
    transactionId: data.subarray(8, HEADER_BYTES),
    username,
    isControlling,
    integrityOffset,
  };
}

/** Bytes of an ICE user name of the hub's, before it is written in hexadecimal. */
const UFRAG_BYTES = 4;

/** A new ICE user name. */
export function inventUfrag(): string {
  return randomBytes(UFRAG_BYTES).toString('hex');
}

/** A new transaction id. It starts with the user name of the connection that asks, so that answers find their way back. */
export function inventTransactionId(ufrag: string): Buffer {
  return Buffer.concat([Buffer.from(ufrag, 'hex'), randomBytes(12 - UFRAG_BYTES)]);
}

/** The ICE user name of the hub's connection that a message is for; '' if it names none. */
export function localUfragOf({ type, username, transactionId }: StunMessage): string {
  if (type !== STUN_TYPE.request) return transactionId.toString('hex', 0, UFRAG_BYTES);
  return username?.slice(0, Math.max(0, username.indexOf(':'))) ?? '';
}

/** Whether the sender of the message knows `password`. */
export function isAuthentic(data: Buffer, { integrityOffset }: StunMessage, password: string): boolean {
  if (integrityOffset < 0) return false;
  const covered = Buffer.from(data.subarray(0, integrityOffset));
  covered.writeUInt16BE(integrityOffset + 4 + INTEGRITY_BYTES - HEADER_BYTES, 2);
  const given = data.subarray(integrityOffset + 4, integrityOffset + 4 + INTEGRITY_BYTES);
  return timingSafeEqual(createHmac('sha1', password).update(covered).digest(), given);
}

/** What a connectivity check of the controlling side carries. */
interface BindingRequest {
  readonly transactionId: Buffer;
  readonly username: string;
  readonly password: string;
  readonly priority: number;
  readonly tieBreaker: Buffer;
  readonly nominates: boolean;
}

export function writeBindingRequest(request: BindingRequest): Buffer {
  const attributes = [
    attribute(ATTRIBUTE.username, Buffer.from(request.username)),
    attribute(ATTRIBUTE.priority, uint32(request.priority)),
    attribute(ATTRIBUTE.iceControlling, request.tieBreaker),
  ];
  if (request.nominates) attributes.push(attribute(ATTRIBUTE.useCandidate, Buffer.alloc(0)));
  return seal(STUN_TYPE.request, request.transactionId, attributes, request.password);
}

/** The answer to a request that came from `from`. */
export function writeBindingSuccess(transactionId: Buffer, from: RemoteAddress, password: string): Buffer {
  const mapped = attribute(ATTRIBUTE.xorMappedAddress, xorAddress(from, transactionId));
  return seal(STUN_TYPE.success, transactionId, [mapped], password);
}

/** 487: the other side is controlling too, and must switch roles. */
export function writeRoleConflict(transactionId: Buffer, password: string): Buffer {
  const error = attribute(
    ATTRIBUTE.errorCode,
    Buffer.concat([Buffer.from([0, 0, 4, 87]), Buffer.from('Role Conflict')]),
  );
  return seal(STUN_TYPE.error, transactionId, [error], password);
}

function seal(type: number, transactionId: Buffer, attributes: readonly Buffer[], password: string): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt16BE(type, 0);
  header.writeUInt32BE(MAGIC_COOKIE, 4);
  const body = Buffer.concat([header, transactionId, ...attributes]);
  body.writeUInt16BE(body.length - HEADER_BYTES + 4 + INTEGRITY_BYTES, 2);
  const integrity = attribute(ATTRIBUTE.messageIntegrity, createHmac('sha1', password).update(body).digest());
  const signed = Buffer.concat([body, integrity]);
  signed.writeUInt16BE(signed.length - HEADER_BYTES + 8, 2);
  return Buffer.concat([signed, attribute(ATTRIBUTE.fingerprint, uint32((crc32(signed) ^ FINGERPRINT_XOR) >>> 0))]);
}

function attribute(type: number, value: Buffer): Buffer {
  const padded = Buffer.alloc(4 + Math.ceil(value.length / 4) * 4);
  padded.writeUInt16BE(type, 0);
  padded.writeUInt16BE(value.length, 2);
  value.copy(padded, 4);
  return padded;
}

function xorAddress({ address, port }: RemoteAddress, transactionId: Buffer): Buffer {
  const bytes = isIPv4(address) ? ipv4Bytes(address) : ipv6Bytes(address);
  const mask = Buffer.concat([uint32(MAGIC_COOKIE), transactionId]);
  const value = Buffer.alloc(4 + bytes.length);
  value[1] = bytes.length === 4 ? 1 : 2;
  value.writeUInt16BE(port ^ (MAGIC_COOKIE >>> 16), 2);
  for (let i = 0; i < bytes.length; i += 1) value[4 + i] = bytes[i]! ^ mask[i]!;
  return value;
}

function ipv4Bytes(address: string): Buffer {
  return Buffer.from(address.split('.').map(Number));
}

function ipv6Bytes(address: string): Buffer {
  const plain = address.split('%')[0]!.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) => {
    const [high, low] = [Number(a) * 256 + Number(b), Number(c) * 256 + Number(d)];
    return `${high.toString(16)}:${low.toString(16)}`;
  });
  const [head = '', tail] = plain.split('::');
  const groups = (part: string) => (part ? part.split(':') : []);
  const behind = tail === undefined ? [] : groups(tail);
  const before = groups(head);
  const zeros = tail === undefined ? 0 : 8 - before.length - behind.length;
  const bytes = Buffer.alloc(16);
  [...before, ...Array<string>(Math.max(0, zeros)).fill('0'), ...behind].slice(0, 8).forEach((group, index) => {
    bytes.writeUInt16BE(Number.parseInt(group, 16) & 0xffff, index * 2);
  });
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}
