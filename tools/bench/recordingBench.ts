import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memorySource } from '@/lib/recording/byteSource';
import { recoverRecording } from '@/lib/recording/recovery';
import { openSegment, readRecords } from '@/lib/recording/segmentReader';
import { readTimeline } from '@/lib/recording/timeline';
import { seededRandom } from '@/tools/seededRandom';
import { median, quantile } from '@/tools/statistics';
import { type Bench, type BenchResult, round, type Say } from './benchResult';
import { loadCorpus, sayCorpus } from './motion/loadCorpus';
import { jsonMessages, readJsonLines, writeJsonLines } from './recording/jsonLines';
import { lipSyncErrorsMs } from './recording/lipSync';
import { type ArrivingPacket, arrivingPackets, PEOPLE, recordingOf, writeRecording } from './recording/recordedHour';
import { ServedRecording, showMoment } from './recording/servedRecording';

const HOUR_MINUTES = 60;
const SEEKS = 100;
const OPENS = 20;
const ROUNDS = 5;
const MB = 1_000_000;
const MINUTE_MS = 60_000;

const PEER = 'JSON lines';

interface Costs {
  readonly mbPerHour: number;
  readonly writeShare: number;
  readonly readShare: number;
}

/** CPU time of `run`, ms: the middle of several, after one that warms up. */
function cpuMsOf(run: () => void): number {
  run();
  const times = Array.from({ length: ROUNDS }, () => {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return median(times);
}

function readSegments(segments: readonly Uint8Array[]): void {
  for (const bytes of segments) readRecords(openSegment(bytes));
}

/** A minute written and read, as shares of a core that does so all the time. */
function ourCosts(minute: readonly ArrivingPacket[]): Costs {
  const segments: Uint8Array[] = [];
  writeRecording(minute, (bytes) => segments.push(bytes.slice()));
  const sizeBytes = segments.reduce((sum, { length }) => sum + length, 0);
  return {
    mbPerHour: (sizeBytes * HOUR_MINUTES) / MB,
    writeShare: cpuMsOf(() => writeRecording(minute, () => {})) / MINUTE_MS,
    readShare: cpuMsOf(() => readSegments(segments)) / MINUTE_MS,
  };
}

function jsonCosts(minute: readonly ArrivingPacket[]): Costs {
  const messages = jsonMessages(minute);
  const lines = writeJsonLines(messages);
  const sizeBytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
  return {
    mbPerHour: (sizeBytes * HOUR_MINUTES) / MB,
    writeShare: cpuMsOf(() => writeJsonLines(messages)) / MINUTE_MS,
    readShare: cpuMsOf(() => readJsonLines(lines)) / MINUTE_MS,
  };
}

/** How long something takes, and how much of it is work. */
interface Cost {
  readonly tookMs: number;
  readonly cpuMs: number;
}

async function costOf(run: () => Promise<unknown>): Promise<Cost> {
  const beganMs = performance.now();
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return { tookMs: performance.now() - beganMs, cpuMs: (user + system) / 1000 };
}

/** From asking for a moment of an hour at an address to everybody's pose of that moment, each time as somewhere not yet read. */
async function measureSeeks(served: ServedRecording): Promise<Cost[]> {
  const random = seededRandom(2026);
  const costs: Cost[] = [];
  for (let k = 0; k < SEEKS; k += 1) {
    const replay = await served.open();
    const timeMs = Math.round(10_000 + random() * (HOUR_MINUTES - 1) * MINUTE_MS);
    costs.push(await costOf(() => showMoment(replay, timeMs)));
    replay.close();
  }
  return costs;
}

/** From an address to everybody's pose of the first second. */
async function measureOpens(served: ServedRecording): Promise<number[]> {
  const times: number[] = [];
  for (let k = 0; k < OPENS; k += 1) {
    const { tookMs } = await costOf(async () => {
      const replay = await served.open();
      await showMoment(replay, replay.fromMs + 1000);
      replay.close();
    });
    times.push(tookMs);
  }
  return times;
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const beganMs = performance.now();
  await run();
  return performance.now() - beganMs;
}

/** An hour in a file: seeks, what is whole of it after a crash, and its time line. */
async function measureHour(packets: readonly ArrivingPacket[], say: Say): Promise<BenchResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-bench-'));
  try {
    const { bytes, index } = recordingOf(packets);
    const path = join(folder, 'hour.parley');
    writeFileSync(path, bytes);
    say(`An hour of ${PEOPLE} people: ${(bytes.length / MB).toFixed(1)} MB, index ${index.length} bytes`);
    const served = new ServedRecording(bytes, index);
    await served.start();
    const opens = await measureOpens(served);
    const seeks = await measureSeeks(served);
    served.close();
    const tookMs = seeks.map((cost) => cost.tookMs);
    const cpuMs = seeks.map((cost) => cost.cpuMs);
    const lipSyncMs = await lipSyncErrorsMs();
    const torn = memorySource(bytes.subarray(0, -1));
    const recoverMs = await timed(() => recoverRecording(torn, index.subarray(0, -32)));
    const rebuildMs = await timed(() => recoverRecording(torn, null));
    const timelineMs = await timed(() => readTimeline(memorySource(bytes)));
    say(`Recovery with an index ${recoverMs.toFixed(1)} ms, without ${rebuildMs.toFixed(0)} ms`);
    return [
      result('open_ms', round(median(opens), 1), 'ms', null),
      result('lipsync_ms_p95', round(quantile(lipSyncMs, 0.95), 1), 'ms', 40),
      result('seek_ms_p95', round(quantile(tookMs, 0.95), 1), 'ms', 300),
      result('seek_cpu_ms_p95', round(quantile(cpuMs, 0.95), 1), 'ms', null),
      result('recover_ms', round(recoverMs, 1), 'ms', null),
      result('rebuild_ms', round(rebuildMs, 0), 'ms', null),
      result('timeline_ms', round(timelineMs, 0), 'ms', null),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function result(
  name: string,
  value: number,
  unit: string,
  target: number | null,
  peer: BenchResult['peer'] = [],
): BenchResult {
  return { name: `recording.${name}`, value, unit, target, better: 'lower', peer };
}

function sharePercent(share: number): number {
  return round(share * 100, 3);
}

/** The recording's format beside a recorder of JSON lines: size, cost of writing and reading, seeks, recovery. */
export const recordingBench: Bench = async ({ clipsDir, facePath }, say) => {
  const corpus = loadCorpus(clipsDir, { facePath, say });
  sayCorpus(corpus, say);
  const hour = arrivingPackets(corpus, HOUR_MINUTES);
  const minute = hour.filter(({ timeMs }) => timeMs < MINUTE_MS);
  const bareMb = hour.reduce((sum, { bytes }) => sum + bytes.length, 0) / MB;
  const ours = ourCosts(minute);
  const json = jsonCosts(minute);
  say(`The packets alone take ${bareMb.toFixed(1)} MB an hour`);
  return [
    result('mb_per_hour', round(ours.mbPerHour, 1), 'MB', null, [
      { name: 'packets alone', value: round(bareMb, 1) },
      { name: PEER, value: round(json.mbPerHour, 0) },
    ]),
    result('write_core_percent', sharePercent(ours.writeShare), '%', 3, [
      { name: PEER, value: sharePercent(json.writeShare) },
    ]),
    result('read_core_percent', sharePercent(ours.readShare), '%', null, [
      { name: PEER, value: sharePercent(json.readShare) },
    ]),
    ...(await measureHour(hour, say)),
  ];
};
