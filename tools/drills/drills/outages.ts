import { setTimeout as sleep } from 'node:timers/promises';
import { ParleyApiError, type ParleyClient } from '@/lib/api';
import { type Drill, exactly, type Measured } from '../drill';
import { Disturbance } from '../support/disturbance';
import { type DrillDatabase, startDatabase } from '../support/drillDatabase';
import type { DrillServer } from '../support/drillServer';
import type { DrillWorld } from '../support/drillWorld';
import { msUntil, msUntilAllHeard, wallMs } from '../support/listening';
import { gather } from '../support/meeting';

/** Only ends a drill that hangs: what is judged are its figures. */
const WAIT_MAX_MS = 120_000;
/** Longer than a stay lives without a sign of life: anyone thrown out is out by then. */
const AFTERWARDS_MS = 17_000;
const REFUSAL_MAX_MS = 1_000;

async function seatsOf(client: ParleyClient, meetingId: string): Promise<ReadonlyMap<string, number>> {
  const { people } = await client.meeting.get({ id: meetingId });
  return new Map(people.map(({ id, seat }) => [id, seat]));
}

/** Runs `outage` during a meeting on `server`, and measures whether anybody notices. */
async function measureMeeting(
  world: DrillWorld,
  server: DrillServer,
  outage: () => Promise<Measured>,
): Promise<Measured> {
  const { meetingId, crowd, page, listeners, others } = await gather(world, { crowdUrl: server.url });
  const client = world.clientOf(server.url);
  const before = await seatsOf(client, meetingId);
  const sinceMs = wallMs();
  const disturbance = new Disturbance(crowd);
  const figures = await outage();
  await sleep(AFTERWARDS_MS);
  const disturbed = disturbance.end();
  const pageLeft = (await page.moments()).filter(({ atMs, connection }) => atMs > sinceMs && connection !== 'live');
  const after = await seatsOf(client, meetingId);
  const kept = [...before].filter(([id, seat]) => after.get(id) === seat).length;
  const heardMs = await msUntilAllHeard(listeners, others, wallMs(), WAIT_MAX_MS);
  return [
    ...figures,
    { what: 'on their seat', value: kept, unit: 'people', ...exactly(others + 1) },
    ...disturbed,
    { what: 'reconnections of the page', value: pageLeft.length, unit: 'times', ...exactly(0) },
    { what: 'all heard afterwards', value: Math.max(...heardMs), unit: 'ms', atMost: 2_000 },
  ];
}

async function onDatabase(world: DrillWorld): Promise<{ database: DrillDatabase; server: DrillServer }> {
  const database = await startDatabase();
  world.after(() => database.stop());
  return { database, server: await world.otherServer({ TRUST_PROXY: 'on', DATABASE_URL: database.url }) };
}

/** What a creation is told while the database is away, and how long that takes. */
async function refusalOf(client: ParleyClient): Promise<{ readonly reason: string; readonly tookMs: number }> {
  const beganMs = performance.now();
  const reason = await client.meeting.create().then(
    () => 'created',
    (error: unknown) => (error instanceof ParleyApiError ? error.reason : String(error)),
  );
  return { reason, tookMs: performance.now() - beganMs };
}

/** As often as one address may ask for a meeting. */
const ASK_EVERY_MS = 2_000;

/** Asks for new meetings until the outage has lasted for `lengthMs`. */
async function measureRefusals(client: ParleyClient, lengthMs: number): Promise<Measured> {
  const untilMs = performance.now() + lengthMs;
  const refusals: Awaited<ReturnType<typeof refusalOf>>[] = [];
  while (performance.now() < untilMs) {
    refusals.push(await refusalOf(client));
    await sleep(ASK_EVERY_MS);
  }
  const others = refusals.filter(({ reason }) => reason !== 'unavailable').length;
  return [
    { what: 'creations not told to come back later', value: others, unit: '', ...exactly(0) },
    {
      what: 'slowest refusal',
      value: Math.max(...refusals.map(({ tookMs }) => tookMs)),
      unit: 'ms',
      atMost: REFUSAL_MAX_MS,
    },
  ];
}

/** The database is stopped, and started again. */
export const databaseAway: Drill = {
  name: 'database-away',
  passMark: 'PostgreSQL stopped for 60 s: nobody leaves, poses go on, new meetings are refused <= 1 s',
  needsServer: true,
  measuresAge: true,
  async run(world) {
    const { database, server } = await onDatabase(world);
    return measureMeeting(world, server, async () => {
      await database.halt();
      const figures = await measureRefusals(world.clientOf(server.url), world.scale.databaseAwayMs);
      await database.go();
      return figures;
    });
  },
};

/** The database keeps its connections and answers nothing, and goes on. */
export const databaseHung: Drill = {
  name: 'database-hung',
  passMark: 'PostgreSQL hung for 30 s: nobody leaves, poses go on, new meetings are refused <= 1 s',
  needsServer: true,
  measuresAge: true,
  async run(world) {
    const { database, server } = await onDatabase(world);
    return measureMeeting(world, server, async () => {
      database.freeze();
      const figures = await measureRefusals(world.clientOf(server.url), world.scale.databaseHungMs);
      database.thaw();
      return figures;
    });
  },
};

const SETTABLE_CLOCK = new URL('../support/settableClock.mjs', import.meta.url).href;

/** How far the server's clock is ahead of ours, as a new meeting shows. */
async function aheadS(client: ParleyClient): Promise<number> {
  const { meeting } = await client.meeting.create();
  return (Date.parse(meeting.createdAt) - Date.now()) / 1_000;
}

/** The server's clock is set forward by a minute, and then back by two. */
export const clockStep: Drill = {
  name: 'clock-step',
  passMark: 'the clock of the server is set by +60 s and -120 s: nobody leaves, poses go on',
  needsServer: true,
  measuresAge: true,
  async run(world) {
    const server = await world.otherServer({ TRUST_PROXY: 'on', NODE_OPTIONS: `--import ${SETTABLE_CLOCK}` });
    return measureMeeting(world, server, async () => {
      const client = world.clientOf(server.url);
      server.signal('SIGUSR2');
      await sleep(AFTERWARDS_MS);
      const forwardS = await aheadS(client);
      server.signal('SIGUSR2');
      await msUntil('the clock is set back', async () => (await aheadS(client)) < 0, WAIT_MAX_MS);
      return [
        { what: 'clock set forward', value: forwardS, unit: 's', atLeast: 55, atMost: 65 },
        { what: 'clock set back', value: -(await aheadS(client)), unit: 's', atLeast: 55, atMost: 65 },
      ];
    });
  },
};
