import type { Presence } from '@/lib/core/admission';
import type { Clock } from '@/lib/core/clock';
import { type Log, silentLog } from '@/lib/core/log';
import type { MeetingStore, StayKey } from '@/server/store/meetingStore';
import { MeetingError, requireLive } from './meetingError';

/** How long a stay lives on one heartbeat. */
export const STAY_LIFE_MS = 15_000;

/** How long a stay lives after its page has gone: long enough for a reload to take it back. */
const DROPPED_LIFE_MS = 3500;

/** Pages stop waiting for a server after this long, so stays that ran out earlier than this before a start are not revived. */
const REVIVED_AFTER_MAX_MS = 600_000;

/** Without a good round of sweeping for this long, heartbeats could not be counted either. */
const PAUSE_MS = 2_000;

/** The clocks disagree by more than this only if somebody has set one, or the machine slept. */
const STEP_MIN_MS = 1_000;

/** A client of the hub that has answered within this is there: the hub asks every 4 s. */
const HEARD_MAX_MS = 5_000;

/** Heartbeats come every 5 s. Where none has for this long, they don't get through. */
const UNKEPT_MS = 8_000;

/** How long it is remembered that a stay has shown a sign of life: longer than the stay lives on it. */
const REMEMBERED_MS = 60_000;

/** Together with {@link HEARD_MAX_MS} no more than {@link STAY_LIFE_MS}. */
const HEARD_LIFE_MS = 10_000;

export interface StayKeeperParts {
  readonly store: MeetingStore;
  /** Milliseconds since the Unix epoch, as the machine believes. */
  readonly wall: Clock;
  /** What stays are measured by within this process. */
  readonly steady: Clock;
  readonly log?: Log;
}

/**
 * Keeps stays alive and says when they have run out. No stay runs out because this process, its database or its clock
 * was away: after a pause every stay gets its full life again before anything else is decided.
 *
 * As a clock, it starts at the wall's time and runs on evenly; a step of the wall is followed once all stays are safe.
 */
export class StayKeeper implements Clock {
  private readonly log: Log;
  private offsetMs: number;
  /** When the last good round began, or the last revival, on the steady clock. */
  private goodAtMs = Number.NEGATIVE_INFINITY;
  private reviving: Promise<void> | null = null;
  private readonly beats = new Map<string, Promise<void>>();
  /** When each stay had its last heartbeat, or began, on the steady clock, by token hash; and in which meeting. */
  private readonly alive = new Map<string, { readonly meetingId: string; readonly beatAtMs: number }>();

  constructor(private readonly parts: StayKeeperParts) {
    this.log = parts.log ?? silentLog;
    this.offsetMs = parts.wall.nowMs() - parts.steady.nowMs();
  }

  nowMs(): number {
    return this.parts.steady.nowMs() + this.offsetMs;
  }

  /** The time, by which stays may be judged. @throws StoreError */
  async settle(): Promise<number> {
    if (this.wasPaused()) await this.revive();
    return this.nowMs();
  }

  /** A round that ends what has run out by the time it gets; it must fail if it can't. @throws StoreError */
  async round(sweep: (nowMs: number) => Promise<void>): Promise<void> {
    const nowMs = await this.settle();
    await sweep(nowMs);
    this.goodAtMs = Math.max(this.goodAtMs, nowMs - this.offsetMs);
    this.forgetBeats();
  }

  /** A stay has begun. */
  begun({ meetingId, tokenHash }: StayKey): void {
    this.alive.set(tokenHash, { meetingId, beatAtMs: this.parts.steady.nowMs() });
  }

  /** Whether a stay has shown a sign of life lately in that meeting; its token cannot be guessed. */
  knows({ meetingId, tokenHash }: StayKey): boolean {
    return this.alive.get(tokenHash)?.meetingId === meetingId;
  }

