import type { RecordingFailure } from '@/lib/core/recording';
import type { ResumePoint } from '@/lib/recording/recordingWriter';
import type { RecordingStorage } from '@/server/store/recordings/recordingStorage';
import { StoreError } from '@/server/store/storeError';
import { MeetingRecording } from './meetingRecording';
import type { RecordingOrder } from './recorderContract';
import type { FromRecorder, ToRecorder } from './recorderMessages';
import { SegmentKeeper, type SegmentKeeperParts } from './segmentKeeper';
import { TapReader } from './tapChunk';

const SECOND_MS = 1000;
/** Pause before an interrupted recording is looked for again, while its storage is away. */
const RETRY_MS = 1000;

export interface RecordingThreadParts {
  readonly storage: RecordingStorage;
  /** Posts to the hub's thread; what is in `transfer` changes hands. */
  readonly tell: (message: FromRecorder, transfer?: readonly ArrayBuffer[]) => void;
  readonly limits?: Pick<SegmentKeeperParts, 'waitingMaxBytes' | 'drainMaxMs'>;
}

/** Something to be done with a recording once it is open. */
type Work = (recording: MeetingRecording) => void;

/** One recording: opened, written, kept and ended. */
class Session {
  private readonly keeper: SegmentKeeper;
  private readonly reader: TapReader;
  private recording: MeetingRecording | null = null;
  private waiting: Work[] = [];
  private isOver = false;
  private endMs = Number.POSITIVE_INFINITY;

  constructor(
    private readonly order: RecordingOrder,
    /** The recording's time 0, on the hub's clock. */
    private readonly zeroMs: number,
    private readonly parts: RecordingThreadParts,
    private readonly onOver: () => void,
  ) {
    const { id } = order;
    this.keeper = new SegmentKeeper({
      storage: parts.storage,
      recordingId: id,
      onKept: (segment) => parts.tell({ kind: 'kept', id, segment }),
      onFailed: (failure, cause) => this.over(failure, cause),
      ...parts.limits,
    });
    this.reader = new TapReader({
      onMessage: (sender, hubMs, message) => this.recording?.onMessage(sender, this.timeOf(hubMs), message),
      onRtp: (sender, hubMs, kind, header, payload) =>
        this.recording?.onRtp(sender, this.timeOf(hubMs), kind, header, payload),
    });
  }

  /** Begins to write; an interrupted recording is found first, for as long as that takes. */
  open(hubMs: number): void {
    if (this.order.resumes) this.resume(hubMs);
    else this.begin(hubMs, undefined);
  }

  /** Does `work` with the recording, in its turn. */
  do(work: Work): void {
    if (this.recording) this.run(work);
    else if (!this.isOver) this.waiting.push(work);
  }

  /** Reads a chunk, and gives it back. */
  read(chunk: ArrayBuffer, sizeBytes: number): void {
    const { id } = this.order;
    this.do(() => {
      this.reader.read(chunk, sizeBytes);
      this.parts.tell({ kind: 'read', id, chunk }, [chunk]);
    });
  }

  stop(hubMs: number): void {
    this.do((recording) => {
      this.endMs = this.timeOf(hubMs);
      recording.end(this.endMs, 'stopped');
      void this.keeper.drain().then((failure) => this.over(failure));
    });
  }

  /** Keeps what there is, so that the recording can be resumed. */
  async suspend(hubMs: number): Promise<void> {
    // A second that is over is kept; what has been heard of the running one then belongs to it.
    this.do((recording) => recording.advance(Math.ceil(this.timeOf(hubMs) / SECOND_MS) * SECOND_MS));
    if (this.recording) await this.keeper.drain();
  }

  timeOf(hubMs: number): number {
    return hubMs - this.zeroMs;
  }

  private resume(hubMs: number): void {
    this.keeper.recover().then(
      (found) => {
        if (found?.isEnded) this.over(null);
        else this.begin(hubMs, found?.resume);
      },
      (error: unknown) => {
        const isAway = error instanceof StoreError && error.reason === 'unavailable';
        if (isAway) setTimeout(() => this.resume(hubMs), RETRY_MS);
        else this.over('cannotSave', error);
      },
    );
  }

  private begin(hubMs: number, resume: ResumePoint | undefined): void {
    const onSegment = (segment: Parameters<SegmentKeeper['keep']>[0]) => this.keeper.keep(segment);
    try {
      this.recording = new MeetingRecording({ order: this.order, resume, onSegment }, this.timeOf(hubMs));
    } catch (error) {
      this.over('recorder', error);
      return;
    }
    const { waiting } = this;
    this.waiting = [];
    for (const work of waiting) this.run(work);
  }

  private run(work: Work): void {
    if (this.isOver || !this.recording) return;
    try {
      work(this.recording);
    } catch (error) {
      this.over('recorder', error);
    }
  }

  private over(failure: RecordingFailure | null, cause?: unknown): void {
    if (this.isOver) return;
    this.isOver = true;
    this.waiting = [];
    const { sizeBytes, durationMs } = this.keeper;
    this.parts.tell({
      kind: 'ended',
      id: this.order.id,
      durationMs: Math.max(0, Math.round(Math.min(durationMs, this.endMs))),
      sizeBytes,
      failure,
      ...(cause !== undefined && { cause: cause instanceof Error ? cause.message : String(cause) }),
    });
    this.onOver();
    void this.keeper.close();
  }
}

/** The recorder's own thread: everything but the copying of packets. */
export class RecordingThread {
  private readonly sessions = new Map<string, Session>();

  constructor(private readonly parts: RecordingThreadParts) {}

  hear(message: ToRecorder): void {
    switch (message.kind) {
      case 'start':
        this.start(message.order, message.zeroMs, message.nowMs);
        break;
      case 'chunk':
        this.read(message.id, message.chunk, message.sizeBytes);
        break;
      case 'follow':
        this.with(message.id, (session) =>
          session.do((recording) => recording.follow(session.timeOf(message.nowMs), message.event)),
        );
        break;
      case 'time':
        for (const session of this.sessions.values()) {
          session.do((recording) => recording.advance(session.timeOf(message.nowMs)));
        }
        break;
      case 'stop':
        this.with(message.id, (session) => session.stop(message.nowMs));
        break;
      case 'close':
        void this.close(message.nowMs);
    }
  }

  private start(order: RecordingOrder, zeroMs: number, nowMs: number): void {
    const { id } = order;
    if (this.sessions.has(id)) return;
    const session = new Session(order, zeroMs, this.parts, () => this.sessions.delete(id));
    this.sessions.set(id, session);
    session.open(nowMs);
  }

  private read(id: string, chunk: ArrayBuffer, sizeBytes: number): void {
    const session = this.sessions.get(id);
    if (session) session.read(chunk, sizeBytes);
    else this.parts.tell({ kind: 'read', id, chunk }, [chunk]);
  }

  private with(id: string, work: (session: Session) => void): void {
    const session = this.sessions.get(id);
    if (session) work(session);
  }

  private async close(nowMs: number): Promise<void> {
    await Promise.allSettled([...this.sessions.values()].map((session) => session.suspend(nowMs)));
    this.parts.tell({ kind: 'closed' });
  }
}
