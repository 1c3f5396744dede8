import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Log } from '@/lib/core/log';
import { CachedFile, isRead } from '@/server/files/cachedFile';
import { readBody } from '@/server/http/request';
import { checkLibrary } from './clientLibrary';
import { XMPP_PATH } from './xmpp/xmppGate';

/** Where clients find lib-jitsi-meet, as in any Jitsi deployment. */
const LIBRARY_PATH = '/libs/lib-jitsi-meet.min.js';

const CONFERENCE_REQUEST_PATH = '/conference-request/v1';

const BODY_MAX_BYTES = 16_384;

/** Any page may use the hub, as it may use a deployment. */
const ANY_ORIGIN = { 'access-control-allow-origin': '*' } as const;

const CORS = {
  ...ANY_ORIGIN,
  'access-control-allow-headers': 'authorization, content-type',
  'access-control-allow-methods': 'POST, OPTIONS',
} as const;

const LIBRARY = {
  contentType: 'text/javascript; charset=utf-8',
  // The library changes with a release only; a client asks again after an hour and then gets a 304.
  cacheControl: 'public, max-age=3600, stale-while-revalidate=86400',
  // 11 would save 16 of 205 kB and take two seconds of a core, just when everyone comes back after a restart.
  brotliQuality: 9,
  headers: { ...ANY_ORIGIN, 'cross-origin-resource-policy': 'cross-origin', 'x-content-type-options': 'nosniff' },
} as const;

/** The parts that the hub's plain requests need. */
interface HubRequestsOptions {
  /** File served as lib-jitsi-meet; null if another process serves it. */
  readonly libraryPath: string | null;
  readonly focusJid: string;
  /** Whether the focus takes conference requests over HTTP. */
  readonly takesConferenceRequests: boolean;
  readonly log: Log;
  readonly reportError: (error: unknown) => void;
}

/** The hub's answers to plain HTTP requests: the library, the keep-alive and conference requests. */
export class HubRequests {
  /** Resolves once the library is in memory, compressed, or could not be read. */
  readonly ready: Promise<void>;
  private readonly library: CachedFile | null;

  constructor(private readonly options: HubRequestsOptions) {
    const { libraryPath, log } = options;
    this.library = libraryPath === null ? null : libraryFile(libraryPath);
    this.ready = Promise.resolve(this.library?.read()).then(
      () => {},
      (error) => log.error('lib-jitsi-meet cannot be served', { path: libraryPath, error: String(error) }),
    );
  }

  /** Answers a request to one of the hub's paths. False if the path is not the hub's. */
  handle(request: IncomingMessage, response: ServerResponse): boolean {
    switch (requestUrl(request)?.pathname) {
      case XMPP_PATH:
        response.writeHead(200, { ...ANY_ORIGIN, 'content-type': 'text/plain' }).end('alive\n');
        return true;
      case CONFERENCE_REQUEST_PATH:
        if (!this.options.takesConferenceRequests) return false;
        answerConferenceRequest(request, response, this.options.focusJid).catch(this.options.reportError);
        return true;
      case LIBRARY_PATH:
        if (!this.library) return false;
        if (isRead(request)) sendLibrary(this.library, request, response);
        else response.writeHead(405, { allow: 'GET, HEAD' }).end();
        return true;
      default:
        return false;
    }
  }
}

/** Every content of the file is checked before it is sent, also one that replaces it while the process runs. */
function libraryFile(path: string): CachedFile {
  return new CachedFile(path, { ...LIBRARY, check: (bytes) => checkLibrary(path, bytes) });
}

function sendLibrary(library: CachedFile, request: IncomingMessage, response: ServerResponse): void {
  library.send(request, response).catch(() => {
    response.writeHead(503, { 'content-type': 'text/plain' }).end('The library is missing or altered.\n');
  });
}

/** The request's path and query as a URL with a meaningless host, or null if it is not a path. */
export function requestUrl(request: IncomingMessage): URL | null {
  const path = request.url ?? '';
  return path.startsWith('/') && URL.canParse(`http://hub${path}`) ? new URL(`http://hub${path}`) : null;
}

/** Whether an upgrade is meant for one of the hub's WebSockets. */
export function isHubUpgrade(request: IncomingMessage): boolean {
  const path = requestUrl(request)?.pathname;
  return path === XMPP_PATH || path?.startsWith('/colibri-ws/') === true;
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { ...CORS, 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/**
 * Jicofo's conference request over HTTP, which newer clients may use in place of the IQ. It reserves nothing: clients
 * are admitted when they enter.
 */
async function answerConferenceRequest(
  request: IncomingMessage,
  response: ServerResponse,
  focusJid: string,
): Promise<void> {
  if (request.method === 'OPTIONS') return void response.writeHead(204, CORS).end();
  if (request.method !== 'POST') return answer(response, 405, { error: 'POST only' });
  const body = await readBody(request, BODY_MAX_BYTES);
  if (body === 'cutOff') return void response.destroy();
  if (body === 'tooLarge') return answer(response, 413, { error: 'body too large' });
  if (!isJsonObject(body.toString())) return answer(response, 400, { error: 'JSON object expected' });
  answer(response, 200, { ready: true, focusJid, properties: { authentication: 'false' } });
}
