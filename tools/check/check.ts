import type { ParleyClient } from '@/lib/api';

/** The site that is checked, and what the check may do there. */
export interface CheckedSite {
  readonly url: string;
  readonly client: ParleyClient;
  /** Null where nobody has named it. */
  readonly opsToken: string | null;
  /** Calls `close` after the check, in reverse order. */
  after(close: () => Promise<unknown> | unknown): void;
}

/** What a check has found: a figure, and its pass mark. */
export interface Finding {
  readonly value: number;
  /** Unit as printed; '' for a count. */
  readonly unit: string;
  readonly limit: string;
  readonly ok: boolean;
}

export function atMost(value: number, limit: number, unit: string): Finding {
  return { value: rounded(value), unit, limit: `<= ${limit}`, ok: value <= limit };
}

export function exactly(value: number, limit: number, unit = ''): Finding {
  return { value: rounded(value), unit, limit: `= ${limit}`, ok: value === limit };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

/** One line of the list. */
export interface Check {
  readonly name: string;
  /** What it makes sure of, in a few words. */
  readonly what: string;
  /** Rejects with {@link CannotCheck} where it can't be carried out, or with any other error where the site fails it. */
  run(site: CheckedSite): Promise<readonly Finding[]>;
}

/** A check cannot be carried out. The message says why, and what would help. */
export class CannotCheck extends Error {}
