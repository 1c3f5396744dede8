import { WebSocket } from 'ws';
import { seededRandom } from '@/tools/seededRandom';
import { type Drill, exactly } from '../drill';
import { AgeMeter } from '../support/ageMeter';
import type { Crowd } from '../support/crowd';
import { msUntilAllHeard, wallMs } from '../support/listening';
import { gather } from './meeting';

const SOCKETS = 8;
const WAIT_MAX_MS = 30_000;
const AGE_MAX_MS = 100;
const SEED = 4711;
/** Between two of an attacker's connections: the attack runs in the listeners' process and must not starve them itself. */
const BREATH_MS = 40;
const PATHS = ['/xmpp-websocket', '/xmpp-websocket?room=x&token=y', '/colibri-ws/hub/a/b?pwd=x', '/nowhere'];

/** Pieces that are neither XML nor JSON, and some that begin as if they were. */
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

/** One attacker: connects, throws garbage until it is thrown out, and again, until `untilMs`. Counts the pieces. */
async function attack(origin: string, random: () => number, untilMs: number): Promise<number> {
  let thrown = 0;
  while (performance.now() < untilMs) {
    const path = PATHS[Math.floor(random() * PATHS.length)]!;
    thrown += await attackOnce(new WebSocket(origin + path, ['xmpp']), random);
    await new Promise((resolve) => setTimeout(resolve, BREATH_MS));
  }
  return thrown;
}

function attackOnce(socket: WebSocket, random: () => number): Promise<number> {
  let thrown = 0;
  return new Promise((resolve) => {
    socket.on('open', () => {
      for (; thrown < 5; thrown += 1) socket.send(garbage(random));
      socket.close();
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => resolve(thrown));
  });
}

function reconnectsOf({ bots }: Crowd): number {
  return bots.reduce((sum, bot) => sum + bot.stats().reconnects, 0);
}

/** Strangers throw garbage at both kinds of sockets while a meeting goes on: some 200 connections a second. */
export const garbageFlood: Drill = {
  name: 'garbage-flood',
  passMark: 'nobody is disturbed: none lost, poses <= 100 ms old p95, no reconnection',
  needsServer: false,
  async run(world) {
    const { crowd, listeners, others, page } = await gather(world);
    const origin = world.url.replace(/^http/, 'ws');
    const random = seededRandom(SEED);
    const sinceMs = wallMs();
    const before = reconnectsOf(crowd);
    const untilMs = performance.now() + world.scale.steadyMs;
    // Only what happens meanwhile: before, a browser was started beside them.
    const meter = new AgeMeter(crowd.bots, crowd.bots);
    const attackers = Array.from({ length: SOCKETS }, () => attack(origin, random, untilMs));
    const thrown = (await Promise.all(attackers)).reduce((sum, count) => sum + count, 0);
    const ageP95Ms = meter.endP95Ms();
    const heardMs = await msUntilAllHeard(listeners, others, wallMs(), WAIT_MAX_MS);
    const reconnects = reconnectsOf(crowd) - before;
    const pageLeft = (await page.moments()).filter(
      ({ atMs, connection }) => atMs > sinceMs && connection !== 'live',
    ).length;
    return [
      { what: 'pieces thrown', value: thrown, unit: '', atLeast: 100 },
      { what: 'lost among the others', value: crowd.lost(), unit: 'packets', ...exactly(0) },
      { what: 'pose age p95', value: ageP95Ms, unit: 'ms', atMost: AGE_MAX_MS },
      { what: 'reconnections', value: reconnects + pageLeft, unit: '', ...exactly(0) },
      { what: 'all heard afterwards', value: Math.max(...heardMs), unit: 'ms', atMost: 2_000 },
    ];
  },
};
