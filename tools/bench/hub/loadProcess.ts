import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '@/tools/seededRandom';
import { Latencies } from './latencies';
import type { LoadAnswer, LoadFigures, LoadOrder, LoadShape, LoadTarget } from './load';
import { type LoadCounts, LoadMeeting, Pacer } from './loadMeeting';
import { obey } from './processLink';
import { openSeat, type Seat } from './seats';

const SEED = 20_220_101;
const QUIET_MS = 1_500;
const LOOK_MS = 50;

const random = seededRandom(SEED);
const counts: LoadCounts = {
  fromMs: Number.POSITIVE_INFINITY,
  sent: 0,
  expected: 0,
  received: 0,
  disordered: 0,
  latencies: new Latencies(),
};
let meetings: LoadMeeting[] = [];
let pacer: Pacer | null = null;
let meetingNumber = 0;
let marked = { atMs: 0, cpuMs: 0 };

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function openSeats({ kind, port }: LoadTarget, seats: number, delayOf: (seat: number) => number): Promise<TimedSeat[]> {
  meetingNumber += 1;
  const conference = `load${meetingNumber}`;
  return Promise.all(
    Array.from({ length: seats }, async (_, index) => {
      await sleep(delayOf(index));
      const askedMs = performance.now();
      const seat = await openSeat(kind, { port, conference, personId: `person${index}` });
      return { seat, joinMs: performance.now() - askedMs };
    }),
  );
}

interface TimedSeat {
  readonly seat: Seat;
  readonly joinMs: number;
}

async function open(target: LoadTarget, { meetings: meetingCount, seats, fps }: LoadShape): Promise<void> {
  while (meetings.length < meetingCount) {
    const opened = await openSeats(target, seats, () => 0);
    meetings.push(
      new LoadMeeting(
        opened.map(({ seat }) => seat),
        counts,
        random,
      ),
    );
  }
  const periodMs = 1000 / fps;
  const beats = meetings.flatMap((meeting) =>
    Array.from({ length: seats }, (_, seat) => ({ phaseMs: random() * periodMs, strike: () => meeting.send(seat) })),
  );
  pacer = new Pacer(beats, periodMs);
}

function mark(): void {
  Object.assign(counts, { fromMs: performance.now(), sent: 0, expected: 0, received: 0, disordered: 0 });
  counts.latencies.clear();
  marked = { atMs: counts.fromMs, cpuMs: cpuMs() };
}

/** Waits until all messages have arrived, or no more arrive. */
async function drain(): Promise<void> {
  let heard = -1;
  let quietMs = 0;
  while (counts.received < counts.expected && quietMs < QUIET_MS) {
    quietMs = counts.received === heard ? quietMs + LOOK_MS : 0;
    heard = counts.received;
    await sleep(LOOK_MS);
  }
}

async function stop(): Promise<LoadFigures> {
  pacer?.stop();
  const loadCores = (cpuMs() - marked.cpuMs) / (performance.now() - marked.atMs);
  const receivedInTime = counts.received;
  await drain();
  const { sent, expected, received, disordered, latencies } = counts;
  counts.fromMs = Number.POSITIVE_INFINITY;
  const [p50Ms, p95Ms] = [latencies.quantileMs(0.5), latencies.quantileMs(0.95)];
  return { sent, expected, received, receivedInTime, disordered, p50Ms, p95Ms, loadCores };
}

async function storm(target: LoadTarget, seats: number, spreadMs: number): Promise<readonly number[]> {
  const opened = await openSeats(target, seats, (seat) => (seat * spreadMs) / seats);
  for (const { seat } of opened) seat.close();
  return opened.map(({ joinMs }) => joinMs);
}

obey<LoadOrder, LoadAnswer>(async (order) => {
  switch (order.do) {
    case 'open':
      await open(order.target, order.shape);
      return { done: true };
    case 'start':
      pacer?.start();
      return { done: true };
    case 'mark':
      mark();
      return { done: true };
    case 'stop':
      return { figures: await stop() };
    case 'close':
      for (const meeting of meetings) meeting.close();
      meetings = [];
      return { done: true };
    case 'storm':
      return { joinMs: await storm(order.target, order.seats, order.spreadMs) };
  }
});
