import { setPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { obey } from '@/tools/bench/hub/processLink';
import type { FloodAnswer, FloodOrder } from './pageFlood';

// Those that flood a site have machines of their own, and so take none of the cores that serve it.
setPriority(19);

const REQUEST_MAX_MS = 20_000;

/** Each caller has an address of its own, from the block for benchmarks. */
function addressOf(caller: number): string {
  return `198.19.${Math.floor(caller / 256) % 256}.${caller % 256}`;
}

async function statusOf(url: string, address: string): Promise<string> {
  try {
    const headers = { 'x-forwarded-for': address, accept: 'text/html,application/json' };
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(REQUEST_MAX_MS) });
    await response.arrayBuffer();
    return String(response.status);
  } catch {
    return 'none';
  }
}

/** Asks for `url` at a steady rate, however slowly it answers; resolves with the answers by status. */
async function flood(urls: readonly string[], perSecond: number, forMs: number, callers: number) {
  const counts: Record<string, number> = {};
  const beganMs = performance.now();
  const answers: Promise<void>[] = [];
  for (let sent = 0; performance.now() - beganMs < forMs; sent += 1) {
    const answer = statusOf(urls[sent % urls.length]!, addressOf(1 + (sent % callers)));
    answers.push(
      answer.then((status) => {
        counts[status] = (counts[status] ?? 0) + 1;
      }),
    );
    await sleep(Math.max(0, beganMs + ((sent + 1) * 1000) / perSecond - performance.now()));
  }
  await Promise.all(answers);
  return counts;
}

obey<FloodOrder, FloodAnswer>(async ({ pageUrls, getUrl, pagesPerSecond, getsPerSecond, forMs }) => {
  const [pages, gets] = await Promise.all([
    flood(pageUrls, pagesPerSecond, forMs, 10_000),
    flood([getUrl], getsPerSecond, forMs, 1),
  ]);
  return { pages, gets };
});
