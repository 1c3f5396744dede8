import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { AVATAR_LIMITS } from '@/lib/avatarFile/limits';
import type { Log } from '@/lib/core/log';
import type { MeetingErrorReason } from '@/lib/core/meeting';
import { CLIENT_IP_HEADER } from '@/server/runtime';
import type { AvatarService } from '@/server/services/avatarService';
import { MeetingError } from '@/server/services/meetings/meetingError';
import { FOREIGN_SENTENCE, isForeign, type ReadHeader, requestOrigin } from '@/server/siteOrigin';

const UPLOAD_PATH = '/api/avatars';
const FILE_PATH = /^\/avatars\/([0-9a-f]{64})\.glb$/;
/** Neither is a type that a form of another site could send. */
const UPLOAD_TYPES: readonly string[] = ['model/gltf-binary', 'application/octet-stream'];
/** Uploads taken in at once; each holds its file in memory. */
const UPLOADS_MAX = 8;
const BUSY_RETRY_MS = 2000;
/** A file's name is its content: it never changes. */
const FOREVER = 'public, max-age=31536000, immutable';

/** Status of each reason there can be. */
const STATUS: Partial<Record<MeetingErrorReason, number>> = {
  badInput: 400,
  forbidden: 403,
  tooManyRequests: 429,
  unavailable: 503,
};

/** A refusal that HTTP has a status of its own for. */
class HttpRefusal extends MeetingError {
  constructor(
    readonly status: number,
    reason: 'badInput' | 'forbidden',
    message: string,
  ) {
    super({ reason }, message);
  }
}

/** What the answers need of the services. */
export interface AvatarFileServices {
  readonly avatars: AvatarService;
  readonly publicUrl: string | null;
  readonly trustProxy: boolean;
  readonly log: Log;
}

/** Takes in avatars that people bring along (`POST /api/avatars`, the bare bytes) and serves them (`/avatars/HASH.glb`). */
export class AvatarFiles {
  private uploads = 0;

  constructor(private readonly services: AvatarFileServices) {}

  handleRequest(request: IncomingMessage, response: ServerResponse): boolean {
    const [path = '', query = ''] = (request.url ?? '').split('?');
    const sha256 = FILE_PATH.exec(path)?.[1];
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (sha256 && isRead) this.answer(response, () => this.send(sha256, request, response));
    else if (path === UPLOAD_PATH) this.answer(response, () => this.take(query, request, response));
    else return false;
    return true;
  }

  private answer(response: ServerResponse, work: () => Promise<void>): void {
    work().catch((error: unknown) => {
      const refusal = error instanceof MeetingError ? error : MeetingError.unavailable(error);
      if (refusal !== error) this.services.log.error('an avatar could not be handled', { error: String(error) });
      if (response.headersSent) response.destroy();
      else refuse(response, refusal);
    });
  }

  private async send(sha256: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const file = await this.services.avatars.find(sha256);
    if (!file) {
      response.writeHead(404, { 'cache-control': 'no-store' }).end();
      return;
    }
    const etag = `"${sha256}"`;
    response.setHeader('etag', etag);
    response.setHeader('cache-control', FOREVER);
    response.setHeader('x-content-type-options', 'nosniff');
    if (request.headers['if-none-match'] === etag) {
      response.writeHead(304).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'model/gltf-binary', 'content-length': file.sizeBytes });
    if (request.method === 'HEAD') response.end();
    // A reader that goes away breaks the pipe; that is no failure of ours.
    else await pipeline(file.read(), response).catch(() => response.destroy());
  }

  private async take(query: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { avatars } = this.services;
    this.check(request);
    avatars.admit(header(request)(CLIENT_IP_HEADER) ?? '');
    if (this.uploads >= UPLOADS_MAX) throw busy();
    this.uploads += 1;
    try {
      const bytes = await readBody(request);
      const isPermitted = new URLSearchParams(query).get('permission') === 'yes';
      const kept = await avatars.keep({ bytes, isPermitted });
      json(response, kept.isNew ? 201 : 200, kept);
    } finally {
      this.uploads -= 1;
    }
  }

  /** Lets through what our own pages and programs send. @throws HttpRefusal */
  private check(request: IncomingMessage): void {
    if (request.method !== 'POST') throw new HttpRefusal(405, 'badInput', 'Use POST.');
    const { publicUrl, trustProxy } = this.services;
    const seen = requestOrigin(header(request), new URL('http://site'), trustProxy);
    const own = publicUrl ? [publicUrl, seen] : [seen];
    if (isForeign(header(request), own)) throw new HttpRefusal(403, 'forbidden', FOREIGN_SENTENCE);
    const type = header(request)('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
    if (!UPLOAD_TYPES.includes(type)) {
      throw new HttpRefusal(415, 'badInput', 'Send the bytes of a GLB or VRM (model/gltf-binary).');
    }
  }
}

function header(request: IncomingMessage): ReadHeader {
  return (name) => {
    const value = request.headers[name];
    return (Array.isArray(value) ? value[0] : value) ?? null;
  };
}

function busy(): MeetingError {
  const message = 'Many avatars are coming in just now. Try again in a moment.';
  return new MeetingError({ reason: 'unavailable', retryAfterMs: BUSY_RETRY_MS }, message);
}

/** The body, as long as it isn't too long. @throws HttpRefusal 413 */
async function readBody(request: IncomingMessage): Promise<Uint8Array> {
  const tooLong = () =>
    new HttpRefusal(413, 'badInput', `The file is larger than ${AVATAR_LIMITS.sizeBytes / 1_000_000} MB.`);
  if (Number(request.headers['content-length'] ?? 0) > AVATAR_LIMITS.sizeBytes) throw tooLong();
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > AVATAR_LIMITS.sizeBytes) throw tooLong();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers });
  response.end(JSON.stringify(body));
}

/** Answers as the API does, so that one client understands both. */
function refuse(response: ServerResponse, refusal: MeetingError): void {
  const status = refusal instanceof HttpRefusal ? refusal.status : (STATUS[refusal.reason] ?? 500);
  const { retryAfterMs } = refusal.data;
  const headers: Record<string, string> = { connection: 'close' };
  if (retryAfterMs !== undefined) headers['retry-after'] = String(Math.ceil(retryAfterMs / 1000));
  json(
    response,
    status,
    { error: { message: refusal.message, data: { httpStatus: status, ...refusal.data } } },
    headers,
  );
}
