import type { ByteSource } from '@/lib/recording/byteSource';
import { memorySource } from '@/lib/recording/byteSource';
import { Replay } from '@/lib/replay/replay';
import { ReplayScreens } from '@/lib/replay/replayScreens';
import { type MadeRecording, makeRecording } from '@/tests/lib/recording/recordingWorld';
import { ManualScheduler } from '@/tests/support/manualScheduler';
import { settle } from './replayWorld';

const FRAME_EVERY_MS = 200;
const KEY_EVERY_MS = 10_000;

interface Sharing {
  readonly person: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Writes a screen whose frames come in two fragments each. */
function share({ writer }: MadeRecording, { person, fromMs, toMs }: Sharing): Array<readonly [number, () => void]> {
  const track = writer.trackOf('screen', person, `screen-${fromMs}`);
  const written: Array<readonly [number, () => void]> = [
    [fromMs, () => writer.appendEvent(fromMs, { kind: 'screen', person, track: track.id })],
    [toMs, () => writer.appendEvent(toMs, { kind: 'screen', person, track: null })],
  ];
  for (let timeMs = fromMs, k = 0; timeMs < toMs; timeMs += FRAME_EVERY_MS, k += 1) {
    const isKeyframe = (timeMs - fromMs) % KEY_EVERY_MS === 0;
    for (const part of [0, 1]) {
      const flags = { isFirst: part === 0, isLast: part === 1, isKeyframe };
      const bytes = Uint8Array.of(k, part);
      const sequence = 2 * k + part;
      written.push([timeMs, () => writer.appendFragment(track, timeMs, bytes, sequence, timeMs * 90, flags)]);
    }
  }
  return written;
}

/** Ana shares from 4 to 17 s, Ben from 18 to 20 s. */
function record(): MadeRecording {
  const made = makeRecording();
  const { writer } = made;
  for (const [seat, person] of ['ana', 'ben'].entries()) {
    const name = person === 'ana' ? 'Ana' : 'Ben';
    writer.appendEvent(0, { kind: 'joined', person, name, avatar: 'ada', seat });
  }
  const all = [
    ...share(made, { person: 'ana', fromMs: 4000, toMs: 17_000 }),
    ...share(made, { person: 'ben', fromMs: 18_000, toMs: 20_000 }),
  ];
  for (const [, write] of all.sort(([a], [b]) => a - b)) write();
  writer.end(21_000);
  return made;
}

/** A replay whose screens are decoded by a decoder that notes what it is given. */
export class RecordingTimes {
  /** Kind and time of each frame. */
  readonly decoded: string[] = [];
  readonly replay: Replay;
  readonly screens: ReplayScreens;
  private readonly scheduler = new ManualScheduler(() => 0, 0);
  private resets = 0;
  private readBytes = 0;

  constructor() {
    const made = record();
    const memory = memorySource(made.bytes());
    const source: ByteSource = {
      sizeBytes: memory.sizeBytes,
      read: (atByte, sizeBytes) => {
        this.readBytes += sizeBytes;
        return memory.read(atByte, sizeBytes);
      },
    };
    this.replay = new Replay({ recording: { source, rows: made.rows }, scheduler: this.scheduler });
    this.screens = new ReplayScreens(
      this.replay,
      (_, onPicture) => ({
        waiting: 0,
        decode: ({ isKeyframe, timeMs }) => {
          this.decoded.push(`${isKeyframe ? 'key' : 'delta'} ${timeMs}`);
          onPicture();
        },
        reset: () => {
          this.resets += 1;
        },
        close: () => {},
      }),
      {} as HTMLCanvasElement,
    );
  }

  readonly restarts = () => this.resets;

  /** Bytes that have been read of the recording. */
  readonly reads = () => this.readBytes;

  readonly run = async (spanMs: number): Promise<void> => {
    for (let passedMs = 0; passedMs < spanMs; passedMs += 20) {
      this.scheduler.runFor(20);
      await settle();
    }
  };
}
