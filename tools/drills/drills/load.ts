import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { ParleyApiError } from '@/lib/api';
import { SEATS_MAX } from '@/lib/core/meeting';
import { seededRandom } from '@/tools/seededRandom';
import { quantile } from '@/tools/statistics';
import { type Drill, exactly } from '../drill';
import { Disturbance } from '../support/disturbance';
import { type DrillWorld, nextAddress } from '../support/drillWorld';
import { msUntilAllHeard, wallMs } from '../support/listening';
import { gather } from '../support/meeting';
import type { PageParticipant } from '../support/pageParticipant';

const STORM_MS = 1_000;
const JOIN_MAX_MS = 5_000;
const WAIT_MAX_MS = 60_000;
const REQUESTS = 32;

/** How many of 32 concurrent requests get a seat; NaN if one was refused for another reason than a full meeting. */
async function seatedOf32(world: DrillWorld): Promise<number> {
  const client = world.clientOf(world.url, nextAddress());
  const { id } = await client.meeting.create({ maxParticipants: SEATS_MAX });
  const asked = Array.from({ length: REQUESTS }, (_, index) =>
    client.meeting.join({ id, role: 'participant', name: `Guest ${index}` }),
  );
  const answers = await Promise.allSettled(asked);
  const refusals = answers.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
  const isFull = ({ reason }: PromiseRejectedResult) => reason instanceof ParleyApiError && reason.reason === 'full';
  return refusals.every(isFull) ? REQUESTS - refusals.length : Number.NaN;
}

async function exactRaces(world: DrillWorld): Promise<number> {
  let exact = 0;
  for (let race = 0; race < world.scale.seatRaces; race += 1) {
    if ((await seatedOf32(world)) === SEATS_MAX) exact += 1;
  }
  return exact;
}

/** Sixteen join in one second from one address; then, repeatedly, 32 ask at once for 16 seats. */
export const joinStorm: Drill = {
  name: 'join-storm',
  passMark: '16 joins in 1 s from one IP: all in <= 5 s p95; of 32 exactly 16 are seated, every time',
  needsServer: true,
  async run(world) {
    const meetingId = await world.createMeeting();
    const sinceMs = wallMs();
    const crowd = await world.crowd({ url: world.url, meetingId, count: SEATS_MAX, spreadMs: STORM_MS });
    const heardMs = await msUntilAllHeard(crowd.members, SEATS_MAX - 1, sinceMs, WAIT_MAX_MS);
    const seats = new Set(crowd.bots.map((bot) => bot.stats().seat));
    const exact = await exactRaces(world);
    return [
      { what: 'in the conference, p95', value: quantile(crowd.tookMs, 0.95), unit: 'ms', atMost: JOIN_MAX_MS },
      { what: 'hears all, from the first join, p95', value: quantile(heardMs, 0.95), unit: 'ms', atMost: JOIN_MAX_MS },
      { what: 'seats taken', value: seats.size, unit: '', ...exactly(SEATS_MAX) },
      { what: 'races with exactly 16 seated', value: exact, unit: '', ...exactly(world.scale.seatRaces) },
    ];
  },
};

const SOCKETS = 8;
const FLOOD_WAIT_MAX_MS = 30_000;
const SEED = 4711;
/** Pause between an attacker's connections: the attack shares the listeners' process and must not starve it. */
const BREATH_MS = 40;
const PATHS = ['/xmpp-websocket', '/xmpp-websocket?room=x&token=y', '/colibri-ws/hub/a/b?pwd=x', '/nowhere'];

/** Texts that are neither XML nor JSON, some of which begin like them. */
function garbage(random: () => number): string | Buffer {
  const kinds = [
    () => '<open',
    () => '<'.repeat(10_000),
    () => '<a xmlns="urn:ietf:params:xml:ns:xmpp-framing">&lol;</a>',
    () => '{"colibriClass":'.repeat(100),
    () => '['.repeat(4_000),
    () => '\u0000',
    () => 'x'.repeat(70_000),
    () => Buffer.from(Array.from({ length: 2_000 }, () => Math.floor(random() * 256))),
  ];
  return kinds[Math.floor(random() * kinds.length)]!();
}

/** One attacker: connects and sends garbage, over and over, until `untilMs`. Returns the number of messages sent. */
async function attack(jitsi: string, random: () => number, untilMs: number): Promise<number> {
  let sent = 0;
  while (performance.now() < untilMs) {
    const path = PATHS[Math.floor(random() * PATHS.length)]!;
    sent += await attackOnce(new WebSocket(jitsi + path, ['xmpp']), random);
    await sleep(BREATH_MS);
  }
  return sent;
}

