import { readdirSync } from 'node:fs';

/** Assumed where the system tells no limit, and where it does not tell what is open. */
const ASSUMED_MAX = 1_024;
const ASSUMED_OPEN = 128;

interface Report {
  readonly userLimits?: { readonly open_files?: { readonly soft: number | string } };
}

function descriptorsMax(): number {
  const told: unknown = process.report?.getReport();
  const report = (typeof told === 'string' ? JSON.parse(told) : told) as Report | undefined;
  const soft = report?.userLimits?.open_files?.soft;
  if (soft === 'unlimited') return Number.MAX_SAFE_INTEGER;
  return typeof soft === 'number' && soft > 0 ? soft : ASSUMED_MAX;
}

function descriptorsOpen(): number {
  try {
    return readdirSync('/dev/fd').length;
  } catch {
    return ASSUMED_OPEN;
  }
}

/**
 * How many more files and sockets this process may open, as far as the system tells. Takes some milliseconds: ask at the
 * start, once everything is open that stays open.
 */
export function descriptorsLeft(): number {
  return Math.max(0, descriptorsMax() - descriptorsOpen());
}
