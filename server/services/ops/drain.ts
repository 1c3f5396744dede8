import type { Scheduler } from '@/lib/core/clock';
import type { Log } from '@/lib/core/log';
import type { Census } from '@/server/store/meetingStore';

const LOOK_MS = 1_000;

export interface DrainParts {
  /** Counts who is in meetings now. May reject. */
  census(): Promise<Census>;
  /** Tells everybody that the process ends, at the latest in so many milliseconds. */
  announce(inMs: number): void;
  readonly scheduler: Scheduler;
  readonly log: Log;
}

/** Whether new meetings are refused: as operators want it, or before the process ends. Those in progress go on. */
export class Drain {
  private isBegun = false;
  private isEnding = false;

  constructor(private readonly parts: DrainParts) {}

  get isOn(): boolean {
    return this.isBegun;
  }

  /** Refuses new meetings from now on. */
  begin(): void {
    this.isBegun = true;
  }

  /** Takes new meetings again, unless the process is about to end. */
  end(): void {
    this.isBegun = this.isEnding;
  }

  /** Begins, and resolves once nobody is in a meeting, or after `maxMs`. Never rejects. */
  async untilEmpty(maxMs: number): Promise<void> {
    const { scheduler, announce, log } = this.parts;
    const endMs = scheduler.nowMs() + maxMs;
    this.isEnding = true;
    this.begin();
    if (maxMs > 0) {
      announce(maxMs);
      log.info('waiting for meetings to end', { maxMs });
    }
    while (scheduler.nowMs() < endMs && !(await this.isEmpty())) {
      const leftMs = Math.max(endMs - scheduler.nowMs(), 0);
      await new Promise<void>((resolve) => scheduler.schedule(resolve, Math.min(LOOK_MS, leftMs)));
    }
  }

  /** A database that is away says nothing about the meetings, which go on. */
  private async isEmpty(): Promise<boolean> {
    const census = await this.parts.census().catch(() => null);
    return census !== null && census.participants + census.spectators === 0;
  }
}
