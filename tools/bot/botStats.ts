import type { Attendance } from '@/lib/attend/attendance';
import type { HeadlessAttendanceOptions } from '@/lib/attend/headless';
import type { Tier } from '@/lib/core/meeting';
import type { SendingStats } from '@/lib/meeting/stats';
import type { VoiceStats } from '@/lib/transport/headless/voice/voiceBook';
import type { PoseAgeStats } from './poseMeter';

/** Who a bot is and where it goes. */
export interface BotOptions extends Omit<HeadlessAttendanceOptions, 'createExchange'> {
  /** Whether the other participants run in this process. Then ages are absolute, otherwise relative to the fastest packet. */
  readonly sharesClock?: boolean;
}

/** How much was received from one remote participant. */
export interface Received {
  readonly personId: string;
  /** Pose frames received, across all connections. */
  readonly poses: number;
  /** Packets that never arrived, on the current connection. */
  readonly lost: number;
  /** When the newest pose arrived, on `systemClock`; 0 before the first. */
  readonly lastPoseAtMs: number;
}

/** What was received from one remote participant. */
export interface OtherStats extends Received {
  readonly name: string;
  /** Frames per second, over the last two seconds. */
  readonly poseFps: number;
  /** How old poses were on arrival, milliseconds; see {@link BotOptions.sharesClock}. */
  readonly poseAgeMs: PoseAgeStats;
}

/** What a bot has sent and received: a snapshot. */
export interface BotStats {
  readonly phase: Attendance['state']['phase'];
  readonly personId: string | null;
  readonly seat: number | null;
  /** The tier it sends at; the announced one if it sends nothing. */
  readonly tier: Tier | null;
  readonly posesSent: number;
  readonly posesSkipped: number;
  readonly bytesSent: number;
  /** How its poses are sent and arrive; null if it sends none. */
  readonly sending: SendingStats | null;
  readonly others: readonly OtherStats[];
  /** Packets of others that were dropped on the current connection, by reason (`anonymous`: it is not known whose they are). */
  readonly dropped: Readonly<Record<string, number>>;
  /** Voices received, by endpoint id. */
  readonly voices: ReadonlyMap<string, VoiceStats>;
  /** How often the connection was lost. */
  readonly reconnects: number;
}

/** One bot's figures, as `--json` prints them. */
export interface BotReport extends Omit<BotStats, 'voices'> {
  readonly name: string;
  readonly voices: ReadonlyArray<{ readonly endpointId: string } & Record<string, number | string>>;
}

export function reportOf(name: string, { voices, ...stats }: BotStats): BotReport {
  const list = Array.from(voices, ([endpointId, figures]) => ({ endpointId, ...figures }));
  return { name, ...stats, voices: list };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const most = (values: readonly number[]) => values.reduce((greatest, value) => Math.max(greatest, value), 0);

/** All bots in one line: phases and traffic. */
export function statusLine(bots: readonly BotStats[], elapsedSeconds: number): string {
  const phases = new Map<string, number>();
  for (const { phase } of bots) phases.set(phase, (phases.get(phase) ?? 0) + 1);
  const others = bots.flatMap((bot) => bot.others);
  const parts = [
    `${Math.floor(elapsedSeconds)} s`,
    Array.from(phases, ([phase, count]) => `${count} ${phase}`).join(', '),
    `${sum(bots.map(({ posesSent }) => posesSent))} poses sent`,
    `${sum(others.map(({ poseFps }) => poseFps)).toFixed(0)} poses/s in`,
    `${sum(others.map(({ lost }) => lost))} lost`,
    `age p95 ${most(others.map(({ poseAgeMs }) => poseAgeMs.p95)).toFixed(0)} ms`,
  ];
  const voices = bots.flatMap((bot) => [...bot.voices.values()]);
  if (voices.length > 0)
    parts.push(
      `${sum(voices.map(({ packets }) => packets))} voice packets, ${sum(voices.map(({ lost }) => lost))} lost`,
    );
  const reconnects = sum(bots.map((bot) => bot.reconnects));
  if (reconnects > 0) parts.push(`${reconnects} reconnects`);
  return parts.join(' · ');
}

/** A table of what each bot sent and received. */
export function summary(reports: readonly BotReport[]): string {
  return reports
    .flatMap((report) => [headline(report), ...report.others.map(otherLine), ...report.voices.map(voiceLine)])
    .join('\n');
}

function headline({ name, phase, seat, posesSent, posesSkipped, bytesSent, reconnects }: BotReport): string {
  const place = seat === null ? 'watching' : `seat ${seat + 1}`;
  const sent = `${posesSent} poses sent (${(bytesSent / 1000).toFixed(1)} kB, ${posesSkipped} skipped)`;
  return `${name}: ${phase}, ${place}, ${sent}, ${reconnects} reconnects`;
}

function otherLine({ name, poses, lost, poseAgeMs }: BotReport['others'][number]): string {
  const { p50, p95 } = poseAgeMs;
  return `  from ${name}: ${poses} poses, ${lost} lost, age p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms`;
}

function voiceLine({ endpointId, packets, lost, jitterMs }: BotReport['voices'][number]): string {
  return `  voice ${endpointId}: ${packets} packets, ${lost} lost, jitter ${Number(jitterMs).toFixed(1)} ms`;
}
