import { openFile } from '@/lib/replay/openRecording';
import { Replay } from '@/lib/replay/replay';
import { type DecodedFrame, NotingCodec } from '@/tests/lib/replay/notingCodec';
import { ManualScheduler } from '@/tests/support/manualScheduler';
import { encodeTape, readTape, type TapeReading } from './codecTape';

/** What the page exposes to the test. */
export interface CodecExactPage {
  /** Decodes the tape at `/tape.bin`. */
  readServedTape(): Promise<TapeReading>;
  /** Encodes the poses at `/poses.bin`, reads them back and posts the tape to `/tape-of-page`. */
  encodeServedPoses(): Promise<TapeReading>;
  /** Replays the recording at `/meeting.parley` to its end: what was decoded of each person. */
  replayServedMeeting(): Promise<DecodedFrame[][]>;
}

const STEP_MS = 100;

async function fetchBytes(path: string): Promise<ArrayBuffer> {
  return (await fetch(path)).arrayBuffer();
}

const page: CodecExactPage = {
  async readServedTape() {
    return readTape(new Uint8Array(await fetchBytes('/tape.bin')));
  },
  async encodeServedPoses() {
    const tape = encodeTape(new Float32Array(await fetchBytes('/poses.bin')));
    await fetch('/tape-of-page', { method: 'POST', body: tape as BlobPart });
    return readTape(tape);
  },
  async replayServedMeeting() {
    const scheduler = new ManualScheduler(() => 0, 0);
    const codec = new NotingCodec();
    const recording = await openFile(new Blob([await fetchBytes('/meeting.parley')]));
    const replay = new Replay({ recording, scheduler, codec });
    await replay.seek(0);
    replay.play();
    while (!replay.store.getSnapshot().hasEnded) {
      scheduler.runFor(STEP_MS);
      await new Promise((resolve) => setTimeout(resolve));
    }
    replay.close();
    return codec.streams;
  },
};

Object.assign(globalThis, page);
