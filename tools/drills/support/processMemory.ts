import { readdirSync, readFileSync } from 'node:fs';

/** Resident memory of a process and of all it has started, bytes; NaN where there is no `/proc`. */
export function residentBytes(pid: number): number {
  try {
    const parents = parentsOfAll();
    let bytes = 0;
    for (const candidate of parents.keys()) if (descends(candidate, pid, parents)) bytes += ownBytes(candidate);
    return bytes;
  } catch {
    return Number.NaN;
  }
}

function parentsOfAll(): ReadonlyMap<number, number> {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = Number(field(Number(name), 'PPid'));
    if (!Number.isNaN(parent)) parents.set(Number(name), parent);
  }
  return parents;
}

function descends(pid: number, ancestor: number, parents: ReadonlyMap<number, number>): boolean {
  for (let at: number | undefined = pid; at; at = parents.get(at)) if (at === ancestor) return true;
  return false;
}

function ownBytes(pid: number): number {
  return 1024 * (Number.parseInt(field(pid, 'VmRSS'), 10) || 0);
}

/** A field of a process's status; '' if the process has ended. */
function field(pid: number, name: string): string {
  try {
    return new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '';
  } catch {
    return '';
  }
}
