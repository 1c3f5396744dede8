import { quantile } from '@/tools/statistics';
import { type Bench, type BenchResult, round, type Say } from './benchResult';

import { LoadGenerator, type LoadShape, type LoadTarget } from './hub/load';
import {
  type LoadMeasurement,
  measureLoad,
  measureRestart,
  measureVoices,
  mostThatHolds,
  type VoiceMeasurement,
} from './hub/measurements';
import { SERVER_KINDS, type ServerKind, ServerUnderTest } from './hub/servers';

const STANDARD: LoadShape = { meetings: 1, seats: 16, fps: 20 };
/** Enough messages to measure the CPU time of one. */
const HEAVY: LoadShape = { ...STANDARD, meetings: 8 };
/** A meeting of sixteen uses the tier `low`. */
const MEETING_FPS = 10;
const MEETING_P95_MAX_MS = 50;
const FIRST_MEETINGS = 8;
/** Two sockets a seat, and the hub takes 4096. */
const MEETINGS_MAX = 128;
const STORMS = 5;
const STORM_SEATS = 16;
const STORM_MS = 1_000;
const RESTARTS = 3;
const AUDIO_SECONDS_MAX = 20;

/** All measurements of one server under poses. */
interface PoseFigures {
  readonly standard: LoadMeasurement;
  readonly heavy: LoadMeasurement;
  readonly meetings: number;
  readonly stormP95Ms: number;
}

const lossPercent = ({ expected, received }: LoadMeasurement) => (100 * (expected - received)) / expected;

function describe(measurement: LoadMeasurement): string {
  const { expected, received, p50Ms, p95Ms, serverCores, loadCores, messagesPerCoreS, rssMb } = measurement;
  return [
    `${received} of ${expected} arrived`,
    `p50 ${p50Ms.toFixed(2)} ms, p95 ${p95Ms.toFixed(2)} ms`,
    `server ${serverCores.toFixed(2)} cores, load ${loadCores.toFixed(2)}`,
    `${messagesPerCoreS.toFixed(0)} messages/s a core`,
    `${rssMb.toFixed(0)} MB`,
  ].join('; ');
}

async function storms(load: LoadGenerator, target: LoadTarget): Promise<number> {
  const joinMs: number[] = [];
  // The first storm fills the caches and does not count.
  await load.storm(target, STORM_SEATS, STORM_MS);
  for (let storm = 0; storm < STORMS; storm += 1) joinMs.push(...(await load.storm(target, STORM_SEATS, STORM_MS)));
  return quantile(joinMs, 0.95);
}

async function searchMeetings(server: ServerUnderTest, target: LoadTarget, seconds: number, say: Say): Promise<number> {
  return mostThatHolds(FIRST_MEETINGS, MEETINGS_MAX, async (meetings) => {
    const load = new LoadGenerator();
    try {
      const shape = { meetings, seats: 16, fps: MEETING_FPS };
      const measured = await measureLoad(server, load, target, shape, seconds);
      say(`  ${meetings} meetings: ${describe(measured)}`);
      return measured.p95Ms <= MEETING_P95_MAX_MS && measured.received === measured.expected;
    } finally {
      await load.kill();
    }
  });
}

async function withServer<Result>(
  kind: ServerKind,
  use: (server: ServerUnderTest, target: LoadTarget) => Promise<Result>,
): Promise<Result> {
  const server = await ServerUnderTest.start({ kind, port: 0, hasMedia: false });
  try {
    return await use(server, { kind, port: server.port });
  } finally {
    await server.kill();
  }
}

async function withLoad<Result>(use: (load: LoadGenerator) => Promise<Result>): Promise<Result> {
  const load = new LoadGenerator();
  try {
    return await use(load);
  } finally {
    await load.kill();
  }
}

/** Each measurement has a fresh server, whose heap holds nothing of the one before. */
async function measurePoses(kind: ServerKind, seconds: number, say: Say): Promise<PoseFigures> {
  const shortSeconds = Math.min(seconds, 10);
  const under = (shape: LoadShape, forSeconds: number) =>
    withServer(kind, (server, target) => withLoad((load) => measureLoad(server, load, target, shape, forSeconds)));
  const standard = await under(STANDARD, seconds);
  say(`${kind}, 16 x 20 fps for ${seconds} s: ${describe(standard)}`);
  const heavy = await under(HEAVY, shortSeconds);
  say(`${kind}, 8 such meetings for ${shortSeconds} s: ${describe(heavy)}`);
  const stormP95Ms = await withServer(kind, (_server, target) => withLoad((load) => storms(load, target)));
  say(`${kind}, 16 joins in 1 s, ${STORMS} times: p95 ${stormP95Ms.toFixed(1)} ms`);
  say(`${kind}, meetings of 16 at ${MEETING_FPS} fps with p95 <= ${MEETING_P95_MAX_MS} ms:`);
  const meetings = await withServer(kind, (server, target) => searchMeetings(server, target, shortSeconds / 2, say));
  return { standard, heavy, meetings, stormP95Ms };
}

