import { statfs } from 'node:fs/promises';
import type { Census } from '@/server/store/meetingStore';
import type { SiteSample } from './siteMetrics';

/** A database that has not answered by then counts as away. */
const ANSWER_MAX_MS = 2_000;

/** The parts of a sample that are waited for. */
type LookedUp = 'isDatabaseUp' | 'census' | 'messagesQueued' | 'oldestMessageAtMs' | 'diskFreeBytes';

export interface SamplerParts {
  readonly everyMs: number;
  readonly dataDir: string;
  census(): Promise<Census>;
  /** Of the messages on their way to webhooks. */
  queue(): Promise<{ readonly depth: number; readonly oldestAtMs: number | null }>;
  /** The parts of the sample that are known without waiting. */
  known(): Omit<SiteSample, LookedUp>;
  readonly onSample: (sample: SiteSample) => void;
}

async function within<Value>(work: Promise<Value>, maxMs: number): Promise<Value | null> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, maxMs, null);
  });
  try {
    return await Promise.race([work.catch(() => null), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

/** Bytes free for this account on the disk of a folder; null if that can't be told. */
async function freeBytes(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}

/** Looks at the site every few seconds, so that a scrape or a probe waits for nothing. */
export class Sampler {
  private timer: NodeJS.Timeout | null = null;
  private isClosed = false;
  /** The newest sample; null before the first. */
  latest: SiteSample | null = null;

  constructor(private readonly parts: SamplerParts) {}

  start(): void {
    void this.look();
  }

  private async sample(): Promise<SiteSample> {
    const { dataDir, census, queue, known } = this.parts;
    const [counted, queued, diskFreeBytes] = await Promise.all([
      within(census(), ANSWER_MAX_MS),
      within(queue(), ANSWER_MAX_MS),
      freeBytes(dataDir),
    ]);
    return {
      isDatabaseUp: counted !== null,
      census: counted,
      messagesQueued: queued?.depth ?? null,
      oldestMessageAtMs: queued?.oldestAtMs ?? null,
      diskFreeBytes,
      ...known(),
    };
  }

  close(): void {
    this.isClosed = true;
    if (this.timer) clearTimeout(this.timer);
  }

  private async look(): Promise<void> {
    const sample = await this.sample();
    if (this.isClosed) return;
    this.latest = sample;
    this.parts.onSample(sample);
    this.timer = setTimeout(() => void this.look(), this.parts.everyMs);
    this.timer.unref();
  }
}
