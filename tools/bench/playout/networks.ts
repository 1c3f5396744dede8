import { readFileSync } from 'node:fs';
import { UsageError } from '@/tools/command/command';
import { seededRandom } from '@/tools/seededRandom';

/** A way from sender to receiver, reliable and ordered. */
export interface Network {
  readonly name: string;
  /** Mean of the ways' own time, the stalls left out: what is called "the network" in a latency. */
  readonly meanMs: number;
  /** When what is sent at `sentMs` (rising) arrives, one a message; every `seed` another run of the same network. */
  arrivals(sentMs: readonly number[], seed: number): number[];
}

const JITTER_MIN_MS = 30;
const JITTER_SPREAD_MS = 40;

const WIFI_MIN_MS = 40;
const WIFI_TAIL_MEAN_MS = 8;
const WIFI_TAIL_MAX_MS = 60;
const STALL_MIN_MS = 200;
const STALL_SPREAD_MS = 200;
const STALL_GAP_MEAN_MS = 4000;
const FIRST_GAP_MIN_MS = 1000;
const FIRST_GAP_MEAN_MS = 3000;
const STALLS_UNTIL_MS = 1_000_000;
/** What waited for the end of a stall arrives within this time. */
const RELEASE_MS = 1;

interface Stall {
  readonly fromMs: number;
  readonly toMs: number;
}

const exponential = (random: () => number, meanMs: number) => -meanMs * Math.log(1 - random());

function stallsOf(random: () => number): Stall[] {
  const stalls: Stall[] = [];
  let fromMs = FIRST_GAP_MIN_MS + exponential(random, FIRST_GAP_MEAN_MS);
  while (fromMs < STALLS_UNTIL_MS) {
    const lastsMs = STALL_MIN_MS + STALL_SPREAD_MS * random();
    stalls.push({ fromMs, toMs: fromMs + lastsMs });
    fromMs += lastsMs + exponential(random, STALL_GAP_MEAN_MS);
  }
  return stalls;
}

function inOrder(arrivalsMs: number[]): number[] {
  for (let k = 1; k < arrivalsMs.length; k += 1) arrivalsMs[k] = Math.max(arrivalsMs[k]!, arrivalsMs[k - 1]!);
  return arrivalsMs;
}

/** 50 ms, give or take 20, evenly spread. */
export const jitterNetwork: Network = {
  name: 'jitter',
  meanMs: JITTER_MIN_MS + JITTER_SPREAD_MS / 2,
  arrivals(sentMs, seed) {
    const random = seededRandom(seed);
    return inOrder(sentMs.map((ms) => ms + JITTER_MIN_MS + JITTER_SPREAD_MS * random()));
  },
};

/** Bursty Wi-Fi: 40 ms and a short tail, and 14 times a minute nothing at all for 200 to 400 ms. */
export const wifiNetwork: Network = {
  name: 'wifi',
  meanMs: WIFI_MIN_MS + WIFI_TAIL_MEAN_MS,
  arrivals(sentMs, seed) {
    const random = seededRandom(seed);
    const stalls = stallsOf(random);
    const arrive = (ms: number) => {
      const free = ms + WIFI_MIN_MS + Math.min(WIFI_TAIL_MAX_MS, exponential(random, WIFI_TAIL_MEAN_MS));
      const stall = stalls.find(({ fromMs, toMs }) => free >= fromMs && free < toMs);
      return stall ? stall.toMs + RELEASE_MS * random() : free;
    };
    return inOrder(sentMs.map(arrive));
  },
};

/** A network that was measured: one-way delays in ms, message after message, from the beginning again at their end. */
export function traceNetwork(delaysMs: readonly number[]): Network {
  return {
    name: 'trace',
    meanMs: delaysMs.reduce((sum, ms) => sum + ms, 0) / delaysMs.length,
    arrivals(sentMs, seed) {
      const start = seed % delaysMs.length;
      return inOrder(sentMs.map((ms, k) => ms + delaysMs[(start + k) % delaysMs.length]!));
    },
  };
}

/** A minute is more than any message is under way. */
const DELAY_MAX_MS = 60_000;

function readDelay(line: string, number: number): number {
  const delayMs = Number(line);
  if (Number.isFinite(delayMs) && delayMs >= 0 && delayMs <= DELAY_MAX_MS) return delayMs;
  throw new UsageError(`Line ${number} of the trace: expected a delay of 0 to ${DELAY_MAX_MS} ms, found "${line}".`);
}

/**
 * Reads a trace: one-way delays in ms, one a line; empty lines and lines that begin with # count nothing.
 * @throws UsageError with the line, where it is no delay, and where there is none at all.
 */
export function parseTrace(text: string): number[] {
  const delaysMs: number[] = [];
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line !== '' && !line.startsWith('#')) delaysMs.push(readDelay(line, index + 1));
  }
  if (delaysMs.length === 0) throw new UsageError('The trace has no delays; one a line is expected, in ms.');
  return delaysMs;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`The trace can't be read: ${(error as Error).message}`);
  }
}

/** Reads a trace from a file. @throws UsageError, as `parseTrace`, and where the file can't be read. */
export function readTrace(path: string): number[] {
  return parseTrace(readText(path));
}
