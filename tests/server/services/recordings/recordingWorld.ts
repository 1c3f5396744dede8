import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Emitter } from '@/lib/core/emitter';
import { silentLog } from '@/lib/core/log';
import type { MeetingEvent } from '@/lib/core/meeting';
import type { RecordingFailure } from '@/lib/core/recording';
import type { Recorder, RecorderEvents, RecordingOrder } from '@/server/recorder/recorderContract';
import type { RecordingDefaults } from '@/server/services/meetings/joinRules';
import type { QuotaSettings } from '@/server/services/recordings/recordingQuota';
import { RecordingService } from '@/server/services/recordings/recordingService';
import { RecordingRights } from '@/server/services/tokens/recordingRights';
import { FolderStorage } from '@/server/store/recordings/folderStorage';
import type { RecordingStorage } from '@/server/store/recordings/recordingStorage';
import { createWorld } from '@/tests/server/services/meetings/meetingWorld';
import { MemoryMeetingStore } from '@/tests/support/memoryMeetingStore';
import { ROOMY } from '@/tests/support/recordingQuota';

/** A recorder that keeps what it is told, and a byte of each second. */
export class ScriptedRecorder implements Recorder {
  readonly events = new Emitter<RecorderEvents>((error) => {
    throw error;
  });
  readonly orders: RecordingOrder[] = [];
  readonly heard: MeetingEvent[] = [];
  readonly stopped: string[] = [];
  /** Whether it ends a recording at once when it is told to. */
  answers = true;
  private seconds = 0;

  start(order: RecordingOrder): void {
    this.orders.push(order);
  }

  follow(_id: string, event: MeetingEvent): void {
    this.heard.push(event);
  }

  stop(id: string): void {
    this.stopped.push(id);
    if (this.answers) this.end(id);
  }

  /** Keeps one more second of a recording. */
  keep(id: string): void {
    const row = { hasState: false, keyframesLow: 0, keyframesHigh: 0, sizeBytes: 100 };
    this.events.emit('kept', { id, segment: { ...row, number: this.seconds, atByte: this.seconds * 100 } });
    this.seconds += 1;
  }

  end(id: string, failure: RecordingFailure | null = null): void {
    this.events.emit('ended', { id, durationMs: this.seconds * 1000, sizeBytes: this.seconds * 100, failure });
  }
}

interface WorldOptions {
  readonly store?: MemoryMeetingStore;
  readonly mode?: RecordingDefaults['mode'];
  readonly consent?: RecordingDefaults['consent'];
  readonly recorder?: ScriptedRecorder | null;
  readonly storage?: RecordingStorage;
  readonly live?: boolean;
  readonly quota?: Partial<QuotaSettings>;
}

/** A service of recordings beside a service of meetings, with manual clocks and files in a folder of its own. */
export async function createRecordingWorld(options: WorldOptions = {}) {
  const {
    store = new MemoryMeetingStore(),
    mode = 'on',
    consent = 'tell',
    recorder = new ScriptedRecorder(),
  } = options;
  const folder = mkdtempSync(join(tmpdir(), 'parley-recordings-'));
  const storage = options.storage ?? new FolderStorage(folder);
  const meetings = createWorld(store, { recordings: { mode, consent } });
  const recordings = new RecordingService({
    store,
    feeds: meetings.feeds,
    limits: meetings.limits,
    rights: new RecordingRights('a secret of the site', meetings.wall),
    storage,
    stays: meetings.stays,
    settings: { mode, consent, live: options.live ?? true, days: 30, quota: { ...ROOMY, ...options.quota } },
    log: silentLog,
    endMaxMs: 50,
  });
  if (recorder) await recordings.useRecorder(recorder);
  const close = () => {
    recordings.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { ...meetings, store, storage, recordings, recorder: recorder ?? new ScriptedRecorder(), close };
}

/** Lets everything happen that waits for nothing but its turn. */
export const settle = () => new Promise((resolve) => setTimeout(resolve, 5));
