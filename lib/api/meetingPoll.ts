import { type ParleyApiError, toParleyApiError } from '@/lib/api/parleyApiError';
import type { MeetingEvent, MeetingView, SeatedPerson } from '@/lib/core/meeting';
import type { RecordingNotice } from '@/lib/core/recording';

/** Time between two looks: while somebody may be watching, and while the page is hidden. */
const LOOK_EVERY_MS = 2_500;
const HIDDEN_LOOK_EVERY_MS = 10_000;
/** Longest pause after looks that have failed, unless the API asks for more. */
const LONGEST_PAUSE_MS = 10_000;

/** Failures that may pass. All others are final, as for a stream. */
const PASSING: ReadonlySet<string> = new Set(['offline', 'unavailable', 'tooManyRequests']);

/** What a poll needs, and whom it tells. */
export interface MeetingPollParts {
  look(): Promise<MeetingView>;
  /** Keeps the stay, as an open stream would; null without one. */
  readonly keep: (() => Promise<void>) | null;
  onEvent(event: MeetingEvent): void;
  /** A look has succeeded, or failed in a way that may pass. */
  onLook(hasSucceeded: boolean): void;
  /** The API refuses. The poll has stopped. */
  onRefused(error: ParleyApiError): void;
  /** The meeting has ended, and the event that says so was the last. The poll has stopped. */
  onEnded(): void;
}

/** Follows a meeting by looking at it again and again, for networks that hold event streams back. */
export class MeetingPoll {
  private view: MeetingView | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private isStopped = false;

  /** Looks at once. */
  constructor(private readonly parts: MeetingPollParts) {
    void this.round();
  }

  /** Ends it, for good; nothing is told after it. */
  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  private async round(): Promise<void> {
    try {
      const [view] = await Promise.all([this.parts.look(), this.parts.keep?.()]);
      if (this.isStopped) return;
      this.failures = 0;
      this.parts.onLook(true);
      this.take(view);
    } catch (error) {
      if (!this.isStopped) this.onFailed(toParleyApiError(error));
    }
  }

  private take(view: MeetingView): void {
    const events = this.view ? eventsBetween(this.view, view) : [snapshotOf(view)];
    this.view = view;
    for (const event of events) if (!this.isStopped) this.parts.onEvent(event);
    if (this.isStopped) return;
    if (view.endedAt === null) this.goOn(globalThis.document?.hidden ? HIDDEN_LOOK_EVERY_MS : LOOK_EVERY_MS);
    else this.end(() => this.parts.onEnded());
  }

  private end(tell: () => void): void {
    this.stop();
    tell();
  }

  private onFailed(error: ParleyApiError): void {
    if (PASSING.has(error.reason)) this.tryLater(error);
    else this.end(() => this.parts.onRefused(error));
  }

  private tryLater(error: ParleyApiError): void {
    this.failures += 1;
    this.parts.onLook(false);
    const pauseMs = Math.min(LONGEST_PAUSE_MS, LOOK_EVERY_MS * 2 ** (this.failures - 1));
    this.goOn(Math.max(pauseMs, error.retryAfterMs ?? 0));
  }

  private goOn(afterMs: number): void {
    if (!this.isStopped) this.timer = setTimeout(() => void this.round(), afterMs);
  }
}

function snapshotOf(meeting: MeetingView): MeetingEvent {
  return { type: 'snapshot', meeting };
}

/** Events that lead from one view of a meeting to a later one. Why somebody has left is not known: by themselves. */
export function eventsBetween(before: MeetingView, after: MeetingView): MeetingEvent[] {
  const isOther = before.title !== after.title || before.maxParticipants !== after.maxParticipants;
  if (before.id !== after.id || isOther) return [snapshotOf(after)];
  const events = [...departures(before.people, after.people), ...arrivals(before.people, after.people)];
  if (before.spectators !== after.spectators) events.push({ type: 'spectators', count: after.spectators });
  const [was, is] = [before.tier, after.tier];
  if (was.name !== is.name || was.fps !== is.fps || was.compression !== is.compression) {
    events.push({ type: 'tier', tier: is, seated: after.people.length });
  }
  events.push(...recordingEvents(before.recording, after.recording));
  const { restartsBy: by } = after;
  if (by !== undefined && by !== before.restartsBy) events.push({ type: 'restarting', by });
  if (after.endedAt !== null && before.endedAt === null) events.push({ type: 'ended', endedAt: after.endedAt });
  return events;
}

/** How a recording has ended is not known: by its host. */
function recordingEvents(before: RecordingNotice | null, after: RecordingNotice | null): MeetingEvent[] {
  if (before?.id === after?.id) return [];
  return [
    ...(before ? [{ type: 'recording', change: 'stopped', recording: before } as const] : []),
    ...(after ? [{ type: 'recording', change: 'started', recording: after } as const] : []),
  ];
}

function departures(before: readonly SeatedPerson[], after: readonly SeatedPerson[]): MeetingEvent[] {
  const staying = new Set(after.map(({ id }) => id));
  return before.flatMap(({ id, seat }) =>
    staying.has(id) ? [] : [{ type: 'left' as const, personId: id, seat, reason: 'left' as const }],
  );
}

function arrivals(before: readonly SeatedPerson[], after: readonly SeatedPerson[]): MeetingEvent[] {
  const known = new Map(before.map((person) => [person.id, person]));
  return after.flatMap((person): MeetingEvent[] => {
    const was = known.get(person.id);
    // Somebody on another seat came back, whom `joined` replaces.
    if (!was || was.seat !== person.seat) return [{ type: 'joined', person }];
    const isSame = was.name === person.name && was.avatar === person.avatar;
    const isSaid = was.agreesToRecording === person.agreesToRecording;
    return isSame && isSaid && was.endpoint?.nonce === person.endpoint?.nonce ? [] : [{ type: 'changed', person }];
  });
}
