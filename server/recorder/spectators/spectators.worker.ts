import { parentPort, workerData } from 'node:worker_threads';
import { systemClock, wallClock } from '@/lib/core/clock';
import type { MeetingEvent, SeatedPerson } from '@/lib/core/meeting';
import { reducePeople } from '@/lib/meeting/roster';
import type { JitsiPass } from '@/lib/transport/link';
import { TransportError } from '@/lib/transport/transport';
import type { RecordingOrder } from '@/server/recorder/recorderContract';
import { TapRecorder } from '@/server/recorder/tapRecorder';
import { createServerLog } from '@/server/serverLog';
import { SpectatedConferences } from './spectatedConferences';
import type { FromSpectators, SpectatorSettings, ToSpectators } from './spectatorMessages';

/** Who has a seat in the meeting of a recording. */
interface Followed {
  readonly room: string;
  people: readonly SeatedPerson[];
}

const port = parentPort!;
const { place, log: logSettings } = workerData as SpectatorSettings;
const log = createServerLog(logSettings);
const tell = (message: FromSpectators) => port.postMessage(message);

const passes = new Map<number, (pass: JitsiPass | null) => void>();
let calls = 0;

async function fetchPass(room: string): Promise<JitsiPass> {
  calls += 1;
  const call = calls;
  const pass = await new Promise<JitsiPass | null>((resolve) => {
    passes.set(call, resolve);
    tell({ kind: 'passWanted', call, room });
  });
  if (!pass) throw new TransportError('unreachable', 'No pass into the conference can be had now.');
  return pass;
}

const followed = new Map<string, Followed>();
const conferences = new SpectatedConferences({ fetchPass, log });
const recorder = new TapRecorder({
  conferences,
  place,
  clock: systemClock,
  wall: wallClock,
  log,
  onNews: (news) => {
    if (news.kind === 'ended') followed.delete(news.id);
    tell({ kind: 'recording', news });
  },
});

function record(order: RecordingOrder): void {
  const { id, meetingId: room, people } = order;
  followed.set(id, { room, people });
  recorder.start(order);
  conferences.follow(room, people);
}

function follow(id: string, event: MeetingEvent): void {
  recorder.follow(id, event);
  const meeting = followed.get(id);
  if (!meeting) return;
  meeting.people = reducePeople(meeting.people, event);
  conferences.follow(meeting.room, meeting.people);
}

port.on('message', (message: ToSpectators) => {
  switch (message.kind) {
    case 'record':
      record(message.order);
      break;
    case 'follow':
      follow(message.id, message.event);
      break;
    case 'stopRecording':
      recorder.stop(message.id);
      break;
    case 'pass':
      passes.get(message.call)?.(message.pass);
      passes.delete(message.call);
      break;
    case 'close':
      void recorder.close().finally(() => tell({ kind: 'closed' }));
  }
});
