import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MeetingEvent, SeatedPerson } from '@/lib/core/meeting';
import { readIndex } from '@/lib/recording/recordingIndex';
import { recoverRecording } from '@/lib/recording/recovery';
import { openSegment, readRecords, type SegmentRecord } from '@/lib/recording/segmentReader';
import { wrapPacket } from '@/lib/transport/bridgeMessage';
import type { RecordingOrder } from '@/server/recorder/recorderContract';
import type { FromRecorder, ToRecorder } from '@/server/recorder/recorderMessages';
import { RecordingThread } from '@/server/recorder/recordingThread';
import { TapChunks } from '@/server/recorder/tapChunk';
import { FolderStorage } from '@/server/store/recordings/folderStorage';
import type { GrowingFile, RecordingStorage } from '@/server/store/recordings/recordingStorage';
import { StoreError } from '@/server/store/storeError';

const ID = '0123456789abcdef0123456789abcdef';
const START_MS = Date.UTC(2030, 0, 1);
/** The hub's clock at the recording's time 0. */
const ZERO_MS = 5000;

const person = (id: string, seat: number, part: Partial<SeatedPerson> = {}): SeatedPerson => ({
  id,
  name: id.toUpperCase(),
  avatar: 'ada',
  seat,
  endpoint: null,
  ...part,
});

const endpointOf = (personId: string) => `e-${personId}`;

/** What `get` says in the end, however busy the machine is. */
const soon = <Value>(get: () => Value) => expect.poll(get, { timeout: 15_000 });

/** A keyframe of a pose by its header alone: nothing decodes it here. */
const KEYFRAME = Uint8Array.of(0x50, 0, 1, 2, 3, 4, 0, 3, 9, 9);
const poseMessage = (packet: Uint8Array) =>
  Buffer.from(
    JSON.stringify({ colibriClass: 'EndpointMessage', to: '', msgPayload: wrapPacket(packet, packet.length) }),
  );

function rtpHeader(type: number, sequence: number, { marker = false, levelDb = 127, ssrc = type } = {}): Buffer {
  const header = Buffer.alloc(20);
  header[0] = 0x90;
  header[1] = type | (marker ? 0x80 : 0);
  header.writeUInt16BE(sequence, 2);
  header.writeUInt32BE(sequence * 960, 4);
  header.writeUInt32BE(ssrc, 8);
  header.writeUInt16BE(0xbede, 12);
  header.writeUInt16BE(1, 14);
  header[16] = 0x10;
  header[17] = levelDb;
  return header;
}

/** A storage that can be away or full, over another one. */
class FaultyStorage implements RecordingStorage {
  fault: StoreError['reason'] | null = null;
  appends = 0;
  /** Files that are open. */
  openFiles = 0;

  constructor(private readonly inner: RecordingStorage) {}

  private check(): void {
    if (this.fault) throw new StoreError(this.fault, `it is ${this.fault}`);
  }

  async open(id: string, name: string): Promise<GrowingFile> {
    this.check();
    const file = await this.inner.open(id, name);
    this.openFiles += 1;
    return {
      get sizeBytes() {
        return file.sizeBytes;
      },
      append: async (bytes) => {
        this.check();
        this.appends += 1;
        await file.append(bytes);
      },
      truncate: async (sizeBytes) => {
        this.check();
        await file.truncate(sizeBytes);
      },
      close: async () => {
        this.openFiles -= 1;
        await file.close();
      },
    };
  }

  sizeOf = (id: string, name: string) => this.inner.sizeOf(id, name);
  read = (id: string, name: string, at: number, size: number) => this.inner.read(id, name, at, size);
  write = (id: string, name: string, bytes: Uint8Array) => this.inner.write(id, name, bytes);
  readWhole = (id: string, name: string) => this.inner.readWhole(id, name);
  freeBytes = () => this.inner.freeBytes();
  list = () => this.inner.list();
  remove = (id: string) => this.inner.remove(id);
}

