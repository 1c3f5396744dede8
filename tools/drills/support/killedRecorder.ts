import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { IndexRow } from '@/lib/recording/recordingIndex';
import { type Recovery, recoverRecording } from '@/lib/recording/recovery';
import { openSegment, readRecords } from '@/lib/recording/segmentReader';
import { INDEX_FILE, SEGMENTS_FILE } from '@/server/store/recordings/recordingFiles';
import { exactly, type Measured } from '../drill';

/** How often the killed recorder is fed, in the recording's time; a divisor of a second. */
const FED_EVERY_MS = 50;
/** Of so many kills some hit the moment at which a segment is being kept. */
const MANY_KILLS = 200;
/** Whose poses it is fed. */
const FED_PEOPLE = ['a', 'b'];

const ID = '0123456789abcdef0123456789abcdef';
const SEGMENT_MS = 1000;
/** A recorder is killed within this time of its start: it begins, recovers, and keeps some segments. */
const KILLED_WITHIN_MS = 150;

async function compile(folder: string): Promise<string> {
  const outfile = join(folder, 'recorder.mjs');
  const entry = fileURLToPath(new URL('recorderProcess.ts', import.meta.url));
  await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' });
  return outfile;
}

/** What a recorder has said before it was killed; -1 for nothing. */
interface Said {
  readonly fedMs: number;
  readonly kept: number;
}

async function runAndKill(program: string, folder: string, fromMs: number, delayMs: number): Promise<Said> {
  const args = [program, folder, ID, String(fromMs), String(FED_EVERY_MS), ...FED_PEOPLE];
  const recorder = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  let complaint = '';
  recorder.stdout.on('data', (data) => (said += data));
  recorder.stderr.on('data', (data) => (complaint += data));
  await Promise.race([once(recorder.stdout, 'data'), once(recorder, 'exit')]);
  await sleep(delayMs);
  recorder.kill('SIGKILL');
  if (recorder.exitCode === null && recorder.signalCode === null) await once(recorder, 'close');
  if (complaint !== '') throw new Error(`the recorder failed: ${complaint}`);
  const last = (word: string) => Number(said.match(new RegExp(`.*^${word} (\\d+)$`, 'ms'))?.[1] ?? -1);
  return { fedMs: last('fed'), kept: last('kept') };
}

/** Segments that lack poses: of those that are neither the first of a take nor cut off, all are expected. */
function incompleteIn(all: Buffer, rows: readonly IndexRow[]): number {
  const expected = (SEGMENT_MS / FED_EVERY_MS) * FED_PEOPLE.length;
  const isIncomplete = ({ atByte, sizeBytes }: IndexRow) => {
    const segment = openSegment(all.subarray(atByte, atByte + sizeBytes));
    const { records } = readRecords(segment);
    const isFirst = records.some((record) => record.type === 'event' && record.event.kind === 'takeBegan');
    return !isFirst && records.filter(({ type }) => type === 'pose').length < expected;
  };
  return rows.filter(isIncomplete).length;
}

/**
 * Kills a recorder `kills` times with `kill -9`, each time at a random point of its work on the same recording, and measures
 * what each leaves behind. `random`: 0 .. 1.
 */
export async function killRecorder(kills: number, random: () => number): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-killed-'));
  const counts = { opened: 0, resumed: 0, keptLost: 0, changed: 0, incomplete: 0, inWrite: 0, mostLostMs: 0 };
  try {
    const program = await compile(folder);
    let fromMs = 0;
    let before: { readonly all: Buffer; readonly recovery: Recovery } | null = null;
    for (let kill = 0; kill < kills; kill += 1) {
      const said = await runAndKill(program, folder, fromMs, random() * KILLED_WITHIN_MS);
      const after = await readKilled(folder);
      const last = after?.recovery.rows.at(-1)?.number ?? -1;
      const lostMs = Math.max(0, said.fedMs - Math.max(fromMs, (last + 1) * SEGMENT_MS));
      counts.opened += after || said.kept < 0 ? 1 : 0;
      counts.keptLost += Math.max(0, said.kept - last);
      counts.mostLostMs = Math.max(counts.mostLostMs, lostMs);
      counts.inWrite += lostMs === SEGMENT_MS ? 1 : 0;
      const takeBefore = before ? before.recovery.resume.take : 0;
      counts.resumed += said.kept < 0 || (after?.recovery.resume.take ?? 0) === takeBefore + 1 ? 1 : 0;
      if (before) {
        const wholeBytes = before.recovery.wholeBytes;
        const isSame = after?.all.subarray(0, wholeBytes).equals(before.all.subarray(0, wholeBytes)) ?? false;
        counts.changed += isSame ? 0 : 1;
      }
      const known = before?.recovery.rows.length ?? 0;
      if (after) counts.incomplete += incompleteIn(after.all, after.recovery.rows.slice(known));
      before = after ?? before;
      fromMs = Math.max(0, Math.ceil((said.fedMs + 1) / FED_EVERY_MS) * FED_EVERY_MS);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return [
    { what: 'recordings that open', value: counts.opened, unit: '', ...exactly(kills) },
    { what: 'recordings that went on', value: counts.resumed, unit: '', ...exactly(kills) },
    { what: 'most lost', value: counts.mostLostMs / SEGMENT_MS, unit: 's', atMost: 1 },
    { what: 'segments lost that were said to be kept', value: counts.keptLost, unit: '', ...exactly(0) },
    { what: 'segments that lack something', value: counts.incomplete, unit: '', ...exactly(0) },
    { what: 'kills after which earlier bytes were others', value: counts.changed, unit: '', ...exactly(0) },
    // A few kills may all miss the moment, of many none does.
    {
      what: 'kills while a segment was being kept',
      value: counts.inWrite,
      unit: '',
      atLeast: kills < MANY_KILLS ? 0 : 1,
    },
  ];
}

/** What is left of the recording; null if no segment is whole. */
async function readKilled(folder: string): Promise<{ all: Buffer; recovery: Recovery } | null> {
  const fileOf = (name: string) => join(folder, ID, name);
  if (!existsSync(fileOf(SEGMENTS_FILE))) return null;
  const all = readFileSync(fileOf(SEGMENTS_FILE));
  const index = existsSync(fileOf(INDEX_FILE)) ? readFileSync(fileOf(INDEX_FILE)) : null;
  const source = { sizeBytes: all.length, read: async (at: number, size: number) => all.subarray(at, at + size) };
  try {
    return { all, recovery: await recoverRecording(source, index) };
  } catch {
    return null;
  }
}
