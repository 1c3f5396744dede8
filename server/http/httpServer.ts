import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Log } from '@/lib/core/log';
import type { Env } from '../env';
import { CLIENT_IP_HEADER, SITE_ORIGIN_HEADER } from '../runtime';
import { callerAddress, siteOrigin } from './request';
import { securityHeaders } from './securityHeaders';

/** Answers the requests and upgrades of its own paths; false passes one on. */
export interface RequestHandler {
  handleRequest(request: IncomingMessage, response: ServerResponse): boolean;
  handleUpgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
}

/** What the server is made of. */
export interface HttpServerOptions {
  readonly env: Env;
  readonly dev: boolean;
  /** Asked in this order, before the pages. */
  readonly handlers: readonly RequestHandler[];
  readonly handlePage: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  readonly log: Log;
}

/** Path of the WebSocket of Next's development server. */
const NEXT_SOCKET_PATH = '/_next/';

/** The one HTTP server: hub, API, files and pages on one port, with the security headers on every answer. */
export function createHttpServer({ env, dev, handlers, handlePage, log }: HttpServerOptions): Server {
  const jitsiOrigins = env.jitsi ? [new URL(env.jitsi.url).origin] : [];

  const setHeaders = (request: IncomingMessage, response: ServerResponse) => {
    const nonce = randomBytes(16).toString('base64');
    const host = request.headers.host ?? '';
    const headers = securityHeaders({ nonce, host, jitsiOrigins, motionOrigins: env.motionOrigins, dev });
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    // Next takes the nonce for its own inline scripts from the policy in the request.
    request.headers['content-security-policy'] = headers['content-security-policy'];
    request.headers[CLIENT_IP_HEADER] = callerAddress(request, env.trustProxy);
    request.headers[SITE_ORIGIN_HEADER] = siteOrigin(request, env) ?? '';
  };

  const server = createServer((request, response) => {
    setHeaders(request, response);
    if (handlers.some((handler) => handler.handleRequest(request, response))) return;
    handlePage(request, response).catch((error: unknown) => {
      log.error('a page failed', { path: request.url?.split('?')[0], error: String(error) });
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });

  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    if (handlers.some((handler) => handler.handleUpgrade?.(request, socket, head))) return;
    if (dev && request.url?.startsWith(NEXT_SOCKET_PATH)) return;
    socket.destroy();
  });
  return server;
}
