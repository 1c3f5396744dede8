import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** A file in memory, as it is and compressed. */
export interface ServedFile {
  readonly modifiedMs: number;
  readonly etag: string;
  readonly plain: Buffer;
  /** Null where compressing gains nothing. */
  readonly brotli: Buffer | null;
  readonly gzip: Buffer | null;
}

/** How a file is told of. */
export interface FileHeaders {
  readonly contentType: string;
  readonly cacheControl: string;
}

function etagOf(plain: Buffer): string {
  return `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`;
}

/** Reads a file that is sent as it is. Rejects as `readFile` does. */
export async function readPlain(path: string): Promise<ServedFile> {
  const [plain, { mtimeMs }] = await Promise.all([readFile(path), stat(path)]);
  return { modifiedMs: mtimeMs, etag: etagOf(plain), plain, brotli: null, gzip: null };
}

/** Reads and compresses a file, brotli at `quality` (0 to 11). Rejects as `readFile` does. */
export async function readCompressed(path: string, quality: number): Promise<ServedFile> {
  const file = await readPlain(path);
  const brotli = await promisify(brotliCompress)(file.plain, {
    params: { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: file.plain.length },
  });
  return { ...file, brotli, gzip: await promisify(gzip)(file.plain) };
}

/** Answers a GET or HEAD with `file`, compressed where the browser takes that, or with 304 where it has it already. */
export function sendFile(
  file: ServedFile,
  { contentType, cacheControl }: FileHeaders,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  response.setHeader('etag', file.etag);
  response.setHeader('vary', 'accept-encoding');
  response.setHeader('cache-control', cacheControl);
  if (request.headers['if-none-match'] === file.etag) {
    response.writeHead(304).end();
    return;
  }
  const accepted = String(request.headers['accept-encoding'] ?? '');
  const packed = (['br', 'gzip'] as const).find(
    (encoding) => new RegExp(`\\b${encoding}\\b`).test(accepted) && bodyOf(file, encoding),
  );
  const body = (packed && bodyOf(file, packed)) ?? file.plain;
  if (packed) response.setHeader('content-encoding', packed);
  response.writeHead(200, { 'content-type': contentType, 'content-length': body.length });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function bodyOf(file: ServedFile, encoding: 'br' | 'gzip'): Buffer | null {
  return encoding === 'br' ? file.brotli : file.gzip;
}
