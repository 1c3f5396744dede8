import type { BotStats } from './botStats';

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

/** All bots in one line: how many are where, and what flows. */
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

/** A table of what each bot has met with. */
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
