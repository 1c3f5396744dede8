import type { IncomingMessage } from 'node:http';

/** The operator's settings for the site's address. */
export interface SiteAddress {
  /** The one origin under which people reach the site, or null: then it is the one of each request. */
  readonly publicUrl: string | null;
  /** Whether `X-Forwarded-For`, `-Proto` and `-Host` are believed. */
  readonly trustProxy: boolean;
}

const HOST = /^[\w.-]+(?::\d{1,5})?$|^\[[\da-fA-F:.]+\](?::\d{1,5})?$/;

function headerOf(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? null;
}

/** The entries of a forwarded header; none unless the proxy is trusted. */
function forwarded(request: IncomingMessage, name: string, trustProxy: boolean): string[] {
  const value = trustProxy ? headerOf(request, `x-forwarded-${name}`) : null;
  return (value ?? '').split(',').flatMap((entry) => entry.trim() || []);
}

/** The address that a request came from; limits count it. */
export function callerAddress(request: IncomingMessage, trustProxy: boolean): string {
  // The trusted proxy wrote the last entry; those before it may come from outside.
  return forwarded(request, 'for', trustProxy).at(-1) ?? request.socket.remoteAddress ?? '';
}

/** The origin that a client sends a request to, such as `https://meet.example.org`; null if its host is not valid. */
function requestOrigin(request: IncomingMessage, trustProxy: boolean): string | null {
  const host = forwarded(request, 'host', trustProxy)[0] ?? headerOf(request, 'host') ?? '';
  const protocol = forwarded(request, 'proto', trustProxy)[0] ?? ('encrypted' in request.socket ? 'https' : 'http');
  const origin = `${protocol === 'https' || protocol === 'wss' ? 'https' : 'http'}://${host}`;
  return HOST.test(host) && URL.canParse(origin) ? new URL(origin).origin : null;
}

/** The site's own origin as a client sees it; null if neither the operator nor the request names one. */
export function siteOrigin(request: IncomingMessage, { publicUrl, trustProxy }: SiteAddress): string | null {
  return publicUrl ?? requestOrigin(request, trustProxy);
}

/**
 * `ws://host` or `wss://host` of {@link siteOrigin}. A page that came by https gets `wss` even if a proxy that is not
 * trusted stands in between.
 */
export function webSocketOrigin(request: IncomingMessage, site: SiteAddress): string | null {
  if (site.publicUrl !== null) return new URL(site.publicUrl).origin.replace(/^http/, 'ws');
  const origin = requestOrigin(request, site.trustProxy)?.replace(/^http/, 'ws') ?? null;
  const isSaid = forwarded(request, 'proto', site.trustProxy).length > 0;
  const isSecurePage = !isSaid && headerOf(request, 'origin')?.startsWith('https://');
  return (isSecurePage && origin?.replace(/^ws:/, 'wss:')) || origin;
}

/** Whether a request that changes something comes from a page of another site. */
export function isForeign(request: IncomingMessage, site: SiteAddress): boolean {
  const origin = headerOf(request, 'origin');
  // Programs send neither header; a browser can't leave them out of a request that changes something.
  if (origin === null) return headerOf(request, 'sec-fetch-site') === 'cross-site';
  return origin !== site.publicUrl && origin !== requestOrigin(request, site.trustProxy);
}

/** The request's body, or null if it has more than `maxBytes`. The connection stays open for an answer either way. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | null> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return null;
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
