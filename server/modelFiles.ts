import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Log } from '@/lib/core/log';

const PATH = /^\/models\/([a-z0-9-]+\.vrm)(?:\?.*)?$/;
/** Half of a generated avatar is numbers that compress; 9 is within 3 % of 11 at a tenth of its time. */
const BROTLI_QUALITY = 9;
const CACHE_S = 3600;

interface Served {
  readonly modifiedMs: number;
  readonly etag: string;
  readonly plain: Buffer;
  readonly brotli: Buffer;
  readonly gzip: Buffer;
}

/** Avatars, which Next would send uncompressed: each is compressed once and kept in memory. */
export class ModelFiles {
  private readonly files = new Map<string, Promise<Served>>();

  constructor(
    private readonly folder: string,
    private readonly log: Log,
  ) {}

  /** Compresses every model there is, so that nobody waits for it. Never rejects. */
  async prepare(): Promise<void> {
    for (const name of readdirSync(this.folder)) {
      if (name.endsWith('.vrm')) await this.read(name).catch(() => {});
    }
  }

  handleRequest(request: IncomingMessage, response: ServerResponse): boolean {
    const name = PATH.exec(request.url ?? '')?.[1];
    if (!name || (request.method !== 'GET' && request.method !== 'HEAD')) return false;
    this.fresh(name).then(
      (file) => send(file, request, response),
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') this.log.error('a model could not be read', { name, error: String(error) });
        response.writeHead(error.code === 'ENOENT' ? 404 : 500).end();
      },
    );
    return true;
  }

  private async fresh(name: string): Promise<Served> {
    const { mtimeMs } = await stat(join(this.folder, name));
    const known = await this.files.get(name);
    return known?.modifiedMs === mtimeMs ? known : this.read(name);
  }

  private read(name: string): Promise<Served> {
    const reading = compress(join(this.folder, name));
    this.files.set(name, reading);
    reading.catch(() => this.files.delete(name));
    return reading;
  }
}

async function compress(path: string): Promise<Served> {
  const [plain, { mtimeMs }] = await Promise.all([readFile(path), stat(path)]);
  const brotli = await promisify(brotliCompress)(plain, {
    params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length },
  });
  const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`;
  return { modifiedMs: mtimeMs, etag, plain, brotli, gzip: await promisify(gzip)(plain) };
}

function send(file: Served, request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('etag', file.etag);
  response.setHeader('vary', 'accept-encoding');
  response.setHeader('cache-control', `public, max-age=${CACHE_S}`);
  if (request.headers['if-none-match'] === file.etag) {
    response.writeHead(304).end();
    return;
  }
  const accepted = String(request.headers['accept-encoding'] ?? '');
  const encoding = /\bbr\b/.test(accepted) ? 'br' : /\bgzip\b/.test(accepted) ? 'gzip' : null;
  const body = encoding === 'br' ? file.brotli : encoding === 'gzip' ? file.gzip : file.plain;
  if (encoding) response.setHeader('content-encoding', encoding);
  response.writeHead(200, { 'content-type': 'model/gltf-binary', 'content-length': body.length });
  response.end(request.method === 'HEAD' ? undefined : body);
}