describe('the recorder’s thread', () => {
  let folder: string;
  let storage: FaultyStorage;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'parley-recorder-'));
    storage = new FaultyStorage(new FolderStorage(folder));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function start(order: Partial<RecordingOrder> = {}, limits = {}, lateMs = 0) {
    const told: FromRecorder[] = [];
    const thread = new RecordingThread({ storage, tell: (message) => told.push(message), limits });
    const hear = (message: ToRecorder) => thread.hear(message);
    const chunks: TapChunks = new TapChunks((chunk, sizeBytes) => {
      hear({ kind: 'chunk', id: ID, chunk, sizeBytes });
      chunks.giveBack(new ArrayBuffer(chunk.byteLength));
    });
    const whole: RecordingOrder = {
      id: ID,
      meetingId: 'weekly',
      title: 'Weekly',
      consent: 'tell',
      startedAtMs: START_MS,
      people: [],
      resumes: false,
      ...order,
    };
    const at = (ms: number) => ZERO_MS + ms;
    hear({ kind: 'start', order: whole, zeroMs: ZERO_MS, nowMs: at(lateMs) });
    const ended = () => told.find((message) => message.kind === 'ended');
    return {
      told,
      ended,
      kept: () => told.flatMap((message) => (message.kind === 'kept' ? [message.segment.number] : [])),
      message: (who: string, ms: number, message: string) =>
        chunks.add('message', endpointOf(who), who, at(ms), Buffer.from(message)),
      pose: (who: string, ms: number) => chunks.add('message', endpointOf(who), who, at(ms), poseMessage(KEYFRAME)),
      voice: (who: string, ms: number, n: number, levelDb = 127) =>
        chunks.add('audio', endpointOf(who), who, at(ms), rtpHeader(111, n, { levelDb }), Buffer.from(`opus ${n}`)),
      screen: (who: string, ms: number, n: number, ssrc = 100) =>
        chunks.add(
          'video',
          endpointOf(who),
          who,
          at(ms),
          rtpHeader(100, n, { marker: true, ssrc }),
          Buffer.from([0x10, 0x10, n & 255]),
        ),
      /** A pose and a voice of the same person from another endpoint. */
      reloaded: (who: string, ms: number, n: number) => {
        chunks.add('message', 'another', who, at(ms), poseMessage(KEYFRAME));
        chunks.add('audio', 'another', who, at(ms), rtpHeader(111, n, { ssrc: 5 }), Buffer.from('opus'));
      },
      follow: (ms: number, event: MeetingEvent) => hear({ kind: 'follow', id: ID, event, nowMs: at(ms) }),
      time: (ms: number) => {
        chunks.flush();
        hear({ kind: 'time', nowMs: at(ms) });
      },
      stop: async (ms: number) => {
        chunks.flush();
        hear({ kind: 'stop', id: ID, nowMs: at(ms) });
        await soon(ended).toBeDefined();
      },
      close: async (ms: number) => {
        chunks.flush();
        hear({ kind: 'close', nowMs: at(ms) });
        await soon(() => told.at(-1)?.kind).toBe('closed');
      },
    };
  }

  /** All that is kept, as a viewer reads it. */
  async function read() {
    const all = await storage.read(ID, 'segments', 0, 1e9);
    const source = { sizeBytes: all.length, read: async (at: number, size: number) => all.subarray(at, at + size) };
    const recovery = await recoverRecording(source, null);
    const segments = recovery.rows.map(({ atByte, sizeBytes }) =>
      openSegment(all.subarray(atByte, atByte + sizeBytes)),
    );
    const records = segments.flatMap((segment) => readRecords(segment).records);
    return { recovery, segments, records };
  }
  const indexRows = async () => readIndex(await storage.read(ID, 'index', 0, 1e9)).rows;
  const eventsIn = (records: readonly SegmentRecord[]) =>
    records.flatMap((record) => (record.type === 'event' ? [record.event] : []));
  const mediaIn = (records: readonly SegmentRecord[], type: 'pose' | 'voice' | 'screen') =>
    records.flatMap((record) => (record.type === type ? [[record.timeMs, record.track.personId]] : []));

  it('what people send is kept as it came, with the time at which it came', async () => {
    const session = start({ people: [person('ann', 0), person('bob', 1)] });
    session.pose('ann', 100);
    session.voice('bob', 150, 7);
    session.screen('bob', 1200, 1);
    session.time(2100);
    await session.stop(2500);
    expect(session.ended()).toMatchObject({ durationMs: 2500, failure: null });
    const { records, recovery } = await read();
    expect(mediaIn(records, 'pose')).toEqual([[100, 'ann']]);
    expect(mediaIn(records, 'voice')).toEqual([[150, 'bob']]);
    expect(mediaIn(records, 'screen')).toEqual([[1200, 'bob']]);
    const pose = records.find((record) => record.type === 'pose');
    expect(pose).toMatchObject({ isKeyframe: true, bytes: KEYFRAME });
    const voice = records.find((record) => record.type === 'voice');
    expect(voice).toMatchObject({ sequence: 7, timestamp: 6720 });
    expect(Buffer.from((voice as { bytes: Uint8Array }).bytes).toString()).toBe('opus 7');
    expect(recovery.isEnded).toBe(true);
    expect(recovery.rows.map(({ number }) => number)).toEqual([0, 1, 2]);
    expect(await indexRows()).toEqual(recovery.rows);
    expect(session.kept()).toEqual([0, 1, 2]);
  });

  it('what happens in the meeting is kept as events', async () => {
    const session = start({ people: [person('ann', 0)] });
    session.follow(100, { type: 'joined', person: person('bob', 1) });
    session.follow(200, { type: 'changed', person: person('bob', 1, { name: 'Bo', avatar: 'bo' }) });
    session.follow(300, { type: 'left', personId: 'ann', seat: 0, reason: 'timeout' });
    session.follow(400, { type: 'spectators', count: 2 });
    await session.stop(500);
    const { records } = await read();
    expect(eventsIn(records)).toEqual([
      { kind: 'takeBegan', reason: 'started' },
      { kind: 'recordingStarted', by: null, meetingId: 'weekly', title: 'Weekly', consent: 'notice' },
      { kind: 'joined', person: 'ann', name: 'ANN', avatar: 'ada', seat: 0 },
      { kind: 'joined', person: 'bob', name: 'BOB', avatar: 'ada', seat: 1 },
      { kind: 'name', person: 'bob', name: 'Bo' },
      { kind: 'appearance', person: 'bob', avatar: 'bo' },
      { kind: 'left', person: 'ann', reason: 'timeout' },
      { kind: 'recordingStopped', by: null, reason: 'stopped' },
    ]);
  });

  it('those who are there at the beginning are there from the first moment, however late the recorder hears of it', async () => {
    const session = start({ people: [person('ann', 0)] }, {}, 300);
    session.pose('ann', 350);
    await session.stop(500);
    const [began, started, joined] = (await read()).records.filter(({ type }) => type === 'event');
    for (const event of [began, started, joined]) expect(event?.timeMs).toBe(0);
    expect(joined).toMatchObject({ event: { kind: 'joined', person: 'ann' } });
  });

  it('a snapshot brings the people up to date', async () => {
    const session = start({ people: [person('ann', 0), person('bob', 1)] });
    const people = [person('bob', 2), person('cleo', 0)];
    const meeting = { people } as unknown as Extract<MeetingEvent, { type: 'snapshot' }>['meeting'];
    session.follow(100, { type: 'snapshot', meeting });
    await session.stop(200);
    const told = eventsIn((await read()).records).slice(4, -1);
    expect(told).toMatchObject([
      { kind: 'left', person: 'ann' },
      { kind: 'seat', person: 'bob', seat: 2 },
      { kind: 'joined', person: 'cleo' },
    ]);
  });

  it('who speaks, and who shares a screen, is kept with its end', async () => {
    const session = start({ people: [person('ann', 0)] });
    for (let n = 0; n < 10; n += 1) session.voice('ann', 100 + 20 * n, n, 20);
    for (let n = 0; n < 3; n += 1) session.screen('ann', 400 + 100 * n, n);
    for (let ms = 1000; ms <= 9000; ms += 1000) session.time(ms);
    await session.stop(9100);
    const { records, recovery } = await read();
    const track = records.find((record) => record.type === 'screen')?.track.id;
    const told = eventsIn(records).filter(({ kind }) => kind === 'speaking' || kind === 'screen');
    expect(told).toEqual([
      { kind: 'speaking', person: 'ann', isSpeaking: true },
      { kind: 'screen', person: 'ann', track },
      { kind: 'speaking', person: 'ann', isSpeaking: false },
      { kind: 'screen', person: 'ann', track: null },
    ]);
    expect(recovery.rows).toHaveLength(10);
  });

  it('a person whose page is reloaded, and who shares another screen, has new tracks', async () => {
    const session = start({ people: [person('ann', 0)] });
    session.pose('ann', 100);
    session.voice('ann', 100, 1);
    session.screen('ann', 100, 1);
    session.reloaded('ann', 200, 900);
    session.screen('ann', 300, 901, 101);
    await session.stop(400);
    const { records } = await read();
    for (const type of ['pose', 'voice', 'screen'] as const) {
      const tracks = records.flatMap((record) => (record.type === type ? [record.track.id] : []));
      expect([tracks.length, new Set(tracks).size]).toEqual([2, 2]);
    }
    const screens = records.flatMap((record) => (record.type === 'screen' ? [record.track.id] : []));
    const told = eventsIn(records).flatMap((event) => (event.kind === 'screen' ? [event.track] : []));
    expect(told).toEqual(screens);
  });

  it('where people are asked, only what those send who agree is kept, and only while they do', async () => {
    const session = start({ consent: 'ask', people: [person('ann', 0), person('bob', 1)] });
    const agrees = (ms: number, id: string, agreesToRecording: boolean) =>
      session.follow(ms, { type: 'changed', person: person(id, id === 'ann' ? 0 : 1, { agreesToRecording }) });
    const sendAll = (ms: number) => {
      for (const who of ['ann', 'bob', 'stranger']) {
        session.pose(who, ms);
        session.voice(who, ms, ms, 20);
        session.screen(who, ms, ms & 255);
      }
      session.time(ms);
    };
    sendAll(100);
    agrees(200, 'ann', true);
    agrees(200, 'bob', false);
    sendAll(300);
    agrees(400, 'ann', false);
    sendAll(500);
    await session.stop(600);
    const { records, segments } = await read();
    for (const type of ['pose', 'voice', 'screen'] as const) expect(mediaIn(records, type)).toEqual([[300, 'ann']]);
    expect(JSON.stringify(eventsIn(records))).not.toMatch(/bob|BOB|stranger/);
    expect(segments.every(({ bytes }) => !Buffer.from(bytes).includes('bob'))).toBe(true);
    expect(eventsIn(records).filter((event) => 'person' in event)).toMatchObject([
      { kind: 'joined', person: 'ann' },
      { kind: 'consent', person: 'ann', isGiven: true },
      { kind: 'screen', person: 'ann' },
      { kind: 'consent', person: 'ann', isGiven: false },
      { kind: 'screen', person: 'ann', track: null },
      { kind: 'left', person: 'ann', reason: 'consent' },
    ]);
  });

  it('an interrupted recording goes on as its next take, with the people of now', async () => {
    const first = start({ people: [person('ann', 0)] });
    first.pose('ann', 100);
    first.time(3000);
    await soon(first.kept).toEqual([0, 1, 2]);
    const file = await new FolderStorage(folder).open(ID, 'segments');
    await file.append(Buffer.from('PSEG and then nothing'));
    await file.close();

    const second = start({ resumes: true, people: [person('bob', 1)] });
    second.pose('bob', 9100);
    second.time(10_000);
    await second.stop(10_200);
    expect(second.ended()).toMatchObject({ durationMs: 10_200, failure: null });
    const { records, segments, recovery } = await read();
    expect(mediaIn(records, 'pose')).toEqual([
      [100, 'ann'],
      [9100, 'bob'],
    ]);
    expect(recovery.damaged).toEqual([]);
    expect(segments.filter(({ beginsTake }) => beginsTake).map(({ take }) => take)).toEqual([0, 1]);
    expect(await indexRows()).toEqual(recovery.rows);
    expect(recovery.isEnded).toBe(true);
    const late = eventsIn(records).slice(-3);
    expect(late).toMatchObject([{ kind: 'takeBegan', reason: 'resumed' }, { kind: 'joined', person: 'bob' }, {}]);
  });

  it('a recording that is suspended loses nothing', async () => {
    const first = start({ people: [person('ann', 0)] });
    first.pose('ann', 2700);
    await first.close(2800);
    expect(first.ended()).toBeUndefined();
    const second = start({ resumes: true, people: [person('ann', 0)] });
    await second.stop(5500);
    expect(mediaIn((await read()).records, 'pose')).toEqual([[2700, 'ann']]);
  });

  it('a recording that had ended is told as ended, and nothing is added', async () => {
    const first = start({ people: [person('ann', 0)] });
    await first.stop(1500);
    const sizeBytes = await storage.sizeOf(ID, 'segments');
    const second = start({ resumes: true });
    await soon(second.ended).toMatchObject({ sizeBytes, failure: null, durationMs: 2000 });
  });

  it('one of which nothing was kept begins anew', async () => {
    const session = start({ resumes: true, people: [person('ann', 0)] });
    session.pose('ann', 100);
    await session.stop(500);
    expect(mediaIn((await read()).records, 'pose')).toEqual([[100, 'ann']]);
  });

  it('nothing is lost while the storage is away, and what waits is appended together', async () => {
    const session = start({ people: [person('ann', 0)] });
    storage.fault = 'unavailable';
    for (let second = 1; second <= 60; second += 1) {
      session.pose('ann', second * 1000 - 500);
      session.time(second * 1000);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(session.kept()).toEqual([]);
    storage.fault = null;
    await session.stop(60_100);
    expect(mediaIn((await read()).records, 'pose')).toHaveLength(60);
    expect(storage.appends).toBeLessThan(10);
  });

  it('a storage that is away for too long ends the recording, and what was kept is whole', async () => {
    const session = start({ people: [person('ann', 0)] }, { waitingMaxBytes: 4000 });
    session.pose('ann', 100);
    session.time(1000);
    await soon(session.kept).toEqual([0]);
    storage.fault = 'unavailable';
    for (let second = 2; second <= 60; second += 1) session.time(second * 1000);
    await soon(session.ended).toMatchObject({ failure: 'storageAway', durationMs: 1000 });
    expect((await read()).recovery.rows.map(({ number }) => number)).toEqual([0]);
    storage.fault = null;
    await soon(() => storage.openFiles).toBe(0);
  });

  it('a storage that is not back when the recording is stopped is waited for, but not forever', async () => {
    const session = start({ people: [person('ann', 0)] }, { drainMaxMs: 50 });
    storage.fault = 'unavailable';
    await session.stop(1500);
    expect(session.ended()).toMatchObject({ failure: 'storageAway', sizeBytes: 0 });
  });

  it('a full disk ends the recording at once with what is kept', async () => {
    const session = start({ people: [person('ann', 0)] });
    session.time(1000);
    await soon(session.kept).toEqual([0]);
    storage.fault = 'unwritable';
    session.time(2000);
    await expect
      .poll(session.ended)
      .toMatchObject({ failure: 'cannotSave', cause: 'it is unwritable', durationMs: 1000 });
    session.pose('ann', 2500);
    session.time(3000);
    expect(session.told.filter(({ kind }) => kind === 'ended')).toHaveLength(1);
    await soon(() => storage.openFiles).toBe(0);
  });

  it.each([
    'no JSON',
    'null',
    '{}',
    JSON.stringify({ msgPayload: { parley: '###' } }),
    JSON.stringify({ msgPayload: wrapPacket(Uint8Array.of(0x0a), 1) }),
    JSON.stringify({ msgPayload: { other: 'AAAA' } }),
  ])('a message that is no pose, such as %s, is left out', async (message) => {
    const session = start({ people: [person('ann', 0)] });
    session.message('ann', 100, message);
    session.pose('ann', 200);
    await session.stop(300);
    expect(session.ended()).toMatchObject({ failure: null });
    expect(mediaIn((await read()).records, 'pose')).toEqual([[200, 'ann']]);
  });
});
