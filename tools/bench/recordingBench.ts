import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PoseDecoder } from '@/lib/codec/codec';
import { Playout } from '@/lib/playout/playout';
import { createPose } from '@/lib/pose/pose';
import { memorySource } from '@/lib/recording/byteSource';
import { readIndex } from '@/lib/recording/recordingIndex';
import { recoverRecording } from '@/lib/recording/recovery';
import { keyframeRow, planSeek } from '@/lib/recording/seekPlan';
import { openSegment, readRecords } from '@/lib/recording/segmentReader';
import { readTimeline } from '@/lib/recording/timeline';
import { seededRandom } from '@/tools/seededRandom';
import { median, quantile } from '@/tools/statistics';
import { openFileSource } from '../recording/fileSource';
import { type Bench, type BenchResult, round, type Say } from './benchResult';
import { createOurDecoder } from './codec/ourCodec';
import { loadCorpus, sayCorpus } from './motion/loadCorpus';
import { jsonMessages, readJsonLines, writeJsonLines } from './recording/jsonLines';
import { type ArrivingPacket, arrivingPackets, PEOPLE, recordingOf, writeRecording } from './recording/recordedHour';

const HOUR_MINUTES = 60;
const SEEKS = 100;
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

/** The streams of everybody, as a receiver has them. */
class Viewers {
  private readonly streams = new Map<string, { readonly decoder: PoseDecoder; readonly playout: Playout }>();
  private readonly pose = createPose();

  take(personId: string, packet: Uint8Array, arrivalMs: number): void {
    const stream = this.streams.get(personId) ?? { decoder: createOurDecoder(), playout: new Playout() };
    this.streams.set(personId, stream);
    stream.decoder.decode(packet, (pose, timeMs) => stream.playout.push(pose, timeMs, arrivalMs));
  }

  /** How many people are drawn as they were at `timeMs`. */
  drawn(timeMs: number): number {
    return [...this.streams.values()].filter(({ playout }) => playout.sample(timeMs, this.pose) === 'live').length;
  }
}

/** How long a seek takes, and how much of it is work. */
interface SeekCost {
  readonly tookMs: number;
  readonly cpuMs: number;
}

/** From asking for a moment of a recording in a file to everybody's pose of that moment. */
async function seek(path: string, index: Uint8Array, timeMs: number): Promise<SeekCost> {
  const beganMs = performance.now();
  const cpuBefore = process.cpuUsage();
  const source = await openFileSource(path);
  const { rows } = readIndex(index);
  const { fromByte, toByte, rows: wanted } = planSeek(rows, timeMs)!;
  // Nobody shares a screen: looking for one costs what it costs.
  keyframeRow(rows, 0, timeMs, MINUTE_MS);
  const bytes = await source.read(fromByte, toByte - fromByte);
  const viewers = new Viewers();
  for (const { atByte } of wanted) {
    for (const record of readRecords(openSegment(bytes.subarray(atByte - fromByte))).records) {
      if (record.type === 'pose' && record.timeMs <= timeMs) {
        viewers.take(record.track.personId, record.bytes, record.timeMs);
      }
    }
  }
  const drawn = viewers.drawn(timeMs);
  const tookMs = performance.now() - beganMs;
  const { user, system } = process.cpuUsage(cpuBefore);
  await source.close();
  if (drawn !== PEOPLE) throw new Error(`${drawn} of ${PEOPLE} people are drawn at ${timeMs} ms`);
  return { tookMs, cpuMs: (user + system) / 1000 };
}

async function measureSeeks(path: string, index: Uint8Array): Promise<SeekCost[]> {
  const random = seededRandom(2026);
  const times = Array.from({ length: SEEKS }, () => 10_000 + random() * (HOUR_MINUTES - 1) * MINUTE_MS);
  const seeks: SeekCost[] = [];
  for (const timeMs of times) seeks.push(await seek(path, index, timeMs));
  return seeks;
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
    const seeks = await measureSeeks(path, index);
    const tookMs = seeks.map((cost) => cost.tookMs);
    const cpuMs = seeks.map((cost) => cost.cpuMs);
    const torn = memorySource(bytes.subarray(0, -1));
    const recoverMs = await timed(() => recoverRecording(torn, index.subarray(0, -32)));
    const rebuildMs = await timed(() => recoverRecording(torn, null));
    const timelineMs = await timed(() => readTimeline(memorySource(bytes)));
    say(`Recovery with an index ${recoverMs.toFixed(1)} ms, without ${rebuildMs.toFixed(0)} ms`);
    return [
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
