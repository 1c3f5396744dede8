import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { AVATAR_LIMITS } from '@/lib/avatarFile/limits';
import type { Log } from '@/lib/core/log';
import type { RequestHandler } from '@/server/http/httpServer';
import { HttpRefusal, refuseForeign, refuseOtherTypes, requireBody, sendRefusal } from '@/server/http/refusals';
import { callerAddress, type SiteAddress } from '@/server/http/request';
import type { AvatarService } from '@/server/services/avatarService';
import { MeetingError, toMeetingError } from '@/server/services/meetings/meetingError';
import { FOREVER, hasMatchingTag, isRead } from './cachedFile';

const UPLOAD_PATH = '/api/avatars';
const FILE_PATH = /^\/avatars\/([0-9a-f]{64})\.glb$/;
/** A form of another site can send neither type. */
const UPLOAD_TYPES: readonly string[] = ['model/gltf-binary', 'application/octet-stream'];
/** Uploads read at the same time; each holds its file in memory. */
const UPLOADS_MAX = 8;
const BUSY_RETRY_MS = 2000;

/** What the answers need of the services. */
export interface AvatarFileServices extends SiteAddress {
  readonly avatars: AvatarService;
  readonly log: Log;
}

/** Stores custom avatars (`POST /api/avatars`, the bare bytes) and serves them (`/avatars/HASH.glb`). */
export class AvatarFiles implements RequestHandler {
  private uploads = 0;

  constructor(private readonly services: AvatarFileServices) {}

  handleRequest(request: IncomingMessage, response: ServerResponse): boolean {
    const [path = '', query = ''] = (request.url ?? '').split('?');
    const sha256 = FILE_PATH.exec(path)?.[1];
    const answer = (work: Promise<void>) => work.catch((error: unknown) => this.refuse(request, response, error));
    if (sha256 && isRead(request)) void answer(this.send(sha256, request, response));
    else if (path === UPLOAD_PATH) void answer(this.store(query, request, response));
    else return false;
    return true;
  }

  private refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    const refusal = toMeetingError(error) ?? MeetingError.unavailable(error);
    if (refusal !== error) this.services.log.error('a request for an avatar failed', { error: String(error) });
    if (response.headersSent) response.destroy();
    else sendRefusal(request, response, refusal);
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

  private async store(query: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { avatars, proxyHops } = this.services;
    this.check(request, response);
    avatars.admit(callerAddress(request, proxyHops));
    if (this.uploads >= UPLOADS_MAX) throw busy();
    this.uploads += 1;
    try {
      const tooLarge = `The file is larger than ${AVATAR_LIMITS.sizeBytes / 1_000_000} MB.`;
      const bytes = await requireBody(request, AVATAR_LIMITS.sizeBytes, tooLarge);
      const isPermitted = new URLSearchParams(query).get('permission') === 'yes';
      const stored = await avatars.keep({ bytes, isPermitted });
      response.writeHead(stored.isNew ? 201 : 200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
      response.end(JSON.stringify(stored));
    } finally {
      this.uploads -= 1;
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

function busy(): MeetingError {
  const message = 'Many avatars are being uploaded right now. Try again in a moment.';
  return new MeetingError({ reason: 'unavailable', retryAfterMs: BUSY_RETRY_MS }, message);
}
