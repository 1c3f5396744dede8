import type { RecordingLimit } from '@/lib/core/recording';
import type { RunningRecording } from '@/server/store/meetingStore';
import type {
  NewRecording,
  RecordingEnd,
  RecordingRecord,
  RecordingStore,
  StartOutcome,
} from '@/server/store/recordingStore';
import type { Meeting } from './memoryMeetingStore';

type Kept = { -readonly [Field in keyof RecordingRecord]: RecordingRecord[Field] } & { isDiscarded: boolean };

function toRecord({ isDiscarded: _, ...record }: Kept): RecordingRecord {
  return record;
}

const isUnfinished = ({ state, isDiscarded }: Kept) => !isDiscarded && (state === 'recording' || state === 'stopped');

/** What is known of recordings, in plain memory: the part of `MemoryMeetingStore` that passes their contract. */
export class MemoryRecordingStore implements RecordingStore {
  /** The newest first. */
  private kept: Kept[] = [];

  constructor(
    private readonly meetings: ReadonlyMap<string, Meeting>,
    private readonly requireOpen: () => void,
  ) {}

  async start({ id, meetingId, nowMs }: NewRecording): Promise<StartOutcome> {
    this.requireOpen();
    const meeting = this.meetings.get(meetingId);
    if (!meeting) return { kind: 'notFound' };
    if (meeting.endedAtMs !== null) return { kind: 'ended' };
    const running = this.running(meetingId);
    if (running) return { kind: 'running', recording: toRecord(running) };
    const { title, hostTokenHash, recordingConsent: consent } = meeting;
    const begun = { id, meetingId, title, hostTokenHash, consent, startedAtMs: nowMs, stoppedAtMs: null };
    const recording: Kept = {
      ...begun,
      state: 'recording',
      durationMs: 0,
      sizeBytes: 0,
      failure: null,
      reachedLimit: null,
      isDiscarded: false,
    };
    this.kept.unshift(recording);
    return { kind: 'started', recording: toRecord(recording) };
  }

  async find(id: string): Promise<RecordingRecord | null> {
    this.requireOpen();
    const found = this.kept.find((each) => each.id === id && !each.isDiscarded);
    return found ? toRecord(found) : null;
  }

  async ofHost(meetingId: string, hostTokenHash: string): Promise<readonly RecordingRecord[]> {
    this.requireOpen();
    const isOwn = (each: Kept) => each.meetingId === meetingId && each.hostTokenHash === hostTokenHash;
    return this.kept.filter((each) => isOwn(each) && !each.isDiscarded).map(toRecord);
  }

  async newest(most: number): Promise<readonly RecordingRecord[]> {
    this.requireOpen();
    const all = this.kept.filter((each) => !each.isDiscarded).sort((a, b) => b.startedAtMs - a.startedAtMs);
    return all.slice(0, most).map(toRecord);
  }

  async unfinished(): Promise<readonly RecordingRecord[]> {
    this.requireOpen();
    return this.kept.filter(isUnfinished).map(toRecord);
  }

  async stop(id: string, nowMs: number, reachedLimit: RecordingLimit | null = null): Promise<RecordingRecord | null> {
    this.requireOpen();
    const running = this.kept.find((each) => each.id === id && isUnfinished(each) && each.state === 'recording');
    return running ? toRecord(Object.assign(running, { state: 'stopped', stoppedAtMs: nowMs, reachedLimit })) : null;
  }

  async finish(id: string, { nowMs, ...end }: RecordingEnd): Promise<RecordingRecord | null> {
    this.requireOpen();
    const found = this.kept.find((each) => each.id === id && isUnfinished(each));
    if (!found) return null;
    const state = end.failure === null ? 'ready' : 'failed';
    return toRecord(Object.assign(found, end, { state, stoppedAtMs: found.stoppedAtMs ?? nowMs }));
  }

  async totalBytes(): Promise<number> {
    this.requireOpen();
    return this.kept.reduce((sum, each) => sum + (each.isDiscarded ? 0 : each.sizeBytes), 0);
  }

  async discard(id: string): Promise<boolean> {
    this.requireOpen();
    const found = this.kept.find((each) => each.id === id && !each.isDiscarded);
    if (found) found.isDiscarded = true;
    return found !== undefined;
  }

  async discardOlder(beforeMs: number): Promise<void> {
    this.requireOpen();
    for (const each of this.kept) {
      if (!isUnfinished(each) && each.stoppedAtMs !== null && each.stoppedAtMs < beforeMs) each.isDiscarded = true;
    }
  }

  async discarded(): Promise<readonly string[]> {
    this.requireOpen();
    return this.kept.filter((each) => each.isDiscarded).map(({ id }) => id);
  }

  async forget(id: string): Promise<void> {
    this.requireOpen();
    this.kept = this.kept.filter((each) => each.id !== id || !each.isDiscarded);
  }

  /** The meeting's running recording, as its state has it. */
  runningIn(meetingId: string): RunningRecording | null {
    const running = this.running(meetingId);
    return running ? { id: running.id, startedAtMs: running.startedAtMs, consent: running.consent } : null;
  }

  private running(meetingId: string): Kept | undefined {
    return this.kept.find((each) => each.meetingId === meetingId && each.state === 'recording' && !each.isDiscarded);
  }
}
