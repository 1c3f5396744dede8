import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Log } from '@/lib/core/log';

type Encoding = 'br' | 'gzip' | 'identity';

/** The library changes with a release only; a client asks again after an hour and then gets a 304. */
const CACHE_CONTROL = 'public, max-age=3600, stale-while-revalidate=86400';

/** 11 would save 16 of 205 kB and take two seconds of a core, just when everybody comes back after a restart. */
const BROTLI_QUALITY = 9;

const COMMON_HEADERS = {
  'content-type': 'text/javascript; charset=utf-8',
  'cache-control': CACHE_CONTROL,
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
  'x-content-type-options': 'nosniff',
  vary: 'accept-encoding',
} as const;

/** One file served from memory: read once, compressed once in the background, revalidated by ETag. */
export class LibraryFile {
  private readonly bodies = new Map<Encoding, Buffer>();
  private hash = '';
  /** Resolves once everything is in memory, or the file could not be read. */
  readonly ready: Promise<void>;
  private readonly read: Promise<void>;

  constructor(path: string, log: Log) {
    this.read = this.load(path).catch((error: unknown) => {
      log.error('lib-jitsi-meet cannot be served', { path, error: String(error) });
    });
    this.ready = this.read.then(() => this.compress());
  }

  /** Answers GET and HEAD; 503 where the file could not be read. */
  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    await this.read;
    const encoding = this.choose(String(request.headers['accept-encoding'] ?? ''));
    const body = this.bodies.get(encoding);
    if (!body) return void response.writeHead(503, { 'content-type': 'text/plain' }).end('The library is missing.\n');
    const etag = `"${this.hash}-${encoding}"`;
    if (this.isKnown(String(request.headers['if-none-match'] ?? ''))) {
      return void response.writeHead(304, { ...COMMON_HEADERS, etag }).end();
    }
    const encodingHeader = encoding === 'identity' ? {} : { 'content-encoding': encoding };
    response.writeHead(200, { ...COMMON_HEADERS, ...encodingHeader, etag, 'content-length': body.length });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  private async load(path: string): Promise<void> {
    const body = await readFile(path);
    this.hash = createHash('sha256').update(body).digest('base64url').slice(0, 27);
    this.bodies.set('identity', body);
  }

  private async compress(): Promise<void> {
    const body = this.bodies.get('identity');
    if (!body) return;
    this.bodies.set('gzip', await promisify(gzip)(body, { level: 9 }));
    const params = { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY };
    this.bodies.set('br', await promisify(brotliCompress)(body, { params }));
  }

  private choose(accepted: string): Encoding {
    const offered = accepted.split(',').map((part) => part.trim().split(';'));
    const isWanted = (encoding: Encoding) =>
      offered.some(([name, ...rest]) => name === encoding && !rest.some((q) => /^\s*q=0(\.0*)?\s*$/.test(q)));
    return (['br', 'gzip'] as const).find((encoding) => isWanted(encoding) && this.bodies.has(encoding)) ?? 'identity';
  }

  private isKnown(ifNoneMatch: string): boolean {
    return this.hash !== '' && ifNoneMatch.split(',').some((tag) => tag.includes(`"${this.hash}-`));
  }
}