  /**
   * Keeps a stay alive for {@link STAY_LIFE_MS}. Heartbeats of one stay don't queue up: those that arrive before the
   * database has answered share its answer.
   * @throws MeetingError `tokenInvalid`, `tokenExpired`, `replaced`, `ended`; StoreError
   */
  beat(key: StayKey): Promise<void> {
    const name = `${key.meetingId} ${key.tokenHash}`;
    const beat = this.beats.get(name) ?? this.beatOnce(key).finally(() => this.beats.delete(name));
    this.beats.set(name, beat);
    return beat;
  }

  /** Lets a stay whose page has gone live for {@link DROPPED_LIFE_MS} more. @throws MeetingError `tokenInvalid`; StoreError */
  async drop(key: StayKey): Promise<void> {
    const nowMs = await this.settle();
    const outcome = await this.parts.store.shortenStay(key, nowMs, nowMs + DROPPED_LIFE_MS);
    if (outcome.kind === 'unknown') throw MeetingError.tokenInvalid();
  }

  /**
   * Looks at those who are in the hub. A stay whose page follows its meeting's events and whose client answers the hub lives
   * on, even if no heartbeat gets through. Returns the ids of the stays that are over.
   * @throws StoreError if that can't be known now
   */
  async review(present: readonly Presence[], follows: (stay: Presence) => boolean): Promise<string[]> {
    const { store, steady } = this.parts;
    const nowMs = await this.settle();
    const ids = present.map(({ stayId }) => stayId);
    const isUnkept = ({ stayId }: Presence) =>
      steady.nowMs() - (this.alive.get(stayId)?.beatAtMs ?? -Infinity) > UNKEPT_MS;
    const unkept = present.filter((stay) => stay.heardAgoMs <= HEARD_MAX_MS && isUnkept(stay) && follows(stay));
    if (unkept.length > 0) {
      await store.prolongStays(
        unkept.map(({ stayId }) => stayId),
        nowMs + HEARD_LIFE_MS,
      );
    }
    const open = ids.length > 0 ? await store.openStays(ids) : new Set();
    return ids.filter((id) => !open.has(id));
  }

  private async beatOnce(key: StayKey): Promise<void> {
    const nowMs = await this.settle();
    requireLive(await this.parts.store.extendStay(key, nowMs, nowMs + STAY_LIFE_MS));
    this.begun(key);
  }

  private forgetBeats(): void {
    const oldestMs = this.parts.steady.nowMs() - REMEMBERED_MS;
    for (const [id, { beatAtMs }] of this.alive) if (beatAtMs < oldestMs) this.alive.delete(id);
  }

  private get stepMs(): number {
    const stepMs = this.parts.wall.nowMs() - this.nowMs();
    return Math.abs(stepMs) > STEP_MIN_MS ? stepMs : 0;
  }

  private wasPaused(): boolean {
    return this.parts.steady.nowMs() - this.goodAtMs > PAUSE_MS || this.stepMs !== 0;
  }

  private revive(): Promise<void> {
    this.reviving ??= this.reviveOnce().finally(() => {
      this.reviving = null;
    });
    return this.reviving;
  }

  private async reviveOnce(): Promise<void> {
    const { store, steady } = this.parts;
    const { stepMs, goodAtMs } = this;
    const beganMs = steady.nowMs();
    const nowMs = beganMs + this.offsetMs;
    // What had run out by the last good round has ended. Before the first one, that was another process.
    const sinceMs = Number.isFinite(goodAtMs) ? goodAtMs + this.offsetMs : nowMs - REVIVED_AFTER_MAX_MS;
    await store.reviveStays(sinceMs, nowMs + Math.max(0, stepMs) + STAY_LIFE_MS);
    this.offsetMs += stepMs;
    // Stays would outlive a step backwards by its length.
    if (stepMs < 0) await store.reviveStays(nowMs + stepMs, nowMs + stepMs + STAY_LIFE_MS);
    this.goodAtMs = Math.max(this.goodAtMs, beganMs);
    const pausedMs = Number.isFinite(goodAtMs) ? Math.round(beganMs - goodAtMs) : null;
    this.log.info('stays revived after a pause', { pausedMs, stepMs: Math.round(stepMs) });
  }
}
