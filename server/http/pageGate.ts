import { readdirSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join, sep } from 'node:path';
import type { Clock } from '@/lib/core/clock';
import { type BucketRate, callerKey, KeyedTokenBuckets } from '@/server/limits/tokenBuckets';
import { retryHeaders } from './refusals';
import { callerAddress } from './request';

/** Renders or sends a page. */
export type HandlePage = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** How many pages may be rendered. */
export interface PageLimits {
  /** Pages of one address. */
  readonly rate: BucketRate;
  /** Pages that are being rendered at the same time. */
  readonly atOnce: number;
  /** Requests that wait for that. */
  readonly queueMax: number;
  readonly waitMaxMs: number;
  /** How long a page that nobody waits for any longer may still be in the making: it costs the same as one for somebody. */
  readonly forNobodyMaxMs: number;
}

/** An office behind one address opens its pages at nine sharp; a page takes some 20 ms of a core. */
export const PAGE_LIMITS: PageLimits = {
  rate: { burst: 120, perSecond: 10 },
  atOnce: 4,
  queueMax: 32,
  waitMaxMs: 3_000,
  forNobodyMaxMs: 10_000,
};

const BUSY_RETRY_MS = 3_000;

interface Waiting {
  readonly begin: () => void;
  readonly giveUp: NodeJS.Timeout;
}

export interface PageGateOptions {
  readonly limits: PageLimits;
  readonly proxyHops: number;
  readonly clock: Clock;
  /** Addresses of files, which cost nothing to speak of. */
  readonly files: ReadonlySet<string>;
}

/** Lets requests through to the pages at the rate at which pages can be rendered, and tells the others when to come back. */
export class PageGate {
  private readonly buckets: KeyedTokenBuckets;
  private readonly queue = new Set<Waiting>();
  private rendering = 0;

  constructor(private readonly options: PageGateOptions) {
    this.buckets = new KeyedTokenBuckets(options.limits.rate, options.clock);
  }

  /** Calls `handlePage` when it is the request's turn, or answers 503. Rejects as `handlePage` does. */
  async pass(request: IncomingMessage, response: ServerResponse, handlePage: HandlePage): Promise<void> {
    const [path = ''] = (request.url ?? '').split('?');
    if (this.options.files.has(path)) return handlePage(request, response);
    const waitMs = this.buckets.take(callerKey(callerAddress(request, this.options.proxyHops)));
    if (waitMs > 0) return sendBusy(response, waitMs);
    if (!(await this.turn(response))) return sendBusy(response, BUSY_RETRY_MS);
    try {
      await endOf(handlePage(request, response), response, this.options.limits.forNobodyMaxMs);
    } finally {
      this.next();
    }
  }

  /** Resolves with true when the request may be rendered, with false if it has to wait too long or is gone. */
  private async turn(response: ServerResponse): Promise<boolean> {
    const { atOnce, queueMax, waitMaxMs } = this.options.limits;
    if (this.rendering < atOnce) {
      this.rendering += 1;
      return true;
    }
    if (this.queue.size >= queueMax) return false;
    return new Promise((resolve) => {
      const refuse = () => {
        if (this.queue.delete(waiting)) resolve(false);
        clearTimeout(waiting.giveUp);
      };
      const waiting: Waiting = { begin: () => resolve(true), giveUp: setTimeout(refuse, waitMaxMs) };
      this.queue.add(waiting);
      response.once('close', refuse);
    });
  }

  private next(): void {
    const [waiting] = this.queue;
    if (!waiting) {
      this.rendering -= 1;
      return;
    }
    // The place passes on.
    this.queue.delete(waiting);
    clearTimeout(waiting.giveUp);
    waiting.begin();
  }
}

/** Settles as `page` does, but resolves `maxMs` after its reader has gone if it is not made by then. */
function endOf(page: Promise<void>, response: ServerResponse, maxMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let giveUp: NodeJS.Timeout | undefined;
    const onClose = () => {
      giveUp = setTimeout(resolve, maxMs);
    };
    if (response.destroyed) onClose();
    else response.once('close', onClose);
    page.then(resolve, reject).finally(() => {
      response.off('close', onClose);
      clearTimeout(giveUp);
    });
  });
}

/** A page that comes back by itself and needs nothing else from here. */
function sendBusy(response: ServerResponse, retryAfterMs: number): void {
  if (response.destroyed || response.headersSent) return;
  const seconds = Math.ceil(retryAfterMs / 1000);
  const body = `<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="${seconds}">
<meta name="viewport" content="width=device-width"><title>Parley</title>
<p>Many people are opening pages right now. This page tries again in ${seconds} s.</p>
<p lang="zh-Hans">现在打开页面的人很多。此页面将在 ${seconds} 秒后重试。</p></html>
`;
  response.writeHead(503, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    ...retryHeaders(retryAfterMs),
  });
  response.end(body);
}

function filesUnder(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  } catch {
    return [];
  }
}

/** The addresses under which Next sends files as they are: those of the build's `static` folder and of `public`. */
export function pageFiles(root: string): ReadonlySet<string> {
  const addressesOf = (folder: string, prefix: string) =>
    filesUnder(folder).map((path) => encodeURI(`${prefix}${path.slice(folder.length).split(sep).join('/')}`));
  const built = addressesOf(join(root, '.next', 'static'), '/_next/static');
  return new Set([...built, ...addressesOf(join(root, 'public'), '')]);
}
