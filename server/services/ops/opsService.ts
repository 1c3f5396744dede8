import { timingSafeEqual } from 'node:crypto';
import type { Log } from '@/lib/core/log';
import type { RecordingView } from '@/lib/core/recording';
import type { HistoryFigures, HistorySpan, SiteHistory } from '@/lib/core/site/siteHistory';
import type { AlertState } from '@/server/alerts/alertEngine';
import type { History } from '@/server/metrics/history';
import type { Lack } from '@/server/metrics/probes';
import type { AvatarService } from '@/server/services/avatarService';
import { MeetingError } from '@/server/services/meetings/meetingError';
import type { Caller } from '@/server/services/meetings/meetingService';
import type { RateLimits } from '@/server/services/rateLimits';
import type { RecordingService } from '@/server/services/recordings/recordingService';
import { hashSecret } from '@/server/services/tokens/secrets';
import type { Drain } from './drain';
import type { Oversight } from './oversight';

/** Most recordings that are listed. */
const RECORDINGS_MAX = 200;

export interface OpsServiceParts {
  /** What operators show. */
  readonly token: string;
  /** Of Parley. */
  readonly version: string;
  readonly limits: RateLimits;
  readonly alerts: { readonly firing: readonly AlertState[]; test(url: string | null): number };
  readonly history: Pick<History, 'now' | 'read'>;
  readonly oversight: Oversight;
  readonly recordings: Pick<RecordingService, 'newest' | 'deleteAny'>;
  readonly avatars: Pick<AvatarService, 'remove'>;
  readonly drain: Pick<Drain, 'isOn' | 'begin' | 'end'>;
  readonly log: Log;
}

interface OperatorInput {
  readonly opsToken: string;
}

/** How the site is now. */
export interface SiteOverview {
  readonly version: string;
  readonly figures: HistoryFigures;
  /** The newest first; `startsAt` is an ISO time. */
  readonly alerts: readonly (Omit<AlertState, 'startsAtMs'> & { readonly startsAt: string })[];
  /** Why the site can't take people; empty while it can. */
  readonly lacks: readonly Lack[];
  readonly isDraining: boolean;
}

/** What those who run the site may do. Every method throws MeetingError `forbidden` without their token, and `tooManyRequests`. */
export class OpsService {
  private readonly tokenHash: Buffer;
  private lacks: () => readonly Lack[] = () => ['starting'];

  constructor(private readonly parts: OpsServiceParts) {
    this.tokenHash = Buffer.from(hashSecret(parts.token));
  }

  /** Gives the service what knows why the site is not ready. */
  watch(site: { readonly lacks: readonly Lack[] }): void {
    this.lacks = () => site.lacks;
  }

  async overview(input: OperatorInput, caller: Caller): Promise<SiteOverview> {
    this.requireOperator(input, caller);
    const { version, history, alerts, drain } = this.parts;
    return {
      version,
      figures: history.now,
      alerts: alerts.firing.map(({ startsAtMs, ...alert }) => ({
        ...alert,
        startsAt: new Date(startsAtMs).toISOString(),
      })),
      lacks: this.lacks(),
      isDraining: drain.isOn,
    };
  }

  async history(input: OperatorInput & { readonly span: HistorySpan }, caller: Caller): Promise<SiteHistory> {
    this.requireOperator(input, caller);
    return this.parts.history.read(input.span);
  }

  async meetings(input: OperatorInput, caller: Caller): ReturnType<Oversight['list']> {
    this.requireOperator(input, caller);
    return this.parts.oversight.list();
  }

  /** Ends a meeting for everyone. @throws MeetingError `notFound`, `ended` */
  async endMeeting(input: OperatorInput & { readonly id: string }, caller: Caller): Promise<void> {
    this.requireOperator(input, caller);
    await this.parts.oversight.end(input.id);
    this.parts.log.info('an operator has ended a meeting');
  }

  /** Puts a person out of a meeting. @throws MeetingError `notFound` */
  async removePerson(
    input: OperatorInput & { readonly id: string; readonly personId: string },
    caller: Caller,
  ): Promise<void> {
    this.requireOperator(input, caller);
    const { id, personId } = input;
    await this.parts.oversight.remove(id, personId);
    this.parts.log.info('an operator has put somebody out', { personId });
  }

  async recordings(input: OperatorInput, caller: Caller): Promise<readonly RecordingView[]> {
    this.requireOperator(input, caller);
    return this.parts.recordings.newest(RECORDINGS_MAX, caller);
  }

  /** Deletes a recording, which ends if it is under way. @throws MeetingError `notFound` */
  async deleteRecording(input: OperatorInput & { readonly id: string }, caller: Caller): Promise<void> {
    this.requireOperator(input, caller);
    await this.parts.recordings.deleteAny(input.id);
  }

  /** Takes a custom avatar away for good, by the SHA-256 of its file. @throws MeetingError `notFound` */
  async deleteAvatar(input: OperatorInput & { readonly sha256: string }, caller: Caller): Promise<void> {
    this.requireOperator(input, caller);
    await this.parts.avatars.remove(input.sha256);
    this.parts.log.info('an operator has removed an avatar', { sha256: input.sha256 });
  }

  /** Refuses new meetings from now on, or takes them again. Those in progress go on. */
  async drain(input: OperatorInput & { readonly isOn: boolean }, caller: Caller): Promise<void> {
    this.requireOperator(input, caller);
    const { drain, log } = this.parts;
    if (input.isOn) drain.begin();
    else drain.end();
    log.info(input.isOn ? 'no new meetings are taken' : 'new meetings are taken again');
  }

  /**
   * Sends an alert that says that nothing is wrong, and two seconds later its end: to `url`, which may be inside the network, or
   * wherever alerts go.
   * @throws MeetingError `badInput` where alerts go nowhere
   */
  async testAlert(
    input: OperatorInput & { readonly url?: string },
    caller: Caller,
  ): Promise<{ readonly sentTo: number }> {
    this.requireOperator(input, caller);
    const sentTo = this.parts.alerts.test(input.url ?? null);
    if (sentTo > 0) return { sentTo };
    throw new MeetingError({ reason: 'badInput' }, 'Alerts go nowhere: set ALERT_WEBHOOK_URL, or name an address.');
  }

  private requireOperator({ opsToken }: OperatorInput, { ip }: Caller): void {
    const isRight = timingSafeEqual(Buffer.from(hashSecret(opsToken)), this.tokenHash);
    this.parts.limits.admitOperator(ip, isRight);
    if (!isRight) throw MeetingError.notOperator();
  }
}
