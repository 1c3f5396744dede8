import type { Admission } from '@/lib/core/admission';
import type { Clock } from '@/lib/core/clock';
import type { Session } from './session';
import type { SessionDirectory } from './sessionDirectory';

export interface StayReviewOptions {
  readonly admission: Pick<Admission, 'review'>;
  readonly sessions: Pick<SessionDirectory, 'sessions'>;
  readonly clock: Clock;
  readonly intervalMs: number;
  /** Called for each session whose stay is over. */
  readonly onOver: (session: Session) => void;
}

/** Asks from time to time which of those in the hub still stay in their meeting: a token says so only once. */
export class StayReview {
  private askedAtMs: number;
  private isAsking = false;

  constructor(private readonly options: StayReviewOptions) {
    this.askedAtMs = options.clock.nowMs();
  }

  /** Asks if it is time to, and the last question has been answered. */
  sweep(): void {
    const { clock, intervalMs } = this.options;
    if (this.isAsking || clock.nowMs() - this.askedAtMs < intervalMs) return;
    this.askedAtMs = clock.nowMs();
    this.isAsking = true;
    void this.review().finally(() => {
      this.isAsking = false;
    });
  }

  private async review(): Promise<void> {
    const { admission, sessions, clock, onOver } = this.options;
    const nowMs = clock.nowMs();
    const present = [...sessions.sessions].map(({ admitted: { room, stayId }, heardAtMs }) => {
      return { room, stayId, heardAgoMs: nowMs - heardAtMs };
    });
    if (present.length === 0) return;
    // No answer, as from a database that is away, is no reason to put anybody out.
    const over = new Set(await admission.review(present).catch(() => []));
    for (const session of [...sessions.sessions]) if (over.has(session.admitted.stayId)) onOver(session);
  }
}
