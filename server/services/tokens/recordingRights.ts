import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '@/lib/core/clock';

/**
 * What a right lets its bearer do. `record`: start, stop and list recordings of a meeting, and watch none but those that it began;
 * `live`: watch one recording while it is being made, as it is made; `watch`: watch one recording; `manage`: also share and delete it.
 */
export type RightKind = 'record' | 'live' | 'watch' | 'manage';

const DAY_MS = 86_400_000;
/** 128 bits of a signature, in base64url. */
const SIGNATURE_LETTERS = 22;
const RIGHT = /^([a-z0-9-]{3,64})\.([0-9a-z]{1,6})\.([\w-]{22})$/;
const RADIX = 36;

/** A right that was signed. */
export interface GrantedRight {
  /** `SUBJECT.DAY.SIGNATURE`: of letters that stand in a path as they are. */
  readonly right: string;
  /** Milliseconds since the Unix epoch. */
  readonly expiresAtMs: number;
}

/** What a right is bound to. */
export interface GrantTerms {
  /** What it is checked with beside its subject. */
  readonly bound?: string;
  /** The valid right of the person who passes it on. */
  readonly from?: string;
}

/** What a text says as a right. `expired`: it was signed here, but its day is over. */
export type RightVerdict = 'valid' | 'expired' | 'invalid';

/**
 * Rights as text that anybody can hold and nobody can make: the id of a meeting or a recording, the last day, and a
 * signature with the site's secret. Days, not moments: all rights to something that are given on one day are the same text,
 * so that caches see one address.
 */
export class RecordingRights {
  constructor(
    /** The site's secret. */
    private readonly secret: string,
    /** Milliseconds since the Unix epoch. */
    private readonly clock: Clock,
  ) {}

  /**
   * A right for at least `days` days, but never for longer than the right it comes `from`. It is checked with the same `bound`,
   * which tells meetings apart that have the same id one after the other.
   */
  grant(kind: RightKind, subject: string, days: number, { bound = '', from }: GrantTerms = {}): GrantedRight {
    const asked = Math.floor(this.clock.nowMs() / DAY_MS) + days;
    const lastDay = from === undefined ? asked : Math.min(asked, lastDayOf(from));
    const right = `${subject}.${lastDay.toString(RADIX)}.${this.sign(kind, subject, lastDay, bound)}`;
    return { right, expiresAtMs: (lastDay + 1) * DAY_MS };
  }

  /** Whether `right` is one of this kind to `subject`. */
  check(kind: RightKind, subject: string, right: string, bound = ''): RightVerdict {
    const [, named, , signature] = RIGHT.exec(right) ?? [];
    if (named !== subject || signature === undefined) return 'invalid';
    const lastDay = lastDayOf(right);
    const expected = this.sign(kind, subject, lastDay, bound);
    if (!timingSafeEqual(Buffer.from(expected), Buffer.from(signature))) return 'invalid';
    return this.clock.nowMs() < (lastDay + 1) * DAY_MS ? 'valid' : 'expired';
  }

  private sign(kind: RightKind, subject: string, lastDay: number, bound: string): string {
    const said = `parley recording\n${kind}\n${subject}\n${lastDay}\n${bound}`;
    return createHmac('sha256', this.secret).update(said).digest('base64url').slice(0, SIGNATURE_LETTERS);
  }
}

/** The id that a right names, before it is checked; null if the text is no right. */
export function subjectOf(right: string): string | null {
  return RIGHT.exec(right)?.[1] ?? null;
}

/** Days since the Unix epoch of a right's last day; 0 if the text is no right. */
function lastDayOf(right: string): number {
  return Number.parseInt(RIGHT.exec(right)?.[2] ?? '0', RADIX);
}
