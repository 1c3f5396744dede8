import { setTimeout as sleep } from 'node:timers/promises';
import { HeadlessGroup } from './headlessGroup';
import { ServerUnderTest } from './serverUnderTest';

const WARM_UP_MS = 5_000;
const PROCESSES = 4;
const PEOPLE = 16;

/** What a room full of open microphones costs the hub. */
export interface VoiceMeasurement {
  readonly packets: number;
  readonly lost: number;
  /** Voices heard, summed over the receivers. */
  readonly streams: number;
  /** Cores of CPU that the hub's process used. */
  readonly serverCores: number;
}

/**
 * Sixteen people in one room, all of whose microphones are open and send 50 Opus packets a second; the hub forwards the
 * loudest eight. Poses go on at 10 fps.
 */
export async function measureVoices(seconds: number): Promise<VoiceMeasurement> {
  const server = await ServerUnderTest.start({ kind: 'hub', port: 0, hasMedia: true });
  const group = new HeadlessGroup(PROCESSES);
  try {
    await group.join({ port: server.port, room: 'voices', count: PEOPLE, speaks: true });
    await sleep(WARM_UP_MS);
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
