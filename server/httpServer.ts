import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Log } from '@/lib/core/log';
import type { Env } from './env';
import { CLIENT_IP_HEADER } from './runtime';
import { securityHeaders } from './securityHeaders';

/** Something that may answer a request or an upgrade; false passes it on. */
export interface Answerer {
  handleRequest(request: IncomingMessage, response: ServerResponse): boolean;
  handleUpgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
}

export interface HttpServerOptions {
  readonly env: Env;
  readonly dev: boolean;
  /** Asked in their order, before the pages. */
  readonly answerers: readonly Answerer[];
  readonly handlePage: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  readonly log: Log;
}

/** Where Next's development server keeps its own WebSocket. */
const NEXT_SOCKET_PATH = '/_next/';

function callerAddress(request: IncomingMessage, trustProxy: boolean): string {
  // The last entry is the one that the trusted proxy itself wrote; those before it came from outside.
  const forwarded = trustProxy
    ? String(request.headers['x-forwarded-for'] ?? '')
        .split(',')
        .at(-1)
        ?.trim()
    : '';
  return forwarded || (request.socket.remoteAddress ?? '');
}

/** The one HTTP server: hub, models and pages on one port, with the security headers on every answer. */
export function createHttpServer({ env, dev, answerers, handlePage, log }: HttpServerOptions): Server {
  const jitsiOrigins = env.jitsi ? [new URL(env.jitsi.url).origin] : [];

  const dress = (request: IncomingMessage, response: ServerResponse) => {
    const nonce = randomBytes(16).toString('base64');
    const host = request.headers.host ?? '';
    const headers = securityHeaders({ nonce, host, jitsiOrigins, motionOrigins: env.motionOrigins, dev });
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    // Next takes the nonce for its own inline scripts from the policy in the request.
    request.headers['content-security-policy'] = headers['content-security-policy'];
    request.headers[CLIENT_IP_HEADER] = callerAddress(request, env.trustProxy);
  };

  const server = createServer((request, response) => {
    dress(request, response);
    if (answerers.some((answerer) => answerer.handleRequest(request, response))) return;
    handlePage(request, response).catch((error: unknown) => {
      log.error('a page failed', { path: request.url?.split('?')[0], error: String(error) });
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });

  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    if (answerers.some((answerer) => answerer.handleUpgrade?.(request, socket, head))) return;
    if (dev && request.url?.startsWith(NEXT_SOCKET_PATH)) return;
    socket.destroy();
  });
  return server;
}
