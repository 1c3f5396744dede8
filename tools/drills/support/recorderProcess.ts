import { writeSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { wrapPacket } from '@/lib/transport/bridgeMessage';
import { RecordingThread } from '@/server/recorder/recordingThread';
import { TapChunks } from '@/server/recorder/tapChunk';
import { FolderStorage } from '@/server/store/recordings/folderStorage';

// A recorder over a folder. Seconds pass as fast as they are kept, until it is killed. It says what it was fed, and what it
// says is kept, before it goes on: what is said arrives also when it is killed at once.

const [folder = '', id = '', from = '', every = '', ...ids] = process.argv.slice(2);
/** In the recording's time, which is also the hub's clock here. */
const fromMs = Number(from);
const everyMs = Number(every);

const KEYFRAME = Uint8Array.of(0x50, 0, 1, 2, 3, 4, 0, 3, 9, 9);
const MESSAGE = Buffer.from(
  JSON.stringify({ colibriClass: 'EndpointMessage', to: '', msgPayload: wrapPacket(KEYFRAME, KEYFRAME.length) }),
);

const say = (line: string) => writeSync(1, `${line}\n`);

const kept = { number: -1, wake: () => {} };
const thread = new RecordingThread({
  storage: new FolderStorage(folder),
  tell: (message) => {
    if (message.kind === 'ended') throw new Error(message.cause ?? 'the recording has ended');
    if (message.kind !== 'kept') return;
    kept.number = message.segment.number;
    say(`kept ${kept.number}`);
    kept.wake();
  },
});
const chunks: TapChunks = new TapChunks((chunk, sizeBytes) => {
  thread.hear({ kind: 'chunk', id, chunk: chunk.slice(0), sizeBytes });
  chunks.giveBack(chunk);
});

async function untilKept(number: number): Promise<void> {
  while (kept.number < number) {
    await new Promise<void>((resolve) => {
      kept.wake = resolve;
    });
  }
}

const people = ids.map((person, seat) => ({ id: person, name: person, avatar: 'ada', seat, endpoint: null }));
const order = {
  id,
  meetingId: 'weekly',
  title: '',
  consent: 'tell',
  startedAtMs: 0,
  people,
  resumes: fromMs > 0,
} as const;
thread.hear({ kind: 'start', order, zeroMs: 0, nowMs: fromMs });
for (let ms = fromMs; ; ms += everyMs) {
  say(`fed ${ms}`);
  for (const person of ids) chunks.add('message', `of-${person}`, person, ms, MESSAGE);
  chunks.flush();
  thread.hear({ kind: 'time', nowMs: ms });
  if (ms % 1000 === 0 && ms > fromMs) await untilKept(ms / 1000 - 1);
  await setImmediate();
}
