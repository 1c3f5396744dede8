import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** The operator's settings for the site's address. */
export interface SiteAddress {
  /** The one origin under which people reach the site, or null: then it is the one of each request. */
  readonly publicUrl: string | null;
  /** Proxies in front, each of which adds its entry to `X-Forwarded-For`, `-Proto` and `-Host`; 0 believes none. */
  readonly proxyHops: number;
}

const HOST = /^[\w.-]+(?::\d{1,5})?$|^\[[\da-fA-F:.]+\](?::\d{1,5})?$/;

function headerOf(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? null;
}

function forwarded(request: IncomingMessage, name: string, proxyHops: number): string[] {
  const value = proxyHops > 0 ? headerOf(request, `x-forwarded-${name}`) : null;
  return (value ?? '').split(',').flatMap((entry) => entry.trim() || []);
}

/**
 * The entry that the outermost trusted proxy wrote; null if there is none. Those before it may come from outside. A
 * shorter list was written by proxies alone, so that its first entry counts.
 */
function outermost(entries: readonly string[], proxyHops: number): string | null {
  return entries.at(-proxyHops) ?? entries[0] ?? null;
}

function namedHost(request: IncomingMessage, proxyHops: number): string {
  return outermost(forwarded(request, 'host', proxyHops), proxyHops) ?? headerOf(request, 'host') ?? '';
}

const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
const WITH_PORT = /^"?\[([^\]]+)\](?::\d{1,5})?"?$|^"?(\d+\.\d+\.\d+\.\d+):\d{1,5}"?$/;

/** The address in an entry such as `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1` or `[2001:db8::1]:4711`; null in any other. */
export function parseAddress(entry: string): string | null {
  const [, bracketed, plain] = WITH_PORT.exec(entry) ?? [];
  const address = (bracketed ?? plain ?? entry).replace(/%.*$/, '').toLowerCase();
  const mapped = MAPPED_IPV4.exec(address)?.[1] ?? address;
  return isIP(mapped) > 0 ? mapped : null;
}

/**
 * The address that a request came from, without port and in one form; limits count it. A proxy that forwards something
 * else than an address stands for all of its callers: what is made up must not count as a caller of its own.
 */
export function callerAddress(request: IncomingMessage, proxyHops: number): string {
  const told = outermost(forwarded(request, 'for', proxyHops), proxyHops);
  return (told === null ? null : parseAddress(told)) ?? parseAddress(request.socket.remoteAddress ?? '') ?? '';
}

/** The origin that a client sends a request to, such as `https://meet.example.org`; null if its host is not valid. */
function requestOrigin(request: IncomingMessage, proxyHops: number): string | null {
  const host = namedHost(request, proxyHops);
  const protocol = forwarded(request, 'proto', proxyHops)[0] ?? ('encrypted' in request.socket ? 'https' : 'http');
  const origin = `${protocol === 'https' || protocol === 'wss' ? 'https' : 'http'}://${host}`;
  return HOST.test(host) && URL.canParse(origin) ? new URL(origin).origin : null;
}

/** The site's own origin as a client sees it; null if neither the operator nor the request names one. */
export function siteOrigin(request: IncomingMessage, { publicUrl, proxyHops }: SiteAddress): string | null {
  return publicUrl ?? requestOrigin(request, proxyHops);
}

/**
 * `ws://host` or `wss://host` of {@link siteOrigin}. A page that came by https gets `wss` even if a proxy that is not
 * trusted stands in between.
 */
export function webSocketOrigin(request: IncomingMessage, site: SiteAddress): string | null {
  if (site.publicUrl !== null) return new URL(site.publicUrl).origin.replace(/^http/, 'ws');
  const origin = requestOrigin(request, site.proxyHops)?.replace(/^http/, 'ws') ?? null;
  const isSaid = forwarded(request, 'proto', site.proxyHops).length > 0;
  const isSecurePage = !isSaid && headerOf(request, 'origin')?.startsWith('https://');
  return (isSecurePage && origin?.replace(/^ws:/, 'wss:')) || origin;
}

const LOOPBACK_NAME = /^(?:[\w-]+\.)*localhost$|^127\.\d+\.\d+\.\d+$|^\[::1\]$/;
const LOOPBACK_ADDRESS = /^127\.|^::1$/;

/**
 * Whether a request names another site than the public one, as a page does whose name was pointed at this server (DNS
 * rebinding). A proxy or probe on this machine may name the machine itself, which no such page can.
 */
export function namesAnotherSite(request: IncomingMessage, { publicUrl, proxyHops }: SiteAddress): boolean {
  if (publicUrl === null) return false;
  const { host, hostname } = new URL(publicUrl);
  const named = namedHost(request, proxyHops);
  const url = HOST.test(named) && URL.canParse(`http://${named}`) ? new URL(`http://${named}`) : null;
  if (url === null) return true;
  // A proxy may leave the port out or name its own; the name is what a page can't choose.
  if (url.host === host || url.hostname === hostname) return false;
  const isNear = LOOPBACK_ADDRESS.test(parseAddress(request.socket.remoteAddress ?? '') ?? '');
  return !(isNear && LOOPBACK_NAME.test(url.hostname));
}

/** Whether a request names one host at most, and a path here that can be decoded. */
export function isSound({ url = '', headersDistinct }: IncomingMessage): boolean {
  if (!url.startsWith('/') || (headersDistinct['host']?.length ?? 0) > 1) return false;
  try {
    decodeURIComponent(url.split('?')[0] ?? '');
    return true;
  } catch {
    return false;
  }
}

/** Whether a request that changes something comes from a page of another site. */
export function isForeign(request: IncomingMessage, site: SiteAddress): boolean {
  const origin = headerOf(request, 'origin');
  // Programs send neither header; a browser can't leave them out of a request that changes something.
  if (origin === null) return headerOf(request, 'sec-fetch-site') === 'cross-site';
  return origin !== site.publicUrl && origin !== requestOrigin(request, site.proxyHops);
}

/**
 * The request's body; `tooLarge` if it has more than `maxBytes`, with the connection open for an answer; `cutOff` if the client
 * went away before it was whole.
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | 'tooLarge' | 'cutOff'> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return 'tooLarge';
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      sizeBytes += chunk.length;
      if (sizeBytes > maxBytes) return 'tooLarge';
      chunks.push(chunk);
    }
  } catch {
    return 'cutOff';
  }
  return Buffer.concat(chunks);
}
