import { setTimeout as sleep } from 'node:timers/promises';
import { STEADY_AFTER_MS } from '@/lib/transport/entrance';
import { quantile } from '@/tools/statistics';
import type { Say } from '../benchResult';
import { HeadlessGroup } from './headlessGroup';

import type { LoadFigures, LoadGenerator, LoadShape, LoadTarget } from './load';
import { ServerUnderTest } from './servers';

/** The search ends at steps of this share of the smaller number. */
const RESOLUTION = 0.125;

/**
 * The most meetings for which `holds` is true, to an eighth: doubles until it is false, then bisects. `holds` is never asked
 * about more than `most`.
 */
export async function mostThatHolds(
  first: number,
  most: number,
  holds: (meetings: number) => Promise<boolean>,
): Promise<number> {
  let good = 0;
  let bad = Number.POSITIVE_INFINITY;
  let next = Math.min(first, most);
  for (;;) {
    if (await holds(next)) good = next;
    else bad = next;
    if (good >= most) return good;
    next = bad === Number.POSITIVE_INFINITY ? Math.min(most, good * 2) : Math.floor((good + bad) / 2);
    if (bad - good <= Math.max(1, good * RESOLUTION)) return good;
  }
}

const LOAD_WARM_UP_MS = 3_000;

/** Effect of one load on one server. */
export interface LoadMeasurement extends LoadFigures {
  /** Cores of CPU that the server's process used. */
  readonly serverCores: number;
  /** Messages sent per second of the server's CPU time. */
  readonly messagesPerCoreS: number;
  readonly rssMb: number;
}

/** Puts a server under load: opens the missing meetings, warms up, then measures for `seconds`. */
export async function measureLoad(
  server: ServerUnderTest,
  load: LoadGenerator,
  target: LoadTarget,
  shape: LoadShape,
  seconds: number,
): Promise<LoadMeasurement> {
  await load.open(target, shape);
  await load.start();
  await sleep(LOAD_WARM_UP_MS);
  await load.mark();
  const before = await server.usage();
  const beganMs = performance.now();
  await sleep(seconds * 1000);
  const after = await server.usage();
  const wallMs = performance.now() - beganMs;
  const figures = await load.stop();
  const cpuMs = after.cpuMs - before.cpuMs;
  return {
    ...figures,
    serverCores: cpuMs / wallMs,
    messagesPerCoreS: figures.receivedInTime / (cpuMs / 1000),
    rssMb: after.rssBytes / 1e6,
  };
}

const PEOPLE = 16;
const RESTART_PROCESSES = 1;
const WAIT_MAX_MS = 60_000;

const wallMs = () => performance.timeOrigin + performance.now();

async function restartOnce(
  group: HeadlessGroup,
  server: ServerUnderTest,
): Promise<{
  readonly server: ServerUnderTest;
  readonly heardMs: readonly number[];
}> {
  await server.kill();
  const again = await ServerUnderTest.start({ kind: 'hub', port: server.port, hasMedia: false });
  return { server: again, heardMs: await group.msUntilAllHeard(PEOPLE - 1, wallMs(), WAIT_MAX_MS) };
}

/** p95, ms, of the time from a killed hub being ready again until each of 16 participants hears all the others. */
export async function measureRestart(restarts: number, say: Say): Promise<number> {
  let server = await ServerUnderTest.start({ kind: 'hub', port: 0, hasMedia: false });
  const group = new HeadlessGroup(RESTART_PROCESSES);
  const all: number[] = [];
  try {
    await group.join({ port: server.port, conference: 'restart', count: PEOPLE, speaks: false });
    await group.msUntilAllHeard(PEOPLE - 1, wallMs(), WAIT_MAX_MS);
    for (let restart = 1; restart <= restarts; restart += 1) {
      // A loss sooner than that would count as the same outage, with its longer pauses.
      await sleep(STEADY_AFTER_MS + 1_000);
      const outcome = await restartOnce(group, server);
      server = outcome.server;
      all.push(...outcome.heardMs);
      say(`hub, restart ${restart}: p95 ${quantile(outcome.heardMs, 0.95).toFixed(0)} ms`);
    }
    return quantile(all, 0.95);
  } finally {
    await group.kill();
    await server.kill();
  }
}

const VOICE_WARM_UP_MS = 5_000;
const VOICE_PROCESSES = 4;

/** What sixteen open microphones cost the hub. */
export interface VoiceMeasurement {
  readonly packets: number;
  readonly lost: number;
  /** Voices heard, summed over the receivers. */
  readonly streams: number;
  /** Cores of CPU that the hub's process used. */
  readonly serverCores: number;
}

/**
 * Sixteen people in one conference, all with open microphones that send 50 Opus packets a second; the hub forwards the
 * loudest eight. Poses continue at 10 fps.
 */
export async function measureVoices(seconds: number): Promise<VoiceMeasurement> {
  const server = await ServerUnderTest.start({ kind: 'hub', port: 0, hasMedia: true });
  const group = new HeadlessGroup(VOICE_PROCESSES);
  try {
    await group.join({ port: server.port, conference: 'voices', count: PEOPLE, speaks: true });
    await sleep(VOICE_WARM_UP_MS);
    const [before, usageBefore, beganMs] = [await group.voices(), await server.usage(), performance.now()];
    await sleep(seconds * 1000);
    const [usage, wallMs] = [await server.usage(), performance.now() - beganMs];
    const after = await group.voices();
    return {
      packets: after.packets - before.packets,
      lost: after.lost - before.lost,
      streams: after.streams,
      serverCores: (usage.cpuMs - usageBefore.cpuMs) / wallMs,
    };
  } finally {
    await group.kill();
    await server.kill();
  }
}