type PoseResults = Readonly<Record<ServerKind, PoseFigures>>;

interface FigureKind {
  readonly name: string;
  readonly unit: string;
  readonly better: 'lower' | 'higher';
  readonly digits: number;
  target(results: PoseResults): number | null;
  value(figures: PoseFigures): number;
}

const noTarget = () => null;

const FIGURES: readonly FigureKind[] = [
  {
    name: 'hub.16x20fps.loss',
    unit: '%',
    better: 'lower',
    digits: 4,
    target: () => 0,
    value: ({ standard }) => lossPercent(standard),
  },
  {
    name: 'hub.16x20fps.latency_p50_ms',
    unit: 'ms',
    better: 'lower',
    digits: 2,
    target: noTarget,
    value: ({ standard }) => standard.p50Ms,
  },
  {
    name: 'hub.16x20fps.latency_p95_ms',
    unit: 'ms',
    better: 'lower',
    digits: 2,
    target: () => 25,
    value: ({ standard }) => standard.p95Ms,
  },
  {
    name: 'hub.messages_per_core_s',
    unit: 'messages/s',
    better: 'higher',
    digits: 0,
    target: ({ ws }) => ws.heavy.messagesPerCoreS / 2,
    value: ({ heavy }) => heavy.messagesPerCoreS,
  },
  {
    name: 'hub.meetings_per_core',
    unit: 'meetings',
    better: 'higher',
    digits: 0,
    target: noTarget,
    value: ({ meetings }) => meetings,
  },
  {
    name: 'hub.rss_mb',
    unit: 'MB',
    better: 'lower',
    digits: 1,
    target: noTarget,
    value: ({ standard }) => standard.rssMb,
  },
  {
    name: 'hub.join_storm_p95_ms',
    unit: 'ms',
    better: 'lower',
    digits: 1,
    target: () => 5_000,
    value: ({ stormP95Ms }) => stormP95Ms,
  },
];

function resultOf({ name, unit, better, digits, target, value }: FigureKind, results: PoseResults): BenchResult {
  const wanted = target(results);
  const peer = SERVER_KINDS.filter((kind) => kind !== 'hub').map((kind) => ({
    name: kind,
    value: round(value(results[kind]), digits),
  }));
  const rounded = wanted === null ? null : round(wanted, digits);
  return { name, value: round(value(results.hub), digits), unit, target: rounded, better, peer };
}

function voiceResults({ packets, lost, serverCores }: VoiceMeasurement): BenchResult[] {
  const loss = round((100 * lost) / Math.max(1, packets + lost), 4);
  return [
    { name: 'hub.audio16.loss', value: loss, unit: '%', target: 0, better: 'lower', peer: [] },
    {
      name: 'hub.audio16.cpu_cores',
      value: round(serverCores, 3),
      unit: 'cores',
      target: null,
      better: 'lower',
      peer: [],
    },
  ];
}

async function audioBench(seconds: number, say: Say): Promise<BenchResult[]> {
  const voices = await measureVoices(seconds);
  const { packets, lost, streams, serverCores } = voices;
  const heard = `${packets} voice packets received, ${lost} lost; ${streams} voices heard in all`;
  say(`hub, 16 open microphones for ${seconds} s: ${heard}; hub ${serverCores.toFixed(2)} cores`);
  return voiceResults(voices);
}

async function restartBench(say: Say): Promise<BenchResult> {
  const p95Ms = await measureRestart(RESTARTS, say);
  const name = 'hub.restart_recovery_p95_ms';
  return { name, value: round(p95Ms, 0), unit: 'ms', target: 3_000, better: 'lower', peer: [] };
}

/** The hub, a bare `ws` broadcast server and socket.io rooms, all under the same clients. */
export const hubBench: Bench = async ({ seconds }, say) => {
  const audio = await audioBench(Math.min(seconds, AUDIO_SECONDS_MAX), say);
  const restart = await restartBench(say);
  const hub = await measurePoses('hub', seconds, say);
  const ws = await measurePoses('ws', seconds, say);
  const socketIo = await measurePoses('socket.io', seconds, say);
  const results: PoseResults = { hub, ws, 'socket.io': socketIo };
  return [...FIGURES.map((figure) => resultOf(figure, results)), ...audio, restart];
};
