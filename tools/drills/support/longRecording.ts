import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { RangePoseEncoder } from '@/lib/codec/rangePoseEncoder';
import { createIdleSource } from '@/lib/motion/idleSource';
import { createPose } from '@/lib/pose/pose';
import { framesPerPacket, tierForSeated } from '@/lib/quality/tiers';
import { readTimeline } from '@/lib/recording/timeline';
import { packetMessage } from '@/lib/transport/headless/bridgeChannel';
import { RecordingThread } from '@/server/recorder/recordingThread';
import { writeVoiceHeader } from '@/server/recorder/spectators/hubHeader';
import { TapChunks } from '@/server/recorder/tapChunk';
import { FolderStorage } from '@/server/store/recordings/folderStorage';
import { SEGMENTS_FILE } from '@/server/store/recordings/recordingFiles';
import { openFileSource } from '@/tools/recording/fileSource';
import { exactly, type Measured } from '../drill';

const ID = '0123456789abcdef0123456789abcdef';
const PEOPLE = 16;
const VOICES = 3;
const SECOND_MS = 1000;
const VOICE_STEP_MS = 20;
/** What Chromium sends of a voice at 28 kbit/s. */
const VOICE_BYTES = 70;
/** Segments on their way to the disk; more, and the drill waits. */
const AHEAD_MAX = 20;
/** Memory is compared from here on: until then code is compiled and pools fill. */
const WARM_SHARE = 0.1;
const MB = 1e6;

/** Real poses of an idling person, encoded as in a full meeting. */
class SentPoses {
  private readonly tier = tierForSeated(PEOPLE);
  private readonly encoder = new RangePoseEncoder();
  private readonly source = createIdleSource(1);
  private readonly pose = createPose();
  private frame = 0;

  constructor() {
    this.encoder.compression = this.tier.compression;
    this.encoder.framesPerPacket = framesPerPacket(this.tier);
  }

  /** Hands over the packets of the second that begins at `fromMs`, with their times. */
  second(fromMs: number, take: (timeMs: number, message: Buffer) => void): void {
    for (; (this.frame * SECOND_MS) / this.tier.fps < fromMs + SECOND_MS; this.frame += 1) {
      const timeMs = Math.round((this.frame * SECOND_MS) / this.tier.fps);
      const sizeBytes = this.encoder.encode(this.source.sample(timeMs, this.pose), timeMs);
      if (sizeBytes > 0) take(timeMs, Buffer.from(packetMessage('', this.encoder.packet, sizeBytes)));
    }
  }
}

const personOf = (k: number) => `person-${k}`;

/** After a collection, which only this flag makes possible. */
function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}

/** Records a full meeting of `durationMs` in `folder`, as fast as it is kept, and reads it. */
export async function recordLong(folder: string, durationMs: number): Promise<Measured> {
  const seconds = Math.ceil(durationMs / SECOND_MS);
  let kept = 0;
  let ended: (() => void) | null = null;
  const isEnded = new Promise<void>((resolve) => {
    ended = resolve;
  });
  let failure: string | null = null;
  const thread = new RecordingThread({
    storage: new FolderStorage(folder),
    tell: (message) => {
      if (message.kind === 'kept') kept += 1;
      if (message.kind === 'ended') {
        failure = message.failure;
        ended?.();
      }
    },
  });
  const chunks: TapChunks = new TapChunks((chunk, sizeBytes) => {
    thread.hear({ kind: 'chunk', id: ID, chunk: chunk.slice(0), sizeBytes });
    chunks.giveBack(chunk);
  });
  const people = Array.from({ length: PEOPLE }, (_, seat) => {
    return { id: personOf(seat), name: personOf(seat), avatar: 'ada', seat, endpoint: null };
  });
  const order = {
    id: ID,
    meetingId: 'long',
    title: 'Long',
    consent: 'tell',
    startedAtMs: 0,
    people,
    resumes: false,
  } as const;
  thread.hear({ kind: 'start', order, zeroMs: 0, nowMs: 0 });

  const poses = new SentPoses();
  const opus = new Uint8Array(VOICE_BYTES).fill(7);
  const cpuBefore = process.cpuUsage();
  let warmHeapBytes = 0;
  for (let second = 0; second < seconds; second += 1) {
    const fromMs = second * SECOND_MS;
    poses.second(fromMs, (timeMs, message) => {
      for (let k = 0; k < PEOPLE; k += 1) chunks.add('message', `e-${k}`, personOf(k), timeMs, message);
    });
    for (let ms = fromMs; ms < fromMs + SECOND_MS; ms += VOICE_STEP_MS) {
      const sequence = (ms / VOICE_STEP_MS) & 0xffff;
      for (let k = 0; k < VOICES; k += 1) {
        const packet = {
          ssrc: k + 1,
          sequence,
          timestamp: (ms * 48) >>> 0,
          hasMarker: false,
          opus,
          levelDbov: -30,
          arrivalMs: ms,
        };
        chunks.add('audio', `e-${k}`, personOf(k), ms, writeVoiceHeader(packet), opus);
      }
    }
    chunks.flush();
    thread.hear({ kind: 'time', nowMs: fromMs + SECOND_MS });
    while (second - kept > AHEAD_MAX) await new Promise((resolve) => setTimeout(resolve, 1));
    if (second === Math.floor(seconds * WARM_SHARE)) warmHeapBytes = heapBytes();
  }
  thread.hear({ kind: 'stop', id: ID, nowMs: seconds * SECOND_MS });
  await isEnded;
  const { user, system } = process.cpuUsage(cpuBefore);
  const grownBytes = heapBytes() - warmHeapBytes;

  const source = await openFileSource(join(folder, ID, SEGMENTS_FILE));
  const openedAtMs = performance.now();
  const { timeline, rows, damagedBytes } = await readTimeline(source);
  const openMs = performance.now() - openedAtMs;
  await source.close();
  const complete = timeline.people.filter((person) => person.poses > 0).length;
  return [
    { what: 'recorded', value: (timeline.toMs - timeline.fromMs) / SECOND_MS, unit: 's', ...exactly(seconds) },
    {
      what: 'seconds missing',
      value: seconds - rows.filter(({ number }) => number < seconds).length,
      unit: '',
      ...exactly(0),
    },
    { what: 'bytes that can’t be read', value: damagedBytes, unit: '', ...exactly(0) },
    { what: 'failures', value: failure === null ? 0 : 1, unit: '', ...exactly(0) },
    { what: 'people in it', value: complete, unit: '', ...exactly(PEOPLE) },
    { what: 'size', value: source.sizeBytes / MB, unit: 'MB' },
    { what: 'of a core', value: (user + system) / 1000 / durationMs, unit: '', atMost: 0.03, loadDependent: true },
    { what: 'memory grew by', value: grownBytes / MB, unit: 'MB', atMost: 30 },
    { what: 'the whole read in', value: openMs, unit: 'ms' },
  ];
}
