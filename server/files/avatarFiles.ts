import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { AVATAR_LIMITS } from '@/lib/avatarFile/limits';
import type { Log } from '@/lib/core/log';
import type { RequestHandler } from '@/server/http/httpServer';
import { HttpRefusal, refuseForeign, refuseOtherTypes, sendRefusal } from '@/server/http/refusals';
import { callerAddress, type SiteAddress } from '@/server/http/request';
import { discardRest, readUpload, type UploadLimits } from '@/server/http/uploadBody';
import { callerKey } from '@/server/limits/tokenBuckets';
import type { AvatarService } from '@/server/services/avatarService';
import { MeetingError, toMeetingError } from '@/server/services/meetings/meetingError';
import type { MeetingService, StayInput } from '@/server/services/meetings/meetingService';
import { FOREVER, hasMatchingTag, isRead } from './cachedFile';

const UPLOAD_PATH = '/api/avatars';
const FILE_PATH = /^\/avatars\/([0-9a-f]{64})\.glb$/;
/** A form of another site can send neither type. */
const UPLOAD_TYPES: readonly string[] = ['model/gltf-binary', 'application/octet-stream'];
/** Uploads at the same time, until they are read and stored; each holds its file in memory. */
const UPLOADS_MAX = 8;
const ADDRESS_UPLOADS_MAX = 2;
/** 10 MB at 2.7 Mbit/s; a smaller file may come as slowly as a poor mobile network is. */
const UPLOAD_LIMITS: UploadLimits = {
  maxBytes: AVATAR_LIMITS.sizeBytes,
  deadlineMs: 30_000,
  minBytesPerS: 16_000,
  graceMs: 5000,
  lookMs: 500,
};
const BUSY_RETRY_MS = 2000;

/** Refusals of bodies of which no more is read. */
const ENDLESS: ReadonlySet<string> = new Set(['TIMEOUT', 'PAYLOAD_TOO_LARGE'] satisfies HttpRefusal['code'][]);
/** How long a client whose upload is refused may go on sending before it is told. */
const DISCARD_LIMITS = { maxBytes: AVATAR_LIMITS.sizeBytes, deadlineMs: 10_000, quietMs: 500 };

/** What the answers need of the services. */
export interface AvatarFileServices extends SiteAddress {
  readonly avatars: AvatarService;
  /** Checks the stay of somebody who uploads. */
  readonly meetings: Pick<MeetingService, 'heartbeat'>;
  readonly log: Log;
}

/**
 * Stores custom avatars (`POST /api/avatars?meeting=ID`, the bare bytes, with a stay's token as bearer) and serves them
 * (`/avatars/HASH.glb`).
 */
export class AvatarFiles implements RequestHandler {
  private readonly slots = new UploadSlots();

  constructor(
    private readonly services: AvatarFileServices,
    private readonly limits: UploadLimits = UPLOAD_LIMITS,
  ) {}

  handleRequest(request: IncomingMessage, response: ServerResponse): boolean {
    const [path = '', query = ''] = (request.url ?? '').split('?');
    const sha256 = FILE_PATH.exec(path)?.[1];
    const answer = (work: Promise<void>) => work.catch((error: unknown) => this.refuse(request, response, error));
    if (sha256 && isRead(request)) void answer(this.send(sha256, request, response));
    else if (path === UPLOAD_PATH) void answer(this.store(new URLSearchParams(query), request, response));
    else return false;
    return true;
  }

  private async refuse(request: IncomingMessage, response: ServerResponse, error: unknown): Promise<void> {
    const refusal = toMeetingError(error) ?? MeetingError.unavailable(error);
    if (refusal !== error) this.services.log.error('a request for an avatar failed', { error: String(error) });
    if (response.headersSent) return void response.destroy();
    const isEndless = refusal instanceof HttpRefusal && ENDLESS.has(refusal.code);
    if (!isEndless) await discardRest(request, DISCARD_LIMITS);
    sendRefusal(request, response, refusal);
  }

  private async send(sha256: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const file = await this.services.avatars.find(sha256);
    if (!file) return void response.writeHead(404, { 'cache-control': 'no-store' }).end();
    // A file's name is its content.
    const etag = `"${sha256}"`;
    const headers = { etag, 'cache-control': FOREVER, 'x-content-type-options': 'nosniff' };
    if (hasMatchingTag(request, [etag])) return void response.writeHead(304, headers).end();
    response.writeHead(200, { ...headers, 'content-type': 'model/gltf-binary', 'content-length': file.sizeBytes });
    if (request.method === 'HEAD') response.end();
    // A reader that goes away breaks the pipe, which is no failure of ours.
    else await pipeline(file.read(), response).catch(() => response.destroy());
  }

  private async store(query: URLSearchParams, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { avatars, meetings, proxyHops } = this.services;
    this.check(request, response);
    const ip = callerAddress(request, proxyHops);
    // Only people in a meeting bring avatars, and only theirs count for the address.
    await meetings.heartbeat(requireStay(query, request), { ip, origin: '' });
    avatars.admit(ip);
    const giveBack = this.slots.take(ip);
    try {
      const bytes = await readUpload(request, this.limits);
      const stored = await avatars.keep({ bytes, isPermitted: query.get('permission') === 'yes', ip });
      response.writeHead(stored.isNew ? 201 : 200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
      response.end(JSON.stringify(stored));
    } finally {
      giveBack();
    }
  }

  /** Accepts what our own pages and programs send. @throws HttpRefusal */
  private check(request: IncomingMessage, response: ServerResponse): void {
    if (request.method !== 'POST') {
      response.setHeader('allow', 'POST');
      throw new HttpRefusal('METHOD_NOT_SUPPORTED', 'Use POST.');
    }
    refuseForeign(request, this.services);
    refuseOtherTypes(request, UPLOAD_TYPES, 'Send the bytes of a GLB or VRM (model/gltf-binary).');
  }
}

const BEARER = /^Bearer ([\w-]{1,128})$/i;

/** The stay that a request names. @throws MeetingError `tokenInvalid` */
function requireStay(query: URLSearchParams, request: IncomingMessage): StayInput {
  const stayToken = BEARER.exec(request.headers.authorization ?? '')?.[1];
  const id = query.get('meeting');
  if (!stayToken || !id) throw MeetingError.tokenInvalid();
  return { id, stayToken };
}

/** Uploads at the same time, limited in total and by address. */
class UploadSlots {
  private total = 0;
  private readonly byAddress = new Map<string, number>();

  /** Takes a slot; the returned function gives it back. @throws MeetingError `unavailable`, `tooManyRequests` */
  take(ip: string): () => void {
    const key = callerKey(ip);
    const own = this.byAddress.get(key) ?? 0;
    if (own >= ADDRESS_UPLOADS_MAX) throw MeetingError.tooManyRequests(BUSY_RETRY_MS);
    if (this.total >= UPLOADS_MAX) throw MeetingError.uploadsBusy();
    this.total += 1;
    this.byAddress.set(key, own + 1);
    return () => {
      this.total -= 1;
      const left = this.byAddress.get(key)! - 1;
      if (left > 0) this.byAddress.set(key, left);
      else this.byAddress.delete(key);
    };
  }
}
