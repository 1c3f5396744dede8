import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ParleyApiError, type ParleyClient } from '@/lib/api';
import { SEATS_MAX } from '@/lib/core/meeting';
import { type Drill, exactly } from '../drill';
import { AgeMeter } from '../support/ageMeter';
import { Disturbance } from '../support/disturbance';
import { type DrillWorld, nextAddress } from '../support/drillWorld';
import { HostileUploads } from '../support/hostileUploads';
import { msUntilAllHeard, wallMs } from '../support/listening';

const HEAR_MAX_MS = 60_000;
/** Only ends a drill that hangs. */
const GIVE_UP_MS = 120_000;
const HONEST_MAX_MS = 20_000;
const RETRY_MS = 200;
const PARALLEL = 4;
const STAYS = 64;
const HOSTILE_MIN = 10;

interface Stay {
  readonly id: string;
  readonly stayToken: string;
}

/** A stay in a meeting that has nothing to do with the one that is measured. */
async function stayElsewhere(world: DrillWorld): Promise<Stay> {
  const client = world.clientOf(world.url, nextAddress());
  const { id } = await client.meeting.create({});
  const { stayToken } = await client.meeting.join({ id, role: 'spectator' });
  return { id, stayToken };
}

/** As many as hostile uploads need, a few at a time: a busy machine would answer some of many too late. */
async function staysElsewhere(world: DrillWorld): Promise<Stay[]> {
  const stays: Stay[] = [];
  while (stays.length < STAYS) {
    stays.push(...(await Promise.all(Array.from({ length: PARALLEL }, () => stayElsewhere(world)))));
  }
  return stays;
}

/** The file of a default avatar with a mark at its end, which nobody has uploaded before. */
function honestFile(): Uint8Array<ArrayBuffer> {
  const file = readFileSync(join(process.cwd(), 'public', 'models', 'bo-lod2.vrm'));
  return Uint8Array.from(Buffer.concat([file, Buffer.from(`${Math.random()}`)]));
}

/** Uploads an avatar as a patient person does. Resolves with how long it took, ms. */
async function msToUpload(client: ParleyClient, stay: Stay): Promise<number> {
  const beganMs = performance.now();
  const bytes = honestFile();
  for (;;) {
    try {
      await client.avatar.upload(bytes.slice(), { stay, hasPermission: true });
      return performance.now() - beganMs;
    } catch (error) {
      const isBusy = error instanceof ParleyApiError && error.reason === 'unavailable';
      if (!isBusy || performance.now() - beganMs > GIVE_UP_MS) throw error;
      await sleep(RETRY_MS);
    }
  }
}

/** Files made to block the process are uploaded from everywhere while people meet. */
export const upload: Drill = {
  name: 'upload',
  passMark: 'hostile uploads from everywhere: newest pose <= 25 ms old p95, none lost, an honest upload gets through',
  needsServer: true,
  async run(world) {
    const people = Math.min(world.scale.people, SEATS_MAX);
    const meetingId = await world.createMeeting();
    const crowd = await world.crowd({ url: world.url, meetingId, count: people });
    await msUntilAllHeard(crowd.members, people - 1, wallMs(), HEAR_MAX_MS);
    const hostile = new HostileUploads();
    world.after(() => hostile.close());
    const stays = await staysElsewhere(world);
    const order = { url: world.url, stays, parallel: PARALLEL };
    // The files are made before anything is measured.
    await hostile.run({ ...order, forMs: 0, atLeast: 0 });
    const calm = new AgeMeter(crowd.bots, crowd.bots);
    await sleep(world.scale.steadyMs);
    world.say(`  newest pose before: ${calm.endP95Ms().toFixed(1)} ms old, p95`);
    const disturbance = new Disturbance(crowd);
    const attacking = hostile.run({ ...order, forMs: world.scale.floodMs, atLeast: HOSTILE_MIN });
    const honest = await stayElsewhere(world);
    const honestMs = await msToUpload(world.clientOf(world.url, nextAddress()), honest);
    const statuses = await attacking;
    const disturbed = disturbance.end();
    const answered = Object.values(statuses).reduce((sum, count) => sum + count, 0);
    world.say(`  answers: ${JSON.stringify(statuses)}`);
    return [
      { what: 'hostile uploads', value: answered, unit: '', atLeast: HOSTILE_MIN },
      { what: 'without an answer', value: statuses['none'] ?? 0, unit: '', ...exactly(0) },
      ...disturbed,
      { what: 'an honest upload took', value: honestMs, unit: 'ms', atMost: HONEST_MAX_MS },
    ];
  },
};

const SLOW_BODIES = 20;
const SLOW_MAX_MS = 8_000;
const BYTE_MS = 500;

/** Begins an upload that sends a byte now and then. Resolves with the status and how long it was held, ms. */
function holdSlot(url: string, address: string, { id, stayToken }: Stay): Promise<{ status: number; ms: number }> {
  const beganMs = performance.now();
  return new Promise((resolve) => {
    const headers = {
      'content-type': 'model/gltf-binary',
      'content-length': 9_000_000,
      authorization: `Bearer ${stayToken}`,
      'x-forwarded-for': address,
    };
    const sending = request(`${url}/api/avatars?meeting=${id}`, { method: 'POST', headers });
    const dripping = setInterval(() => sending.write('x'), BYTE_MS);
    const end = (status: number) => {
      clearInterval(dripping);
      sending.destroy();
      resolve({ status, ms: performance.now() - beganMs });
    };
    sending.once('response', ({ statusCode = 0 }) => end(statusCode));
    sending.once('error', () => end(0));
    sending.flushHeaders();
  });
}

/** One address begins uploads that never end. */
export const slowUpload: Drill = {
  name: 'slow-upload',
  passMark: 'twenty slow bodies from one address: others upload <= 5 s, and the slow ones are ended <= 8 s',
  needsServer: true,
  async run(world) {
    const [stay, honest] = [await stayElsewhere(world), await stayElsewhere(world)];
    const address = nextAddress();
    const slow = Array.from({ length: SLOW_BODIES }, () => holdSlot(world.url, address, stay));
    await sleep(1_000);
    // Another person: what one stay asks for is limited as well.
    const honestMs = await msToUpload(world.clientOf(world.url, nextAddress()), honest);
    const ended = await Promise.all(slow);
    const accepted = ended.filter(({ status }) => status < 400 && status > 0).length;
    return [
      { what: 'another address uploads in', value: honestMs, unit: 'ms', atMost: 5_000 },
      {
        what: 'the last slow body was held',
        value: Math.max(...ended.map(({ ms }) => ms)),
        unit: 'ms',
        atMost: SLOW_MAX_MS,
      },
      { what: 'slow bodies accepted', value: accepted, unit: '', ...exactly(0) },
    ];
  },
};
