import { ParleyApiError, type ParleyClient } from '@/lib/api';
import { Emitter } from '@/lib/core/emitter';
import type { JoinGrant, MeetingEvent } from '@/lib/core/meeting';

/** A stay lives 15 s without a sign of life. */
const HEARTBEAT_MS = 5_000;

/** Who comes, as the API asks it. */
export type StayRequest = Parameters<ParleyClient['meeting']['join']>[0];

export interface ApiStayEvents {
  /** The API let one in, or in again. */
  granted: JoinGrant;
  event: MeetingEvent;
  /** The stay is over for a reason that coming back does not mend (`replaced`, `ended`, `notFound`). */
  refused: ParleyApiError;
  /** The stay ran out, as after a long sleep; coming back takes the same seat if it is still free. */
  expired: undefined;
}

/** The API's side of one's stay: joining, signs of life, events, leaving. */
export class ApiStay {
  readonly events = new Emitter<ApiStayEvents>();
  private grant: JoinGrant | null = null;
  private stopEvents: (() => void) | null = null;
  private heartbeat: ReturnType<typeof setInterval> | null = null;
  private left = false;
  private readonly sayGoodbye = () => this.onPageHide();

  constructor(
    private readonly client: ParleyClient,
    private readonly request: StayRequest,
  ) {}

  /** Joins, or joins again with the same identity. @throws ParleyApiError */
  async enter(): Promise<JoinGrant> {
    const grant = await this.client.meeting.join(this.request);
    if (this.left) {
      void this.free(grant);
      throw new ParleyApiError({ reason: 'ended' }, 'You have left.');
    }
    this.settle(grant);
    return grant;
  }

  /** Asks whether the stay still holds. @throws ParleyApiError with why it does not */
  async check(): Promise<void> {
    if (this.grant) await this.client.meeting.heartbeat(this.stay(this.grant));
  }

  /** Leaves for good; never rejects. */
  async leave(): Promise<void> {
    if (this.left) return;
    this.left = true;
    this.stop();
    if (this.grant) await this.free(this.grant);
  }

  private async free(grant: JoinGrant): Promise<void> {
    // A seat that can't be freed now is free 15 s later by itself.
    await this.client.meeting.leave(this.stay(grant)).catch(() => {});
  }

  private stay(grant: JoinGrant): { id: string; stayToken: string } {
    return { id: grant.meeting.id, stayToken: grant.stayToken };
  }

  private settle(grant: JoinGrant): void {
    this.stop();
    this.grant = grant;
    this.events.emit('granted', grant);
    const stay = this.stay(grant);
    this.stopEvents = this.client.meeting.events(stay, {
      onEvent: (event) => this.events.emit('event', event),
      onError: (error) => this.onTrouble(error),
    });
    this.heartbeat = setInterval(() => {
      this.client.meeting.heartbeat(stay).catch((error: ParleyApiError) => this.onTrouble(error));
    }, HEARTBEAT_MS);
    window.addEventListener('pagehide', this.sayGoodbye);
  }

  private stop(): void {
    this.stopEvents?.();
    if (this.heartbeat) clearInterval(this.heartbeat);
    this.stopEvents = null;
    this.heartbeat = null;
    window.removeEventListener('pagehide', this.sayGoodbye);
  }

  private onTrouble(error: ParleyApiError): void {
    if (this.left) return;
    switch (error.reason) {
      case 'replaced':
      case 'ended':
      case 'notFound':
        this.stop();
        this.events.emit('refused', error);
        return;
      case 'tokenExpired':
      case 'tokenInvalid':
        this.stop();
        this.events.emit('expired', undefined);
        return;
      default:
      // Offline, busy or limited: the next sign of life tries again, and the stay outlives three of them.
    }
  }

  private onPageHide(): void {
    if (this.grant && !this.left) this.client.meeting.leaveOnClose(this.stay(this.grant));
  }
}
