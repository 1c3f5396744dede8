import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import Negotiator from 'negotiator';
import type { Log } from '@/lib/core/log';

/** For an address that names its content, which never changes. */
export const FOREVER = 'public, max-age=31536000, immutable';

/** In order of preference. */
const ENCODINGS = ['br', 'gzip', 'identity'] as const;
const COMPRESSED = ['br', 'gzip'] as const;

type Encoding = (typeof ENCODINGS)[number];
type Compressed = (typeof COMPRESSED)[number];

/** A file in memory, plain and compressed. */
interface FileContent {
  /** SHA-256 of the plain bytes, base64url, 132 bits of it. */
  readonly hash: string;
  readonly bodies: ReadonlyMap<Encoding, Buffer>;
}

/** How a file is kept and sent. */
export interface CachedFileOptions {
  readonly contentType: string;
  readonly cacheControl: string;
  /** Quality of brotli, 0 to 11; null for a file that is not worth compressing. */
  readonly brotliQuality: number | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** Throws for bytes that must not be sent; asked once for each content. */
  readonly check?: (bytes: Buffer) => void;
  /** Folder of compressed bodies that the build has kept, by what they are made of; it need not exist. */
  readonly keptIn?: string;
}

/** A file served from memory: read and compressed once, and again when it has changed on the disk. */
export class CachedFile {
  private content: Promise<FileContent> | null = null;
  private modifiedMs = Number.NaN;

  constructor(
    private readonly path: string,
    private readonly options: CachedFileOptions,
  ) {}

  /** The content as currently on the disk. Rejects as `readFile` and {@link CachedFileOptions.check} do. */
  async read(): Promise<FileContent> {
    const { mtimeMs } = await stat(this.path);
    if (!this.content || this.modifiedMs !== mtimeMs) {
      this.modifiedMs = mtimeMs;
      this.content = load(this.path, this.options);
    }
    return this.content.catch((error: unknown) => {
      this.content = null;
      throw error;
    });
  }

  /** Compresses the content into the folder of kept bodies, for other starts. Rejects as `read` does. */
  async keep(): Promise<void> {
    const { brotliQuality, keptIn } = this.options;
    const { hash, bodies } = await this.read();
    if (brotliQuality === null || !keptIn) return;
    await mkdir(keptIn, { recursive: true });
    for (const encoding of COMPRESSED) {
      // Whole or not at all: others may read it.
      const making = join(keptIn, randomUUID());
      await writeFile(making, bodies.get(encoding)!);
      await rename(making, join(keptIn, keptName(hash, encoding, brotliQuality)));
    }
  }

  /** Answers a GET or HEAD. Rejects as `readFile` does, with nothing sent. */
  async send(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { hash, bodies } = await this.read();
    const { contentType, cacheControl, headers } = this.options;
    const encoding = chooseEncoding(request, bodies);
    const tags = [...bodies.keys()].map((each) => tagOf(hash, each));
    const common = { ...headers, etag: tagOf(hash, encoding), vary: 'accept-encoding', 'cache-control': cacheControl };
    if (hasMatchingTag(request, tags)) return void response.writeHead(304, common).end();
    const body = bodies.get(encoding)!;
    response.writeHead(200, {
      ...common,
      ...(encoding !== 'identity' && { 'content-encoding': encoding }),
      'content-type': contentType,
      'content-length': body.length,
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  }
}

/** Whether a request is a GET or HEAD. */
export function isRead({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** Whether the client has one of the representations tagged `tags` (`If-None-Match`, compared weakly). */
export function hasMatchingTag(request: IncomingMessage, tags: readonly string[]): boolean {
  const known = request.headers['if-none-match'] ?? '';
  return known.trim() === '*' || (known.match(/"[^"]*"/g) ?? []).some((tag) => tags.includes(tag));
}

/** Runs `send`, and answers 404 if it finds no file; any other failure is logged and answered with 500. */
export function answerFile(response: ServerResponse, log: Log, send: () => Promise<void>): void {
  send().catch((error: NodeJS.ErrnoException) => {
    const isMissing = error.code === 'ENOENT';
    if (!isMissing) log.error('a file could not be read', { error: String(error) });
    if (response.headersSent) response.destroy();
    else response.writeHead(isMissing ? 404 : 500, { 'cache-control': 'no-store' }).end();
  });
}

async function load(path: string, { brotliQuality, check, keptIn }: CachedFileOptions): Promise<FileContent> {
  const plain = await readFile(path);
  check?.(plain);
  const hash = createHash('sha256').update(plain).digest('base64url').slice(0, 22);
  const bodies = new Map<Encoding, Buffer>([['identity', plain]]);
  if (brotliQuality === null) return { hash, bodies };
  for (const encoding of COMPRESSED) {
    const kept = keptIn && (await readFile(join(keptIn, keptName(hash, encoding, brotliQuality))).catch(() => null));
    bodies.set(encoding, kept || (await compress(plain, encoding, brotliQuality)));
  }
  return { hash, bodies };
}

function keptName(hash: string, encoding: Compressed, brotliQuality: number): string {
  return encoding === 'gzip' ? `${hash}.gzip` : `${hash}-${brotliQuality}.br`;
}

function compress(plain: Buffer, encoding: Compressed, brotliQuality: number): Promise<Buffer> {
  if (encoding === 'gzip') return promisify(gzip)(plain);
  return promisify(brotliCompress)(plain, { params: brotliParams(brotliQuality, plain.length) });
}

function brotliParams(quality: number, sizeBytes: number): Record<number, number> {
  return { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: sizeBytes };
}

/** A tag of its own for each representation. */
function tagOf(hash: string, encoding: Encoding): string {
  return encoding === 'identity' ? `"${hash}"` : `"${hash}-${encoding}"`;
}

/** The smallest body that the client accepts; the plain one if it accepts none. */
function chooseEncoding(request: IncomingMessage, bodies: ReadonlyMap<Encoding, Buffer>): Encoding {
  const accepted = new Negotiator(request).encodings([...ENCODINGS]);
  return ENCODINGS.find((encoding) => bodies.has(encoding) && accepted.includes(encoding)) ?? 'identity';
}
