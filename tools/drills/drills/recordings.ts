import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { MeetingEvent } from '@/lib/core/meeting';
import { openSegment } from '@/lib/recording/segmentReader';
import { readTimeline } from '@/lib/recording/timeline';
import type { OpusSource } from '@/lib/transport/headless/voice/opusPacket';
import { openUrlSource } from '@/tools/recording/urlSource';
import { startVersitygw } from '@/tools/run/versitygw.mjs';
import { type Drill, exactly, type Measured, NotPossibleHere } from '../drill';
import { Disturbance } from '../support/disturbance';
import type { DrillWorld } from '../support/drillWorld';
import { killRecorder } from '../support/killedRecorder';
import { msUntil } from '../support/listening';
import { recordLong } from '../support/longRecording';

const SEGMENT_MS = 1000;
const PEOPLE = 3;
/** How long is recorded before and after a fault, at least. */
const RECORDED_S = 3;
const WAIT_MAX_MS = 30_000;
/** What a second that is over may take to be kept. */
const KEEP_MAX_MS = 250;

/** A meeting at `url` that has been recorded for some seconds. */
export async function record(world: DrillWorld, url: string, voice?: OpusSource) {
  const { meeting, recording } = world.clientOf(url);
  const host = await meeting.create();
  const crowd = await world.crowd({ url, meetingId: host.id, count: PEOPLE, voice });
  const heard: MeetingEvent[] = [];
  const stopEvents = meeting.events({ id: host.id }, { onEvent: (event) => heard.push(event) });
  world.after(async () => stopEvents());
  const { id, startedAt } = await recording.start(host);
  const startedAtMs = Date.parse(startedAt);
  const view = () => recording.get({ id, hostToken: host.hostToken });
  /** Waits until what happens at `atMs` is kept. */
  const untilKept = (atMs: number) =>
    msUntil('it records', async () => (await view()).durationS * SEGMENT_MS >= atMs - startedAtMs, WAIT_MAX_MS);
  await untilKept(startedAtMs + RECORDED_S * SEGMENT_MS);
  return { crowd, startedAtMs, heard, view, untilKept, stop: () => recording.stop(host) };
}

/** What there is of a recording, as its viewers read it. */
async function read(replayUrl: string) {
  const source = await openUrlSource(replayUrl);
  const { timeline, rows, damagedBytes } = await readTimeline(source);
  const segments = await Promise.all(
    rows.map(async (row) => openSegment(await source.read(row.atByte, row.sizeBytes))),
  );
  const here = timeline.people.filter(({ poses }) => poses > 0).length;
  const figures: Measured = [
    { what: 'takes', value: timeline.takes, unit: '', ...exactly(1) },
    { what: 'bytes that can’t be read', value: damagedBytes, unit: '', ...exactly(0) },
    { what: 'people in it', value: here, unit: '', ...exactly(PEOPLE) },
  ];
  return { segments, figures };
}

/** The recorder alone is killed, over and over, at random points of its work on one recording. */
export const recorderKilled: Drill = {
  name: 'recorder-killed',
  passMark:
    'recorder killed at 500 random points: the recording opens, at most a second is lost, it goes on, 500 of 500',
  needsServer: false,
  run: (world) => killRecorder(world.scale.recorderKills, Math.random),
};

/** Three hours of a full meeting, as fast as they are kept. */
export const recordingLong: Drill = {
  name: 'recording-long',
  passMark: 'three simulated hours of sixteen people and three voices: none missing, <= 3 % of a core, memory stays',
  needsServer: false,
  async run(world) {
    const folder = mkdtempSync(join(tmpdir(), 'parley-long-'));
    world.after(async () => rmSync(folder, { recursive: true, force: true }));
    return recordLong(folder, world.scale.longMs);
  },
};

