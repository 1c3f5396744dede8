import type { IncomingMessage } from 'node:http';

/** The request's path and query as a URL with a meaningless host, or null where it is no path. */
export function requestAddress(request: IncomingMessage): URL | null {
  const path = request.url ?? '';
  return path.startsWith('/') && URL.canParse(`http://hub${path}`) ? new URL(`http://hub${path}`) : null;
}

const HOST = /^[\w.-]+(?::\d{1,5})?$|^\[[\da-fA-F:.]+\](?::\d{1,5})?$/;

function header(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return (Array.isArray(value) ? (value[0] ?? '') : (value ?? '')).split(',')[0]?.trim() ?? '';
}

function isSecure(request: IncomingMessage): boolean {
  const forwarded = header(request, 'x-forwarded-proto');
  if (forwarded !== '') return forwarded === 'https' || forwarded === 'wss';
  return 'encrypted' in request.socket || header(request, 'origin').startsWith('https://');
}

/**
 * `ws://host` or `wss://host` under which the client reached us: from `publicUrl` where it is set, else from the Host
 * header, with the scheme of X-Forwarded-Proto, of the connection, or of the page (Origin), in this order.
 * Null where the Host header is no host.
 */
export function webSocketOrigin(request: IncomingMessage, publicUrl?: string): string | null {
  if (publicUrl !== undefined) return new URL(publicUrl).origin.replace(/^http/, 'ws');
  const host = header(request, 'host');
  return HOST.test(host) ? `${isSecure(request) ? 'wss' : 'ws'}://${host}` : null;
}
