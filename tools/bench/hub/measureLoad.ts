import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadFigures, LoadShape, LoadTarget } from './load';
import type { LoadGenerator } from './loadGenerator';
import type { ServerUnderTest } from './serverUnderTest';

const WARM_UP_MS = 3_000;

/** What one load did to one server. */
export interface LoadMeasurement extends LoadFigures {
  /** Cores of CPU that the server's process used. */
  readonly serverCores: number;
  /** Messages out a second of the server's CPU time. */
  readonly messagesPerCoreS: number;
  readonly rssMb: number;
}

/** Puts a load on a server: opens what rooms are missing, warms up, then measures for `seconds`. */
export async function measureLoad(
  server: ServerUnderTest,
  load: LoadGenerator,
  target: LoadTarget,
  shape: LoadShape,
  seconds: number,
): Promise<LoadMeasurement> {
  await load.open(target, shape);
  await load.start();
  await sleep(WARM_UP_MS);
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