/** The server is killed while it records, and started again. */
export const recordingRestarted: Drill = {
  name: 'recording-restarted',
  passMark: 'server killed while it records: the recording goes on by itself, without the running second',
  needsServer: true,
  async run(world) {
    const server = await world.otherServer({ TRUST_PROXY: 'on' });
    const { startedAtMs, untilKept, stop } = await record(world, server.url);
    await sleep(Math.random() * SEGMENT_MS);
    const killedAtMs = Date.now();
    await server.kill();
    await server.startAgain();
    const resumedMs = await untilKept(Date.now());
    await sleep(RECORDED_S * SEGMENT_MS);
    const { segments, figures } = await read((await stop()).replayUrl!);
    const [, ...others] = figures;
    const before = segments.filter(({ take }) => take === 0);
    const lostMs = killedAtMs - startedAtMs - (before.at(-1)!.number + 1) * SEGMENT_MS;
    return [
      { what: 'takes', value: segments.at(-1)!.take + 1, unit: '', ...exactly(2) },
      ...others,
      { what: 'missing before the kill', value: lostMs, unit: 'ms', atMost: SEGMENT_MS + KEEP_MAX_MS },
      { what: 'records again', value: resumedMs, unit: 'ms', atMost: 5_000 },
    ];
  },
};

/** The storage of recordings is killed, and started again. */
export const recordingStorageAway: Drill = {
  name: 'recording-storage-away',
  passMark: 'storage of recordings away for 60 s: nothing is missing once it is back',
  needsServer: true,
  async run(world) {
    const storage = await startVersitygw('drill');
    if (!storage) throw new NotPossibleHere('needs an S3 server: npm test builds one where there is Go');
    world.after(() => storage.stop());
    const server = await world.otherServer({
      TRUST_PROXY: 'on',
      RECORDINGS_URL: 's3://drill/recordings',
      AWS_ENDPOINT_URL: storage.endpoint,
      AWS_REGION: storage.region,
      AWS_ACCESS_KEY_ID: storage.accessKeyId,
      AWS_SECRET_ACCESS_KEY: storage.secretAccessKey,
    });
    const { untilKept, stop } = await record(world, server.url);
    await storage.kill();
    await sleep(world.scale.storageAwayMs);
    await storage.go();
    const caughtUpMs = await untilKept(Date.now());
    const { state, replayUrl } = await stop();
    const { segments, figures } = await read(replayUrl!);
    const missing = segments.at(-1)!.number + 1 - segments.length;
    return [
      ...figures,
      { what: 'recordings that are ready', value: state === 'ready' ? 1 : 0, unit: '', ...exactly(1) },
      { what: 'seconds missing', value: missing, unit: '', ...exactly(0) },
      { what: 'all is kept after', value: caughtUpMs, unit: 'ms', atMost: 5_000 },
    ];
  },
};

/** A small disk of memory, which ends with the drill; only root may have one. */
function smallDisk(world: DrillWorld, megabytes: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'parley-disk-'));
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]);
  world.after(async () => {
    if (status === 0) spawnSync('umount', ['-l', folder]);
    rmSync(folder, { recursive: true, force: true });
  });
  if (status !== 0) throw new NotPossibleHere('needs a small disk, which only root on Linux may make');
  return folder;
}

/** The disk of the recordings fills up while one is made. */
export const recordingDiskFull: Drill = {
  name: 'recording-disk-full',
  passMark: 'disk full while it records: all are told, what was kept can be watched, the meeting goes on',
  needsServer: true,
  measuresAge: true,
  async run(world) {
    const disk = smallDisk(world, 4);
    // Without a floor: here the disk itself says that it is full.
    const settings = { TRUST_PROXY: 'on', RECORDINGS_FREE_MB: '0', RECORDINGS_URL: pathToFileURL(disk).href };
    const server = await world.otherServer(settings);
    const { crowd, heard, view } = await record(world, server.url);
    const disturbance = new Disturbance(crowd);
    const failures = () =>
      heard.filter(
        (event) => event.type === 'recording' && event.change === 'failed' && event.failure === 'cannotSave',
      );
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(join(disk, 'filler'), Buffer.alloc(bavail * bsize));
    const toldMs = await msUntil('all are told', () => failures().length > 0, WAIT_MAX_MS);
    await sleep(world.scale.steadyMs);
    const { state, durationS, replayUrl } = await view();
    const { segments, figures } = await read(replayUrl!);
    return [
      ...figures,
      { what: 'told', value: failures().length, unit: 'times', ...exactly(1) },
      { what: 'told after', value: toldMs, unit: 'ms', atMost: 3_000 },
      { what: 'recordings that have failed', value: state === 'failed' ? 1 : 0, unit: '', ...exactly(1) },
      { what: 'kept', value: segments.length, unit: 's', atLeast: Math.max(RECORDED_S, Math.floor(durationS)) },
      ...disturbance.end(),
    ];
  },
};
