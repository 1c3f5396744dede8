import { readFileSync } from 'node:fs';
import { BenchError } from '../benchError';

/** A minute is more than any message is under way. */
const DELAY_MAX_MS = 60_000;

function readDelay(line: string, number: number): number {
  const delayMs = Number(line);
  if (Number.isFinite(delayMs) && delayMs >= 0 && delayMs <= DELAY_MAX_MS) return delayMs;
  throw new BenchError(`Line ${number} of the trace: expected a delay of 0 to ${DELAY_MAX_MS} ms, found "${line}".`);
}

/**
 * Reads a trace: one-way delays in ms, one a line; empty lines and lines that begin with # count nothing.
 * @throws BenchError with the line, where it is no delay, and where there is none at all.
 */
export function parseTrace(text: string): number[] {
  const delaysMs: number[] = [];
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line !== '' && !line.startsWith('#')) delaysMs.push(readDelay(line, index + 1));
  }
  if (delaysMs.length === 0) throw new BenchError('The trace has no delays; one a line is expected, in ms.');
  return delaysMs;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new BenchError(`The trace can't be read: ${(error as Error).message}`);
  }
}

/** Reads a trace from a file. @throws BenchError, as `parseTrace`, and where the file can't be read. */
export function readTrace(path: string): number[] {
  return parseTrace(readText(path));
}
