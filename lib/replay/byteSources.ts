import type { ByteSource } from '@/lib/recording/byteSource';
import { ReplayError } from './replayError';

/** Bytes that are fetched and kept together: small enough to come at once, large enough to hold some seconds of a meeting. */
const BLOCK_BYTES = 256 * 1024;
/** Most bytes that are kept, an hour of a usual meeting. */
const KEPT_MAX_BYTES = 64 * 1024 * 1024;

/** Reads bytes by HTTP as `fetch` does. */
export type FetchBytes = (url: string, init?: RequestInit) => Promise<Response>;

/** The answer to a request that must succeed. @throws ReplayError `notFound`, `expired`, `unreachable` */
async function fetchOk(fetchBytes: FetchBytes, url: string, init?: RequestInit): Promise<Response> {
  const response = await fetchBytes(url, init).catch((error: unknown) => {
    throw ReplayError.unreachable(error);
  });
  if (!response.ok) throw ReplayError.ofStatus(response.status);
  return response;
}

async function bodyOf(response: Response): Promise<Uint8Array> {
  const buffer = await response.arrayBuffer().catch((error: unknown) => {
    throw ReplayError.unreachable(error);
  });
  return new Uint8Array(buffer);
}

/** All bytes at an address. @throws ReplayError */
export async function fetchAll(fetchBytes: FetchBytes, url: string, init?: RequestInit): Promise<Uint8Array> {
  return bodyOf(await fetchOk(fetchBytes, url, init));
}

/** A file on a server, read in ranges (RFC 9110, 14). `sizeBytes` are its bytes, which a recording under way outgrows. */
export function httpSource(url: string, sizeBytes: number, fetchBytes: FetchBytes): ByteSource {
  return {
    sizeBytes,
    read: async (atByte, count) => {
      const toByte = Math.min(sizeBytes, atByte + count);
      if (toByte <= atByte) return new Uint8Array(0);
      const response = await fetchOk(fetchBytes, url, { headers: { range: `bytes=${atByte}-${toByte - 1}` } });
      const bytes = await bodyOf(response);
      // A server that knows no ranges sends the whole.
      const asked = response.status === 206 ? bytes : bytes.subarray(atByte, toByte);
      if (asked.length !== toByte - atByte) throw ReplayError.unreachable(new Error('The answer is cut off.'));
      return asked;
    },
  };
}

/** A file of the person's own. */
export function fileSource(file: Blob): ByteSource {
  return {
    sizeBytes: file.size,
    read: async (atByte, count) => {
      const buffer = await file
        .slice(atByte, atByte + count)
        .arrayBuffer()
        .catch((error: unknown) => {
          throw ReplayError.unreadable(error);
        });
      return new Uint8Array(buffer);
    },
  };
}

/** Keeps what was read of another source, in blocks; neighbouring blocks that are missing are read at once. */
export class CachedSource implements ByteSource {
  /** By number, that used longest ago first. */
  private readonly blocks = new Map<number, Promise<Uint8Array>>();

  constructor(
    private readonly source: ByteSource,
    private readonly keptMaxBytes = KEPT_MAX_BYTES,
  ) {}

  get sizeBytes(): number {
    return this.source.sizeBytes;
  }

  async read(atByte: number, sizeBytes: number): Promise<Uint8Array> {
    const end = Math.min(this.sizeBytes, atByte + sizeBytes);
    const out = new Uint8Array(Math.max(0, end - atByte));
    if (out.length === 0) return out;
    const first = Math.floor(atByte / BLOCK_BYTES);
    const last = Math.floor((end - 1) / BLOCK_BYTES);
    const blocks = await Promise.all(this.take(first, last));
    for (const [k, block] of blocks.entries()) {
      const blockAt = (first + k) * BLOCK_BYTES;
      const from = Math.max(atByte, blockAt);
      const to = Math.min(end, blockAt + block.length);
      out.set(block.subarray(from - blockAt, to - blockAt), from - atByte);
    }
    return out;
  }

  /** Reads the block of `atByte` again, and those after it: the source has grown there. */
  forgetFrom(atByte: number): void {
    const first = Math.floor(atByte / BLOCK_BYTES);
    for (const at of this.blocks.keys()) if (at >= first) this.blocks.delete(at);
  }

  private take(first: number, last: number): Promise<Uint8Array>[] {
    const taken: Promise<Uint8Array>[] = [];
    for (let at = first; at <= last; at += 1) {
      if (!this.blocks.has(at)) this.ask(at, last);
      const block = this.blocks.get(at)!;
      this.blocks.delete(at);
      this.blocks.set(at, block);
      taken.push(block);
    }
    this.forgetOldest(last - first + 1);
    return taken;
  }

  /** Asks for the missing blocks from `from` on, up to the next one that is there. */
  private ask(from: number, last: number): void {
    let to = from;
    while (to < last && !this.blocks.has(to + 1)) to += 1;
    const bytes = this.source.read(from * BLOCK_BYTES, (to - from + 1) * BLOCK_BYTES);
    for (let at = from; at <= to; at += 1) {
      const place = (at - from) * BLOCK_BYTES;
      const block = bytes.then((whole) => whole.slice(place, place + BLOCK_BYTES));
      this.blocks.set(at, block);
      // What failed is asked for again; those that wait for it hear of it themselves.
      block.catch(() => this.blocks.get(at) === block && this.blocks.delete(at));
    }
  }

  private forgetOldest(inUse: number): void {
    const most = Math.max(inUse, Math.floor(this.keptMaxBytes / BLOCK_BYTES));
    for (const at of this.blocks.keys()) {
      if (this.blocks.size <= most) return;
      this.blocks.delete(at);
    }
  }
}
