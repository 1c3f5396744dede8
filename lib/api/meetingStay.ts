import { ParleyApiError } from '@/lib/api/parleyApiError';
import type { ClaimEndpointInput, EventsConnection, JoinMeetingInput, ParleyClient } from '@/lib/api/parleyClient';
import type { UploadChoice } from '@/lib/api/uploadAvatar';
import type { DeploymentFault } from '@/lib/core/deploymentFault';
import { Emitter } from '@/lib/core/emitter';
import type { ClientReport, JoinGrant, MeetingEvent, StoredAvatarView } from '@/lib/core/meeting';
import { Scope } from '@/lib/core/scope';

/** A stay ends 15 s after its last heartbeat. */
const HEARTBEAT_MS = 5_000;

export interface MeetingStayEvents {
  /** The API has granted a stay, for the first time or again. */
  granted: JoinGrant;
  event: MeetingEvent;
  /** How events arrive now. */
  connection: EventsConnection;
  /** The stay is over, and entering again would not help (`replaced`, `ended`, `notFound`, `forbidden`). */
  refused: ParleyApiError;
  /** The stay expired, as after a long sleep; entering again takes the same seat if it is still free. */
  expired: ParleyApiError;
}

/** Calls `task` every `periodMs`; the returned function ends it. */
export type Every = (task: () => void, periodMs: number) => () => void;

const everyByTimer: Every = (task, periodMs) => {
  const timer = setInterval(task, periodMs);
  return () => clearInterval(timer);
};

/** Longest text of a server that is passed on, UTF-16 units. */
const SAID_MAX_UNITS = 200;

interface StayKey {
  readonly id: string;
  readonly stayToken: string;
}

/** A stay in a meeting, for pages and programs alike: joining, heartbeats, events, leaving. */
export class MeetingStay {
  readonly events = new Emitter<MeetingStayEvents>();
  private key: StayKey | null = null;
  /** Ends events and heartbeat. */
  private signs = new Scope();
  private readonly faultsReported = new Set<DeploymentFault>();
  private entries = 0;
  private pendingEntries = 0;
  private left = false;
  /** What the next heartbeat tells of how the client fares. */
  private report: () => ClientReport | null = () => null;

  /** `every` runs the heartbeat; pages pass one that browsers do not slow down while the page is hidden. */
  constructor(
    private readonly client: ParleyClient,
    private request: JoinMeetingInput,
    private readonly every: Every = everyByTimer,
  ) {}

  /** Joins, or joins again with the same identity. Of several calls the last one counts. @throws ParleyApiError */
  async enter(): Promise<JoinGrant> {
    this.entries += 1;
    const entry = this.entries;
    const grant = await this.join();
    if (this.left) {
      void this.free(keyOf(grant));
      throw new ParleyApiError({ reason: 'ended' }, 'You have left.');
    }
    // A late answer, as after an outage, belongs to a stay that a newer one has replaced.
    if (entry === this.entries) this.settle(grant);
    return grant;
  }

  /** Changes name or avatar, for this stay and for entering again. @throws ParleyApiError */
  async change(appearance: Pick<JoinMeetingInput, 'name' | 'avatar'>): Promise<void> {
    if (this.key) await this.client.meeting.change({ ...this.key, ...appearance });
    this.request = { ...this.request, ...appearance };
  }

  /**
   * Reports the person's endpoint in the conference. Resolves with the nonce that it has to say, or null for a spectator, whom
   * the roster does not list. @throws ParleyApiError
   */
  async claim(endpoint: Pick<ClaimEndpointInput, 'endpointId' | 'occupantId'>): Promise<string | null> {
    if (!this.key || this.request.role === 'spectator') return null;
    return (await this.client.meeting.claim({ ...this.key, ...endpoint })).nonce;
  }

  /**
   * Reports what is wrong with the Jitsi deployment, each fault once. Nothing waits for it, and nothing is lost if it does not get
   * through.
   */
  reportFault(fault: DeploymentFault, said: string): void {
    if (!this.key || this.faultsReported.has(fault)) return;
    this.faultsReported.add(fault);
    this.client.meeting.reportFault({ ...this.key, fault, said: said.slice(0, SAID_MAX_UNITS) }).catch(() => {});
  }

  /** Says whether the person agrees to be recorded. @throws ParleyApiError */
  async agreeToRecording(agrees: boolean): Promise<void> {
    if (this.key) await this.client.recording.agree({ ...this.key, agrees });
  }

  /** Uploads a custom avatar. @throws ParleyApiError */
  async uploadAvatar(bytes: Uint8Array<ArrayBuffer>, choice: UploadChoice): Promise<StoredAvatarView> {
    if (!this.key) throw new ParleyApiError({ reason: 'tokenInvalid' }, 'Join the meeting first.');
    return this.client.avatar.upload(bytes, { ...choice, stay: this.key });
  }

  /** Checks that the stay is still valid. @throws ParleyApiError saying why it is not */
  async check(): Promise<void> {
    if (this.key) await this.client.meeting.heartbeat(this.key);
  }

  /** From now on heartbeats tell what `report` returns, which it tells once. */
  reportWith(report: () => ClientReport | null): void {
    this.report = report;
  }

  /** Sends a heartbeat now. If the API refuses it, an event follows. */
  beat(): void {
    const { key } = this;
    if (!key) return;
    const report = this.report();
    const beat = this.client.meeting.heartbeat(report ? { ...key, report } : key);
    beat.catch((error: ParleyApiError) => this.onTrouble(key, error));
  }

  /** Leaves for good; never rejects. */
  async leave(): Promise<void> {
    if (this.left) return;
    this.left = true;
    this.signs.close();
    if (this.key) await this.free(this.key);
  }

  /** Announces that the page is closing, which may be a reload: the seat is kept for a moment. */
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
    // A seat that cannot be freed now is freed 15 s later by the server.
    await this.client.meeting.leave(key).catch(() => {});
  }

  private settle(grant: JoinGrant): void {
    this.signs.close();
    const key = keyOf(grant);
    this.key = key;
    const signs = new Scope();
    this.signs = signs;
    this.events.emit('granted', grant);
    signs.add(
      this.client.meeting.events(key, {
        onEvent: (event) => this.events.emit('event', event),
        onError: (error) => this.onTrouble(key, error),
        onConnectionChange: (connection) => this.events.emit('connection', connection),
      }),
      this.every(() => this.beat(), HEARTBEAT_MS),
    );
  }

  private onTrouble(key: StayKey, error: ParleyApiError): void {
    // Entering again replaces the previous stay, whose stream may say so before the answer arrives.
    const isPrevious = key !== this.key || this.pendingEntries > 0;
    // A heartbeat on its way when the stay ended says no more than that.
    if (this.left || isPrevious || this.signs.isClosed) return;
    switch (error.reason) {
      case 'replaced':
      case 'ended':
      case 'notFound':
      case 'forbidden':
        this.signs.close();
        this.events.emit('refused', error);
        return;
      case 'tokenExpired':
      case 'tokenInvalid':
        this.signs.close();
        this.events.emit('expired', error);
        return;
      default:
      // Offline, busy or limited: the next heartbeat tries again, and a stay survives two that are missed.
    }
  }
}

function keyOf({ meeting, stayToken }: JoinGrant): StayKey {
  return { id: meeting.id, stayToken };
}
