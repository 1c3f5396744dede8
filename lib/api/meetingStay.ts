import { ParleyApiError } from '@/lib/api/parleyApiError';
import type { JoinMeetingInput, ParleyClient } from '@/lib/api/parleyClient';
import { Emitter } from '@/lib/core/emitter';
import type { JoinGrant, MeetingEvent } from '@/lib/core/meeting';

/** A stay lives 15 s without a sign of life. */
const HEARTBEAT_MS = 5_000;

export interface MeetingStayEvents {
  /** The API let one in, or in again. */
  granted: JoinGrant;
  event: MeetingEvent;
  /** The stay is over for a reason that coming back does not mend (`replaced`, `ended`, `notFound`). */
  refused: ParleyApiError;
  /** The stay ran out, as after a long sleep; coming back takes the same seat if it is still free. */
  expired: ParleyApiError;
}

/** Calls `task` every `periodMs`; the returned function ends it. */
export type Every = (task: () => void, periodMs: number) => () => void;

const everyByTimer: Every = (task, periodMs) => {
  const timer = setInterval(task, periodMs);
  return () => clearInterval(timer);
};

interface StayKey {
  readonly id: string;
  readonly stayToken: string;
}

/** The API's side of one's stay in a meeting, for pages and programs alike: joining, signs of life, events, leaving. */
export class MeetingStay {
  readonly events = new Emitter<MeetingStayEvents>();
  private key: StayKey | null = null;
  private stopEvents: (() => void) | null = null;
  private stopHeartbeat: (() => void) | null = null;
  private entries = 0;
  private pendingEntries = 0;
  private left = false;

  /** `every` beats the heart: where a page's own timers sleep with the page, something that does not. */
  constructor(
    private readonly client: ParleyClient,
    private request: JoinMeetingInput,
    private readonly every: Every = everyByTimer,
  ) {}

  /** Joins, or joins again with the same identity: of several entries the last one counts. @throws ParleyApiError */
  async enter(): Promise<JoinGrant> {
    this.entries += 1;
    const entry = this.entries;
    const grant = await this.join();
    if (this.left) {
      void this.free(keyOf(grant));
      throw new ParleyApiError({ reason: 'ended' }, 'You have left.');
    }
    // An answer that comes late, over a network that was away, belongs to a stay that the newer one has replaced.
    if (entry === this.entries) this.settle(grant);
    return grant;
  }

  /** Changes one's name or avatar, also for when one enters again. @throws ParleyApiError */
  async change(appearance: Pick<JoinMeetingInput, 'name' | 'avatar'>): Promise<void> {
    if (this.key) await this.client.meeting.change({ ...this.key, ...appearance });
    this.request = { ...this.request, ...appearance };
  }

  /** Asks whether the stay still holds. @throws ParleyApiError with why it does not */
  async check(): Promise<void> {
    if (this.key) await this.client.meeting.heartbeat(this.key);
  }

  /** Gives a sign of life now. What the API says to it comes as an event. */
  beat(): void {
    const { key } = this;
    if (key) this.client.meeting.heartbeat(key).catch((error: ParleyApiError) => this.onTrouble(key, error));
  }

  /** Leaves for good; never rejects. */
  async leave(): Promise<void> {
    if (this.left) return;
    this.left = true;
    this.stop();
    if (this.key) await this.free(this.key);
  }

  /** Says that the page goes, which may be a reload: the seat is kept for a moment. */
  leaveOnClose(): void {
    if (this.key && !this.left) this.client.meeting.leaveOnClose(this.key);
  }

  private async join(): Promise<JoinGrant> {
    this.pendingEntries += 1;
    try {
      return await this.client.meeting.join(this.request);
    } finally {
      this.pendingEntries -= 1;
    }
  }

  private async free(key: StayKey): Promise<void> {
    // A seat that can't be freed now is free 15 s later by itself.
    await this.client.meeting.leave(key).catch(() => {});
  }

  private settle(grant: JoinGrant): void {
    this.stop();
    const key = keyOf(grant);
    this.key = key;
    this.events.emit('granted', grant);
    this.stopEvents = this.client.meeting.events(key, {
      onEvent: (event) => this.events.emit('event', event),
      onError: (error) => this.onTrouble(key, error),
    });
    this.stopHeartbeat = this.every(() => this.beat(), HEARTBEAT_MS);
  }

  private stop(): void {
    this.stopEvents?.();
    this.stopHeartbeat?.();
    this.stopEvents = null;
    this.stopHeartbeat = null;
  }

  private onTrouble(key: StayKey, error: ParleyApiError): void {
    // To enter again replaces one's own stay of before, which may say so before the answer is here.
    const isOfBefore = key !== this.key || this.pendingEntries > 0;
    if (this.left || isOfBefore) return;
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
        this.events.emit('expired', error);
        return;
      default:
      // Offline, busy or limited: the next sign of life tries again, and the stay outlives three of them.
    }
  }
}

function keyOf({ meeting, stayToken }: JoinGrant): StayKey {
  return { id: meeting.id, stayToken };
}
