import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Log } from '@/lib/core/log';
import type { RequestHandler } from '@/server/http/httpServer';
import { sendRefusal } from '@/server/http/refusals';
import { callerAddress } from '@/server/http/request';
import { MeetingError, toMeetingError } from '@/server/services/meetings/meetingError';
import type { RateLimits } from '@/server/services/rateLimits';
import type { RecordingService } from '@/server/services/recordings/recordingService';
import { FOREVER, hasMatchingTag, isRead } from './cachedFile';
import { Posters } from './poster';

/** `/b/RIGHT/FILE`: everybody with the same right uses the same address, so that caches in between can serve them. */
const PATH = /^\/b\/([^/]{1,128})\/(segments|index|live\.json|poster\.jpg|(\d{6,10})\.bin|here\/([0-9a-f]{16}))$/;

/** Of what its owner may delete, so that only the viewer keeps it, for a while. Caches in between keep what is watched live. */
const FOR_THE_VIEWER = 'private, max-age=3600';
const NEVER = 'no-store';
/** Viewers look at it when they begin and when they have lost the thread, so that a cache answers most of them. */
const FOR_A_SECOND = 'public, max-age=1';
const TYPE = { 'content-type': 'application/octet-stream', 'x-content-type-options': 'nosniff' };

/** Bytes that are read from the storage at once: two such slices wait for each slow reader. */
const SLICE_BYTES = 256 * 1024;

export interface RecordingFileServices {
  readonly recordings: RecordingService;
  readonly limits: RateLimits;
  readonly proxyHops: number;
  readonly log: Log;
  /** Where the portraits of the default avatars are. */
  readonly modelsFolder?: string;
}

/**
 * Serves recordings to those who have the right to watch them: all segments one after the other, of which ranges may be asked
 * for (`segments`), their index (`index`), and each segment alone (`NNNNNN.bin`), which never changes once it is there. Who may
 * watch a recording only as it is made gets the latest segments and what they are (`live.json`), and tells that it is there by
 * `here/VIEWER`, an id of its own.
 */
export class RecordingFiles implements RequestHandler {
  private readonly posters = new Posters();

  constructor(private readonly services: RecordingFileServices) {}

  handleRequest(request: IncomingMessage, response: ServerResponse): boolean {
    const [, right, file, number, viewer] = PATH.exec((request.url ?? '').split('?')[0]!) ?? [];
    if (right === undefined || !isRead(request)) return false;
    void this.answer(request, response, async () => {
      const { limits, proxyHops } = this.services;
      limits.admit('read', callerAddress(request, proxyHops));
      const { id, isLiveOnly } = this.services.recordings.openFiles(right);
      if (viewer !== undefined) this.takeBeacon(id, viewer, request, response);
      else if (file === 'live.json') await this.sendLive(id, request, response);
      else if (number !== undefined && isLiveOnly) await this.sendLatest(id, Number(number), request, response);
      else if (isLiveOnly) throw MeetingError.noSuchRecording();
      else if (number !== undefined) await this.sendSegment(id, Number(number), FOR_THE_VIEWER, request, response);
      else if (file === 'index') await this.sendIndex(id, request, response);
      else if (file === 'poster.jpg') await this.sendPoster(id, request, response);
      else await this.sendSegments(id, request, response);
    });
    return true;
  }

  private async answer(request: IncomingMessage, response: ServerResponse, send: () => Promise<void>): Promise<void> {
    try {
      await send();
    } catch (error) {
      const refusal = toMeetingError(error);
      if (!refusal) this.services.log.error('a recording could not be read', { error: String(error) });
      if (response.headersSent) response.destroy();
      else sendRefusal(request, response, refusal ?? MeetingError.unavailable(error));
    }
  }

  private takeBeacon(id: string, viewer: string, request: IncomingMessage, response: ServerResponse): void {
    const { recordings, proxyHops } = this.services;
    recordings.noteViewer(id, viewer, callerAddress(request, proxyHops));
    response.writeHead(204, { 'cache-control': NEVER }).end();
  }

