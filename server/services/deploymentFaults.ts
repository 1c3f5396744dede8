import type { Clock } from '@/lib/core/clock';
import { type DeploymentFault, FAULT_SENTENCES } from '@/lib/core/deploymentFault';
import type { Log } from '@/lib/core/log';

/** One line a fault in this time, however many clients report it. */
const LINE_EVERY_MS = 3_600_000;

/** Longest text of a client that the log takes, UTF-16 units. */
const SAID_MAX_UNITS = 200;

/** Control and format characters, halves of surrogate pairs, and separators of every kind. */
const UNPRINTABLE = /[\p{C}\p{Z}]+/gu;

/** A client's text as one short line that says nothing but its letters. */
function tidy(said: string): string {
  const line = said
    .slice(0, 4 * SAID_MAX_UNITS)
    .replace(UNPRINTABLE, ' ')
    .trim();
  return line.slice(0, SAID_MAX_UNITS).toWellFormed();
}

interface DeploymentFaultsParts {
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * What clients report about the Jitsi deployment, for its operator: counted, and logged once an hour for each fault. Anybody who
 * has joined a meeting is a client, so a report may be made up: it costs a line of that fault at most.
 */
export class DeploymentFaults {
  private readonly reports = new Map<DeploymentFault, number>();
  private readonly lineAtMs = new Map<DeploymentFault, number>();

  constructor(private readonly parts: DeploymentFaultsParts) {}

  /** Reports so far, of those faults that were reported at all. */
  get counts(): ReadonlyMap<DeploymentFault, number> {
    return this.reports;
  }

  /** @param said What a server of the deployment said, or where; '' if there is nothing to quote. */
  note(fault: DeploymentFault, said: string): void {
    const { clock, log } = this.parts;
    const reports = (this.reports.get(fault) ?? 0) + 1;
    this.reports.set(fault, reports);
    const nowMs = clock.nowMs();
    if (nowMs - (this.lineAtMs.get(fault) ?? Number.NEGATIVE_INFINITY) < LINE_EVERY_MS) return;
    this.lineAtMs.set(fault, nowMs);
    log.warn('a client reports a fault of the Jitsi deployment', {
      fault,
      meaning: FAULT_SENTENCES[fault],
      said: tidy(said) || undefined,
      reports,
    });
  }
}
