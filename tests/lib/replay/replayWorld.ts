import { isKeyframe, timeOf } from '@/lib/codec/packetHeader';
import { RangePoseEncoder } from '@/lib/codec/rangePoseEncoder';
import { PoseReceiver } from '@/lib/meeting/receiver';
import { PoseSender } from '@/lib/meeting/sender';
import { createIdleSource } from '@/lib/motion/idleSource';
import { createPose } from '@/lib/pose/pose';
import { TIERS } from '@/lib/quality/tiers';
import { memorySource } from '@/lib/recording/byteSource';
import type { OpenRecording } from '@/lib/replay/openRecording';
import { Replay } from '@/lib/replay/replay';
import { type MadeRecording, makeRecording } from '@/tests/lib/recording/recordingWorld';
import { LoopbackConference } from '@/tests/support/loopback';
import { ManualClock } from '@/tests/support/manualClock';
import { ManualScheduler } from '@/tests/support/manualScheduler';
import { seededRandom } from '@/tools/seededRandom';
import { bitsOf, NotingCodec } from './notingCodec';

/** A person as last drawn. */
export function drawnOf(feed: Pick<PoseReceiver, 'sample'>, personId: string, nowMs: number): string {
  const pose = createPose();
  const state = feed.sample(personId, nowMs, pose);
  return `${state} ${bitsOf(pose.values)}`;
}

/** A meeting that was received and recorded. */
export interface ReceivedMeeting {
  readonly made: MadeRecording;
  readonly codec: NotingCodec;
  /** What was drawn of each person, every {@link FRAME_MS} from 0 on. */
  readonly drawn: ReadonlyMap<string, readonly string[]>;
}

export const FRAME_MS = 20;
const SEND_MS = 50;
/** A network that is a little uneven, and sometimes very late or loses something. */
const QUICKEST_MS = 30;
const JITTER_MS = 25;
const LOST_SHARE = 0.01;

export interface MeetingOptions {
  readonly people?: readonly string[];
  readonly durationMs?: number;
  readonly seed?: number;
  /** People who leave in the middle. */
  readonly leave?: readonly string[];
}

/** People who move send over an uneven network; somebody receives and draws them, and a recorder writes what came. */
export async function receiveMeeting(options: MeetingOptions = {}): Promise<ReceivedMeeting> {
  const { people = ['ana', 'ben', 'cy'], durationMs = 12_000, seed = 1, leave = [] } = options;
  const clock = new ManualClock(0);
  const random = seededRandom(seed);
  const conference = new LoopbackConference({
    clock,
    delayMs: () => QUICKEST_MS + Math.floor(random() * JITTER_MS),
    isLost: () => random() < LOST_SHARE,
  });
  const watcher = conference.createEndpoint('watcher');
  await watcher.connect();
  const codec = new NotingCodec();
  const receiver = new PoseReceiver({ transport: watcher, createDecoder: codec.createDecoder, clock });
  receiver.setSeated(people);
  const made = makeRecording();
  const { writer } = made;
  writer.appendEvent(0, { kind: 'recordingStarted', by: null, meetingId: 'm', title: 'Tuesday', consent: 'notice' });
  for (const [seat, person] of people.entries()) {
    writer.appendEvent(0, { kind: 'joined', person, name: person, avatar: 'ada', seat });
  }
  watcher.events.on('packet', ({ from, bytes }) => {
    const track = writer.trackOf('pose', from.personId!, from.endpointId);
    const key = isKeyframe(bytes);
    writer.appendPose(track, clock.nowMs(), bytes, key, key ? timeOf(bytes) : -1);
  });
  const senders = new Map<string, PoseSender>();
  for (const [k, person] of people.entries()) {
    const transport = conference.createEndpoint(person);
    await transport.connect();
    const quality = { tier: TIERS.medium, framesPerPacket: 2 };
    const encoder = new RangePoseEncoder();
    senders.set(person, new PoseSender({ source: createIdleSource(k + 1), encoder, transport, quality, clock }));
  }
  const drawn = new Map(people.map((person) => [person, [] as string[]]));
  for (let timeMs = 0; timeMs < durationMs; timeMs += 1) {
    if (timeMs % SEND_MS === 0) {
      for (const [person, sender] of senders) {
        if (!(leave.includes(person) && timeMs > durationMs / 2)) sender.tick();
      }
    }
    if (timeMs === durationMs / 2) {
      for (const person of leave) writer.appendEvent(timeMs, { kind: 'left', person, reason: 'left' });
      receiver.setSeated(people.filter((person) => !leave.includes(person)));
    }
    conference.deliverDue();
    if (timeMs % FRAME_MS === 0)
      for (const person of people) drawn.get(person)!.push(drawnOf(receiver, person, timeMs));
    clock.advance(1);
  }
  writer.end(durationMs);
  return { made, codec, drawn };
}

/** A recording in memory as it is opened. */
export function opened(made: MadeRecording): OpenRecording {
  return { source: memorySource(made.bytes()), rows: made.rows };
}

/** Lets promises that are due go on. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A replay on a clock that a test moves. */
export class ReplayWorld {
  readonly scheduler = new ManualScheduler(() => 0, 0);
  readonly codec = new NotingCodec();
  readonly replay: Replay;

  constructor(recording: OpenRecording) {
    this.replay = new Replay({ recording, scheduler: this.scheduler, codec: this.codec });
  }

  /** Lets time pass, and what is read come, every `stepMs`. */
  async run(spanMs: number, stepMs = FRAME_MS, onStep: () => void = () => {}): Promise<void> {
    for (let passedMs = 0; passedMs < spanMs; passedMs += stepMs) {
      this.scheduler.runFor(stepMs);
      await settle();
      onStep();
    }
  }
}
