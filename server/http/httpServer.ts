import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { systemClock } from '@/lib/core/clock';
import type { Log } from '@/lib/core/log';
import { descriptorsLeft } from '@/server/limits/descriptors';
import type { Env } from '../env';
import { CLIENT_IP_HEADER, SITE_ORIGIN_HEADER } from '../runtime';
import { Connections, connectionLimits } from './connections';
import { type HandlePage, PAGE_LIMITS, PageGate } from './pageGate';
import { callerAddress, isSound, namesAnotherSite, siteOrigin } from './request';
import { securityHeaders } from './securityHeaders';
import { Turns } from './turns';

/** Answers the requests and upgrades of its own paths; false passes one on. */
export interface RequestHandler {
  handleRequest(request: IncomingMessage, response: ServerResponse): boolean;
  handleUpgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
}

/** What the server is made of. */
export interface HttpServerOptions {
  readonly env: Env;
  readonly dev: boolean;
  /** Asked first, whatever host a request names. */
  readonly probes?: RequestHandler;
  /** Asked in this order, before the pages. */
  readonly handlers: readonly RequestHandler[];
  readonly handlePage: HandlePage;
  /** Addresses of the pages' files, which are no pages. */
  readonly files: ReadonlySet<string>;
  readonly log: Log;
}

/** Path of the WebSocket of Next's development server. */
const NEXT_SOCKET_PATH = '/_next/';

/** A connection that sends no whole request head in this time, nor a whole request in that one, is closed. */
const HEAD_MAX_MS = 10_000;
const REQUEST_MAX_MS = 60_000;
/** A reader or writer that stands still for this long is gone. Event streams are never this quiet. */
const QUIET_MAX_MS = 60_000;
const CHECK_INTERVAL_MS = 2_000;

/** A page fits, so that none is held up in the making by a client that reads slowly. */
const BUFFER_BYTES = 128 * 1024;

const OPTIONS = {
  highWaterMark: BUFFER_BYTES,
  headersTimeout: HEAD_MAX_MS,
  requestTimeout: REQUEST_MAX_MS,
  connectionsCheckingInterval: CHECK_INTERVAL_MS,
};

/** The one HTTP server: hub, API, files and pages on one port, with the security headers on every answer. */
export function createHttpServer({ env, dev, probes, handlers, handlePage, files, log }: HttpServerOptions): Server {
  const isSecure = env.publicUrl?.startsWith('https:') === true;
  const gate = new PageGate({ limits: PAGE_LIMITS, proxyHops: env.proxyHops, clock: systemClock, files });
  const site = {
    jitsiOrigins: env.jitsi ? [new URL(env.jitsi.url).origin] : [],
    bridgeOrigins: env.jitsi?.bridgeOrigins ?? [],
    motionOrigins: env.motionOrigins,
    isSecure,
    dev,
  };

  const setHeaders = (request: IncomingMessage, response: ServerResponse) => {
    const nonce = randomBytes(16).toString('base64');
    const host = request.headers.host ?? '';
    const headers = securityHeaders({ ...site, nonce, host });
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    // Next takes the nonce for its own inline scripts from the policy in the request.
    request.headers['content-security-policy'] = headers['content-security-policy'];
    request.headers[CLIENT_IP_HEADER] = callerAddress(request, env.proxyHops);
    request.headers[SITE_ORIGIN_HEADER] = siteOrigin(request, env) ?? '';
  };

  // A page compiles for as long as it takes while somebody works on it.
  const sendPage: HandlePage = dev ? handlePage : (request, response) => gate.pass(request, response, handlePage);

  const isPageMethod = ({ method = '' }: IncomingMessage) => dev || PAGE_METHODS.has(method);

  const answer = (request: IncomingMessage, response: ServerResponse) => {
    setHeaders(request, response);
    if (!isSound(request)) return refuseTarget(request, response);
    if (probes?.handleRequest(request, response)) return;
    if (namesAnotherSite(request, env)) return sendMisdirected(request, response, env);
    if (handlers.some((handler) => handler.handleRequest(request, response))) return;
    if (!isPageMethod(request)) return refuseMethod(request, response);
    sendPage(request, response).catch((error: unknown) => {
      log.error('a page failed', { path: loggedPath(request), error: String(error) });
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  };

  const turns = new Turns();
  const server = createServer(OPTIONS, (request, response) => {
    turns.take(request, response, () => answer(request, response));
  });

  server.setTimeout(QUIET_MAX_MS);
  new Connections(connectionLimits(descriptorsLeft(), env.proxyHops > 0)).watch(server);
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    // What is still being sent on it would get into the WebSocket.
    if (turns.isBusy(socket) || !isSound(request)) return void socket.destroy();
    if (namesAnotherSite(request, env)) return void socket.end('HTTP/1.1 421 Misdirected Request\r\n\r\n');
    if (handlers.some((handler) => handler.handleUpgrade?.(request, socket, head))) return;
    if (dev && request.url?.startsWith(NEXT_SOCKET_PATH)) return;
    socket.destroy();
  });
  return server;
}

/** Without what opens something by itself: queries, and the rights in addresses of recordings. */
function loggedPath({ url = '' }: IncomingMessage): string {
  return url.split('?')[0]!.replace(/^\/(r|b)\/[^/]+/, '/$1/***');
}

/** No page takes anything but these; Next would read the bodies of others. */
const PAGE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

function refuseMethod(request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(405, {
    allow: [...PAGE_METHODS].join(', '),
    'cache-control': 'no-store',
    // What is left of the body is not read.
    ...(request.complete ? {} : { connection: 'close' }),
  });
  response.end();
}

/** No proxy is asked here, and no browser sends an address that cannot be decoded. */
function refuseTarget(request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(400, {
    'cache-control': 'no-store',
    ...(request.complete ? {} : { connection: 'close' }),
  });
  response.end();
}

/** Tells what the site is called: somebody who sees this has set up a proxy that changes the Host header. */
function sendMisdirected(request: IncomingMessage, response: ServerResponse, { publicUrl }: Env): void {
  response.writeHead(421, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    ...(request.complete ? {} : { connection: 'close' }),
  });
  response.end(`This server answers for ${publicUrl} only. A proxy in front must pass on the Host header.\n`);
}