  private async sendLive(id: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.from(JSON.stringify(await this.services.recordings.liveState(id)));
    const headers = { 'content-type': 'application/json', 'cache-control': FOR_A_SECOND };
    response.writeHead(200, { ...headers, 'content-length': body.length });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  /** A segment to somebody who may have the latest only. */
  private async sendLatest(id: string, number: number, request: IncomingMessage, response: ServerResponse) {
    const { oldest } = await this.services.recordings.liveState(id);
    if (oldest !== null && number >= oldest) await this.sendSegment(id, number, FOREVER, request, response);
    else response.writeHead(404, { 'cache-control': NEVER }).end();
  }

  private async sendSegment(
    id: string,
    number: number,
    cacheControl: string,
    request: IncomingMessage,
    response: ServerResponse,
  ) {
    const { reader } = this.services.recordings;
    const row = await reader.find(id, number);
    // One that was asked for too early must not be remembered as missing.
    if (!row) return void response.writeHead(404, { 'cache-control': NEVER }).end();
    const etag = `"${id}-${number}"`;
    const headers = { ...TYPE, etag, 'cache-control': cacheControl };
    if (hasMatchingTag(request, [etag])) return void response.writeHead(304, headers).end();
    const bytes = request.method === 'HEAD' ? undefined : await reader.read(id, row.atByte, row.sizeBytes);
    // What storage has lost in the meantime is no segment to be kept by caches.
    if (bytes && bytes.length !== row.sizeBytes) throw MeetingError.noSuchRecording();
    response.writeHead(200, { ...headers, 'content-length': row.sizeBytes });
    response.end(bytes);
  }

  private async sendIndex(id: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { reader } = this.services.recordings;
    const { rows } = await reader.segments(id);
    if (rows.length === 0) throw MeetingError.noSuchRecording();
    const { bytes, isLive } = await reader.index(id);
    response.writeHead(200, {
      ...TYPE,
      'cache-control': isLive ? NEVER : FOR_THE_VIEWER,
      'content-length': bytes.length,
    });
    response.end(request.method === 'HEAD' ? undefined : bytes);
  }

  private async sendPoster(id: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { recordings, modelsFolder = join(process.cwd(), 'public', 'models') } = this.services;
    const avatars = (await recordings.reader.people(id)).map(({ avatar }) => avatar);
    const bytes = await this.posters.draw(avatars, modelsFolder);
    const headers = {
      'content-type': 'image/jpeg',
      'x-content-type-options': 'nosniff',
      'cache-control': FOR_THE_VIEWER,
    };
    response.writeHead(200, { ...headers, 'content-length': bytes.length });
    response.end(request.method === 'HEAD' ? undefined : bytes);
  }

  private async sendSegments(id: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { rows, sizeBytes, isLive } = await this.services.recordings.reader.segments(id);
    if (rows.length === 0) throw MeetingError.noSuchRecording();
    const etag = `"${id}-${sizeBytes}"`;
    const cacheControl = isLive ? NEVER : FOR_THE_VIEWER;
    const headers = { ...TYPE, etag, 'cache-control': cacheControl, 'accept-ranges': 'bytes' };
    if (hasMatchingTag(request, [etag])) return void response.writeHead(304, headers).end();
    const range = rangeOf(request, sizeBytes, etag);
    if (range === 'beyond') {
      return void response.writeHead(416, { ...headers, 'content-range': `bytes */${sizeBytes}` }).end();
    }
    const { from, to } = range ?? { from: 0, to: sizeBytes };
    response.writeHead(range ? 206 : 200, {
      ...headers,
      'content-length': to - from,
      ...(range && { 'content-range': `bytes ${from}-${to - 1}/${sizeBytes}` }),
    });
    if (request.method === 'HEAD') response.end();
    // A reader that goes away breaks the pipe, which is no failure of ours.
    else await pipeline(Readable.from(this.slices(id, from, to)), response).catch(() => response.destroy());
  }

  private async *slices(id: string, from: number, to: number): AsyncGenerator<Uint8Array, void, void> {
    for (let at = from; at < to; ) {
      const bytes = await this.services.recordings.reader.read(id, at, Math.min(SLICE_BYTES, to - at));
      if (bytes.length === 0) throw new Error('the recording ends too early');
      yield bytes;
      at += bytes.length;
    }
  }
}

/** A range of bytes, `to` not included. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/** The one range that is asked for (RFC 9110, 14.2); null for the whole, also where several are. */
function rangeOf({ headers }: IncomingMessage, sizeBytes: number, etag: string): Range | 'beyond' | null {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(headers.range ?? '') ?? [];
  if (first === '' && last === '') return null;
  const condition = headers['if-range'];
  if (condition !== undefined && condition !== etag) return null;
  const from = first === '' ? Math.max(0, sizeBytes - Number(last)) : Number(first);
  const to = first === '' || last === '' ? sizeBytes : Math.min(sizeBytes, Number(last) + 1);
  if (first !== '' && last !== '' && Number(last) < from) return null;
  return from < to ? { from, to } : 'beyond';
}
