import { readFileSync } from 'node:fs';
import { UsageError } from '@/tools/command/command';
import { seededRandom } from '@/tools/seededRandom';

/** A reliable, ordered network from sender to receiver. */
export interface Network {
  readonly name: string;
  /** Mean transit without stalls: what a latency owes to the network. */
  readonly meanMs: number;
  /** When messages sent at `sentMs` (rising) arrive. Each `seed` is another run of the same network. */
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
/** What a stall held back arrives within this time after it. */
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

/** 50 ms +- 20 ms, uniformly distributed. */
export const jitterNetwork: Network = {
  name: 'jitter',
  meanMs: JITTER_MIN_MS + JITTER_SPREAD_MS / 2,
  arrivals(sentMs, seed) {
    const random = seededRandom(seed);
    return inOrder(sentMs.map((ms) => ms + JITTER_MIN_MS + JITTER_SPREAD_MS * random()));
  },
};

/** Bursty Wi-Fi: 40 ms with a short tail; 14 times a minute nothing arrives for 200 to 400 ms. */
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

/** A measured network: one-way delays in ms, message by message, in a loop. */
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

/** No message is under way for a minute. */
const DELAY_MAX_MS = 60_000;

function readDelay(line: string, number: number): number {
  const delayMs = Number(line);
  if (Number.isFinite(delayMs) && delayMs >= 0 && delayMs <= DELAY_MAX_MS) return delayMs;
  throw new UsageError(`Line ${number} of the trace must be a delay from 0 to ${DELAY_MAX_MS} ms; it is "${line}".`);
}

/**
 * Reads a trace: one-way delays in ms, one per line; empty lines and lines that begin with # are skipped.
 * @throws UsageError for a line that is no delay, and for a trace without delays
 */
export function parseTrace(text: string): number[] {
  const delaysMs: number[] = [];
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line !== '' && !line.startsWith('#')) delaysMs.push(readDelay(line, index + 1));
  }
  if (delaysMs.length === 0) throw new UsageError('The trace has no delays. Write one per line, in ms.');
  return delaysMs;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`The trace cannot be read: ${(error as Error).message}`);
  }
}

/** Reads a trace from a file. @throws UsageError as `parseTrace`, and if the file cannot be read */
export function readTrace(path: string): number[] {
  return parseTrace(readText(path));
}
