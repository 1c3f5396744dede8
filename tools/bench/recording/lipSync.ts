import { isKeyframe, timeOf } from '@/lib/codec/packetHeader';
import type { Scheduler } from '@/lib/core/clock';
import { BONE_INDEX } from '@/lib/pose/bones';
import { ALL_PARTS, createPose, type Pose, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import { quatFromAxisAngle } from '@/lib/pose/quat';
import { memorySource } from '@/lib/recording/byteSource';
import type { IndexRow } from '@/lib/recording/recordingIndex';
import { RecordingWriter } from '@/lib/recording/recordingWriter';
import { Replay } from '@/lib/replay/replay';
import { VoiceLane } from '@/lib/replay/voices/voiceLane';
import { seededRandom } from '@/tools/seededRandom';
import { createOurEncoder } from '../codec/ourCodec';

const PERSON = 'ana';
const DURATION_MS = 60_000;
const POSE_MS = 33;
const FRAME_MS = 17;
const VOICE_MS = 20;
const VOICE_SAMPLES = 960;
/** The quickest way to the recorder, and by how much packets are later. */
const QUICKEST_MS = 25;
const JITTER_MS = 40;
/** Of voices. A pose that is lost stands still until the keyframe that receivers ask for: that is no matter of lips. */
const LOST_SHARE = 0.01;
/** The head turns from side to side at a steady rate, so that its place tells the time. */
const TURN_RAD = 0.7;
const TURN_MS = 2000;
/** Where it turns back, places say little. */
const CORNER_MS = 300;
/** The clock of poses and voices does not yet know the network. */
const SETTLING_MS = 12_000;
const HEAD_AT = ROTATIONS_OFFSET + BONE_INDEX.head * 4;

function yawAt(timeMs: number): number {
  const phase = (((timeMs / TURN_MS) % 2) + 2) % 2;
  return TURN_RAD * (phase < 1 ? 2 * phase - 1 : 3 - 2 * phase);
}

/** Radians a ms. */
function slopeAt(timeMs: number): number {
  const phase = (((timeMs / TURN_MS) % 2) + 2) % 2;
  return ((phase < 1 ? 2 : -2) * TURN_RAD) / TURN_MS;
}

/** Somebody who turns their head and speaks, as it comes over an uneven network. Each voice packet is its number. */
function record(): { readonly bytes: Uint8Array; readonly rows: IndexRow[] } {
  const segments: Uint8Array[] = [];
  const rows: IndexRow[] = [];
  let atByte = 0;
  const writer = new RecordingWriter({
    recordingId: new Uint8Array(16),
    startedAtMs: 0,
    onSegment: ({ bytes, isLast: _, ...row }) => {
      rows.push({ ...row, atByte });
      segments.push(bytes.slice());
      atByte += bytes.length;
    },
  });
  const random = seededRandom(40);
  const arrivalOf = (sentMs: number) => sentMs + QUICKEST_MS + Math.floor(random() * JITTER_MS);
  const poses = writer.trackOf('pose', PERSON, 'e1');
  const voice = writer.trackOf('voice', PERSON, 's1');
  const arrivals: Array<readonly [timeMs: number, write: () => void]> = [];
  const encoder = createOurEncoder();
  encoder.compression = 3;
  encoder.framesPerPacket = 2;
  const pose = createPose();
  pose.parts = ALL_PARTS;
  for (let sentMs = 0; sentMs < DURATION_MS; sentMs += POSE_MS) {
    quatFromAxisAngle(0, 1, 0, yawAt(sentMs), pose.values, HEAD_AT);
    const packet = encoder.packet.slice(0, encoder.encode(pose, sentMs));
    if (packet.length === 0) continue;
    const timeMs = arrivalOf(sentMs);
    const isKey = isKeyframe(packet);
    arrivals.push([timeMs, () => writer.appendPose(poses, timeMs, packet, isKey, isKey ? timeOf(packet) : -1)]);
  }
  for (let k = 0; k * VOICE_MS < DURATION_MS; k += 1) {
    // A packet is sent once it is full.
    const timeMs = arrivalOf((k + 1) * VOICE_MS);
    const packet = Uint8Array.of(0x78, k & 255, k >> 8);
    if (random() < LOST_SHARE) continue;
    arrivals.push([timeMs, () => writer.appendVoice(voice, timeMs, packet, k & 0xffff, k * VOICE_SAMPLES, false)]);
  }
  writer.appendEvent(0, { kind: 'joined', person: PERSON, name: PERSON, avatar: 'ada', seat: 0 });
  for (const [, write] of arrivals.sort(([a], [b]) => a - b)) write();
  writer.end(DURATION_MS);
  return { bytes: new Uint8Array(Buffer.concat(segments)), rows };
}

/** When each moment of the voice is heard: a lane that plays into a list, with a decoder that gives packets' numbers. */
class HeardVoice {
  readonly lane: VoiceLane;
  /** Wall clock at which what was said at time 0 would have been heard, as of the last piece. */
  lagMs = Number.NaN;

  constructor(replay: Replay, wall: { readonly nowMs: () => number }) {
    this.lane = new VoiceLane({
      personId: PERSON,
      output: {
        get nowS() {
          return wall.nowMs() / 1000;
        },
        latencyS: 0,
        play: (samples, atS) => {
          this.lagMs = atS * 1000 - samples.at(-1)! * VOICE_MS;
        },
        stop: () => {},
        close: () => {},
      },
      listening: {
        get positionMs() {
          return replay.positionMs;
        },
        rate: 1,
        delayMsOf: (personId) => replay.delayMsOf(personId),
      },
      createDecoder: (sink) => ({
        decode: (packet, at) => sink(new Float32Array(VOICE_SAMPLES).fill(packet[1]! + 256 * packet[2]!), at),
        reset: () => {},
        close: () => {},
      }),
    });
  }
}

/** The moment at which a drawn head was so, which is near `aboutMs`; NaN near a turn. */
function momentOf({ values }: Pose, aboutMs: number): number {
  const sinceTurnMs = aboutMs % TURN_MS;
  if (sinceTurnMs < CORNER_MS || sinceTurnMs > TURN_MS - CORNER_MS) return Number.NaN;
  const yaw = 2 * Math.atan2(values[HEAD_AT + 1]!, values[HEAD_AT + 3]!);
  return aboutMs + (yaw - yawAt(aboutMs)) / slopeAt(aboutMs);
}

/**
 * Replays somebody who turns their head while speaking, and compares in each frame when that moment of the movement is seen and when it is
 * heard. Returns the differences, ms.
 */
export async function lipSyncErrorsMs(): Promise<number[]> {
  const { bytes, rows } = record();
  let wallMs = 0;
  const scheduler: Scheduler = { nowMs: () => wallMs, schedule: () => () => {} };
  const replay = new Replay({ recording: { source: memorySource(bytes), rows }, scheduler });
  const heard = new HeardVoice(replay, scheduler);
  replay.hear({
    restart: (fromMs) => heard.lane.restart(fromMs),
    take: (record) => {
      if (record.type === 'voice' || record.type === 'clock') heard.lane.take(record);
    },
  });
  await replay.seek(0);
  replay.play();
  const pose = createPose();
  const errors: number[] = [];
  while (!replay.store.getSnapshot().hasEnded) {
    wallMs += FRAME_MS;
    replay.sample(PERSON, wallMs, pose);
    await new Promise((resolve) => setImmediate(resolve));
    const seenMs = momentOf(pose, replay.positionMs - QUICKEST_MS - replay.delayMsOf(PERSON));
    const isSettled = replay.positionMs > SETTLING_MS && !Number.isNaN(heard.lagMs);
    if (isSettled && !Number.isNaN(seenMs)) errors.push(Math.abs(wallMs - seenMs - heard.lagMs));
  }
  replay.close();
  return errors;
}
