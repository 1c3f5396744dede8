import { setTimeout as sleep } from 'node:timers/promises';
import { createParleyClient } from '@/lib/api';
import { startParley } from '@/tests/e2e/support/parleyServer';
import { quantile } from '@/tools/statistics';
import { AgeMeter } from '../drills/support/ageMeter';
import { Crowd } from '../drills/support/crowd';
import { type Bench, type BenchResult, round } from './benchResult';
import { hasNginx, startNginx } from './broadcast/nginx';
import type { ViewerOrder } from './broadcast/viewerProcess';
import type { ViewerFigures } from './broadcast/viewers';
import { ProcessLink } from './hub/processLink';

const VIEWERS = 1000;
const SEATED = 8;
const SPREAD_MS = 8000;
/** The first segments of a recording, and the first seconds of its viewers, are not measured. */
const SETTLE_MS = 9000;
const BEHIND_MAX_MS = 2500;
const BITS = 8;

const VIEWER_PROCESS = new URL('./broadcast/viewerProcess.ts', import.meta.url).pathname;

/** The p95 of the ages of poses between those who sit, over `spanMs`. */
async function ageP95Ms(crowd: Crowd, spanMs: number): Promise<number> {
  const meter = new AgeMeter(crowd.bots, crowd.bots);
  await sleep(spanMs);
  return meter.endP95Ms();
}

function rows(figures: ViewerFigures, spanS: number, beforeMs: number, duringMs: number): BenchResult[] {
  const row = (name: string, value: number, unit: string, target: number | null = null): BenchResult => ({
    name: `broadcast.${name}`,
    value: round(value, 2),
    unit,
    target,
    better: 'lower',
    peer: [],
  });
  const { behindMs, segments, passedOn, looksPassedOn, bytes, early, failures } = figures;
  return [
    row('origin_requests_per_segment', passedOn / segments, 'requests', 1),
    row('origin_looks_per_s', looksPassedOn / spanS, 'requests/s'),
    row('behind_ms_p50', quantile(behindMs, 0.5), 'ms'),
    row('behind_ms_p95', quantile(behindMs, 0.95), 'ms', BEHIND_MAX_MS),
    row('viewer_kbps', (bytes * BITS) / 1000 / spanS / VIEWERS, 'kbit/s'),
    row('early_requests', early, 'requests', 0),
    row('failed_requests', failures, 'requests', 0),
    row('pose_age_ms_p95_before', beforeMs, 'ms'),
    row('pose_age_ms_p95_during', duringMs, 'ms'),
  ];
}

/** Eight who move, recorded, and a thousand who watch that live through nginx, set up as the sample has it. */
export const broadcastBench: Bench = async ({ seconds }, say) => {
  if (!hasNginx) {
    say('SKIPPED: this machine has no nginx. On Debian: apt-get install nginx-light');
    return [];
  }
  const spanMs = seconds * 1000;
  const server = await startParley({ TRUST_PROXY: 'on' });
  const nginx = await startNginx(server.url);
  const client = createParleyClient({ url: server.url });
  const { id, hostToken } = await client.meeting.create({ title: 'Broadcast' });
  const crowd = await Crowd.join({ url: server.url, client, meetingId: id, count: SEATED });
  const viewers = ProcessLink.start<ViewerOrder, ViewerFigures | null>(VIEWER_PROCESS, []);
  try {
    await client.recording.start({ id, hostToken });
    await sleep(SETTLE_MS);
    say(`${SEATED} people are recorded; nobody watches yet`);
    const beforeMs = await ageP95Ms(crowd, spanMs);
    const { filesUrl } = await client.recording.live({ id });
    const cachedUrl = `${nginx.url}${new URL(filesUrl).pathname}`;
    say(`${VIEWERS} viewers come within ${SPREAD_MS / 1000} s`);
    await viewers.ask({ kind: 'start', filesUrl: cachedUrl, count: VIEWERS, spreadMs: SPREAD_MS });
    await sleep(SETTLE_MS);
    await viewers.ask({ kind: 'take' });
    const duringMs = await ageP95Ms(crowd, spanMs);
    const figures = (await viewers.ask({ kind: 'take' }))!;
    return rows(figures, seconds, beforeMs, duringMs);
  } finally {
    await viewers.kill();
    await crowd.leave();
    await nginx.stop();
    await server.stop();
  }
};