function attackOnce(socket: WebSocket, random: () => number): Promise<number> {
  let sent = 0;
  return new Promise((resolve) => {
    socket.on('open', () => {
      for (; sent < 5; sent += 1) socket.send(garbage(random));
      socket.close();
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => resolve(sent));
  });
}

/** Attackers send garbage to both kinds of sockets during a meeting, on some 200 connections a second. */
export const garbageFlood: Drill = {
  name: 'garbage-flood',
  passMark: 'the meeting is not disturbed: no packet lost, newest pose <= 25 ms old p95, no reconnection',
  needsServer: false,
  async run(world) {
    const { crowd, listeners, others, page } = await gather(world);
    const jitsi = (await world.jitsi()).url.replace(/^http/, 'ws');
    const random = seededRandom(SEED);
    const sinceMs = wallMs();
    const untilMs = performance.now() + world.scale.steadyMs;
    // Created only now: before, a browser was starting on the same cores.
    const disturbance = new Disturbance(crowd);
    const attackers = Array.from({ length: SOCKETS }, () => attack(jitsi, random, untilMs));
    const sent = (await Promise.all(attackers)).reduce((sum, count) => sum + count, 0);
    const disturbed = disturbance.end();
    const heardMs = await msUntilAllHeard(listeners, others, wallMs(), FLOOD_WAIT_MAX_MS);
    const pageLeft = (await page.moments()).filter(
      ({ atMs, connection }) => atMs > sinceMs && connection !== 'live',
    ).length;
    return [
      { what: 'messages of garbage', value: sent, unit: '', atLeast: 100 },
      ...disturbed,
      { what: 'reconnections of the page', value: pageLeft, unit: 'times', ...exactly(0) },
      { what: 'all heard afterwards', value: Math.max(...heardMs), unit: 'ms', atMost: 2_000 },
    ];
  },
};

const SOAK_WAIT_MAX_MS = 120_000;
const LOOK_MS = 20_000;
/** Growth of the heap that compiled code explains; a leak of a meeting would exceed it. */
const GROWTH_MAX_PERCENT = 10;

/** The smallest heap in the first and in the last minute, or quarter of a shorter soak. */
async function heaps(page: PageParticipant, soakMs: number): Promise<{ firstBytes: number; lastBytes: number }> {
  const spanMs = Math.min(60_000, soakMs / 4);
  const lookMs = Math.min(LOOK_MS, spanMs / 2);
  const least = async () => {
    const bytes: number[] = [];
    for (let passedMs = 0; passedMs < spanMs; passedMs += lookMs) {
      bytes.push(await page.heapBytes());
      await sleep(lookMs);
    }
    return Math.min(...bytes);
  };
  const firstBytes = await least();
  await sleep(soakMs - 2 * spanMs);
  return { firstBytes, lastBytes: await least() };
}

/** Three pages stay open. */
export const soak: Drill = {
  name: 'soak',
  passMark: 'three pages, 10 minutes: no reconnection, no growing heap',
  needsServer: false,
  measuresDrawing: true,
  async run(world) {
    const meetingId = await world.createMeeting();
    const pages: PageParticipant[] = [];
    for (const name of ['One', 'Two', 'Three']) pages.push(await world.page({ url: world.url, meetingId, name }));
    await msUntilAllHeard(pages, 2, wallMs(), SOAK_WAIT_MAX_MS);
    const measured = await Promise.all(pages.map((page) => heaps(page, world.scale.soakMs)));
    const growth = measured.map(({ firstBytes, lastBytes }) => (100 * (lastBytes - firstBytes)) / firstBytes);
    for (const { firstBytes, lastBytes } of measured) {
      world.say(`  heap ${(firstBytes / 1e6).toFixed(2)} MB -> ${(lastBytes / 1e6).toFixed(2)} MB`);
    }
    const moments = (await Promise.all(pages.map((page) => page.moments()))).flat();
    const reconnections = moments.filter(({ connection }) => connection === 'reconnecting').length;
    const heardMs = await msUntilAllHeard(pages, 2, wallMs(), SOAK_WAIT_MAX_MS);
    return [
      { what: 'reconnections', value: reconnections, unit: '', ...exactly(0) },
      { what: 'heap grew by at most', value: Math.max(...growth), unit: '%', atMost: GROWTH_MAX_PERCENT },
      { what: 'all heard at the end', value: Math.max(...heardMs), unit: 'ms', atMost: 2_000 },
    ];
  },
};
