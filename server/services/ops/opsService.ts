import { timingSafeEqual } from 'node:crypto';
import { MeetingError } from '@/server/services/meetings/meetingError';
import type { Caller } from '@/server/services/meetings/meetingService';
import type { RateLimits } from '@/server/services/rateLimits';
import { hashSecret } from '@/server/services/tokens/secrets';

export interface OpsServiceParts {
  /** What operators show. */
  readonly token: string;
  readonly limits: RateLimits;
  readonly alerts: { test(url: string | null): number };
}

interface OperatorInput {
  readonly opsToken: string;
}

/** What those who run the site may do. Every method throws MeetingError `forbidden` without their token. */
export class OpsService {
  private readonly tokenHash: Buffer;

  constructor(private readonly parts: OpsServiceParts) {
    this.tokenHash = Buffer.from(hashSecret(parts.token));
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

  /** Wrong tokens count as guesses of the address. */
  private requireOperator({ opsToken }: OperatorInput, { ip }: Caller): void {
    this.parts.limits.admit('ops', ip);
    if (!timingSafeEqual(Buffer.from(hashSecret(opsToken)), this.tokenHash)) throw MeetingError.notOperator();
  }
}
