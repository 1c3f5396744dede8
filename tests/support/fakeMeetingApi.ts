import { type JoinMeetingInput, type MeetingApi, type MeetingEventsObserver, ParleyApiError } from '@/lib/api';
import type { Scheduler } from '@/lib/core/clock';
import type { JoinGrant, MeetingErrorReason, MeetingEvent, MeetingView, SeatedPerson } from '@/lib/core/meeting';
import { TIERS } from '@/lib/quality/tiers';

const STAY_MS = 15_000;
/** How long a closed page's seat is kept for a reload. */
const CLOSED_MS = 3_500;
const SEATS = 4;
export const BANDWIDTH_MAX_BPS = 640_000;

interface Stay {
  readonly token: string;
  readonly person: SeatedPerson | null;
  readonly identity: string;
  expiresAtMs: number;
  observer: MeetingEventsObserver | null;
}

/** The API of one meeting within the process: seats by identity, stays that expire, events, and a network that may be away. */
export class FakeMeetingApi {
  /** While true, no call gets through. */
  isOffline = false;
  /** Refusals of the next joins, one each. */
  readonly refusals: ParleyApiError[] = [];
  /** The identities of all joins granted, in order. */
  readonly joins: string[] = [];
  private readonly gates = { join: [] as Promise<void>[], heartbeat: [] as Promise<void>[] };
  private readonly stays = new Map<string, Stay>();
  private view: MeetingView = {
    id: 'round-table',
    title: '',
    maxParticipants: SEATS,
    createdAt: '2026-01-01T00:00:00.000Z',
    endedAt: null,
    people: [],
    spectators: 0,
    tier: TIERS.high,
    recording: null,
  };

  constructor(private readonly scheduler: Scheduler) {
    const sweep = () => {
      this.sweep();
      scheduler.schedule(sweep, 500);
    };
    sweep();
  }

  get people(): readonly SeatedPerson[] {
    return this.view.people;
  }

  /** What clients have reported about the deployment, with the token of their stay. */
  readonly faults: string[] = [];

  readonly meeting: Pick<
    MeetingApi,
    'join' | 'heartbeat' | 'events' | 'leave' | 'leaveOnClose' | 'change' | 'reportFault'
  > = {
    join: async (input) => {
      await this.reach();
      const refusal = this.refusals.shift();
      if (refusal) throw refusal;
      const grant = this.join(input);
      await this.gates.join.shift();
      return grant;
    },
    heartbeat: async ({ stayToken }) => {
      await this.reach();
      const answer = this.gates.heartbeat.shift();
      const stay = this.stays.get(stayToken);
      await answer;
      this.requireOpen(stay).expiresAtMs = this.scheduler.nowMs() + STAY_MS;
    },
    events: ({ stayToken }, observer) => {
      const stay = this.stays.get(stayToken ?? '');
      if (stay) stay.observer = observer;
      void Promise.resolve().then(() => observer.onEvent({ type: 'snapshot', meeting: this.view }));
      return () => {
        if (stay) stay.observer = null;
      };
    },
    leave: async ({ stayToken }) => {
      await this.reach();
      this.remove(this.stays.get(stayToken), 'left');
    },
    reportFault: async ({ stayToken, fault, said }) => {
      await this.reach();
      this.faults.push(`${stayToken} ${fault}: ${said}`);
    },
    leaveOnClose: ({ stayToken }) => {
      const stay = this.stays.get(stayToken);
      if (!stay) return;
      stay.expiresAtMs = this.scheduler.nowMs() + CLOSED_MS;
      // The page is gone and hears no more events.
      stay.observer = null;
    },
    change: async ({ stayToken, name, avatar }) => {
      await this.reach();
      const { person } = this.requireOpen(this.stays.get(stayToken));
      if (name === '') throw new ParleyApiError({ reason: 'badInput' }, 'A name is missing.');
      if (person) this.seat({ ...person, ...(name && { name }), ...(avatar && { avatar }) }, 'changed');
    },
  };

  /** Holds back the answer to the next such call until the returned function is called; the server has acted by then. */
  holdNext(call: 'join' | 'heartbeat'): () => void {
    let open = () => {};
    this.gates[call].push(
      new Promise((resolve) => {
        open = resolve;
      }),
    );
    return open;
  }

  /** The host ends the meeting. */
  end(): void {
    this.view = { ...this.view, endedAt: '2026-01-01T01:00:00.000Z' };
    this.tell({ type: 'ended', endedAt: this.view.endedAt! });
  }

  /** The server announces another tier. */
  announce(tier: MeetingView['tier']): void {
    this.view = { ...this.view, tier };
    this.tell({ type: 'tier', tier, seated: this.view.people.length });
  }

  /** Forgets every stay; the people are still listed. */
  forgetStays(): void {
    this.stays.clear();
  }

  private async reach(): Promise<void> {
    await Promise.resolve();
    if (this.isOffline) throw new ParleyApiError({ reason: 'offline' }, 'Parley gave no answer.');
    this.sweep();
  }

  private join(input: JoinMeetingInput): JoinGrant {
    const identity = input.identity ?? '';
    if (this.view.endedAt !== null) throw refusal('ended');
    const before = [...this.stays.values()].find((stay) => stay.identity === identity);
    const person = input.role === 'participant' ? this.personOf(input, identity) : null;
    if (before) this.replace(before);
    this.joins.push(identity);
    const token = `stay-${this.joins.length}`;
    const expiresAtMs = this.scheduler.nowMs() + STAY_MS;
    this.stays.set(token, { token, person, identity, expiresAtMs, observer: null });
    if (person) this.seat(person, 'joined');
    return {
      meeting: this.view,
      personId: personIdOf(identity),
      role: input.role,
      seat: person?.seat ?? null,
      joinToken: `jwt-${this.joins.length}`,
      stayToken: token,
      jitsi: {
        libUrl: '',
        xmppWebSocketUrl: '',
        xmppDomain: '',
        mucDomain: '',
        focusDomain: '',
        room: 'round-table',
        identity: 'enforced',
      },
      bandwidthMaxBps: BANDWIDTH_MAX_BPS,
    };
  }

  private personOf({ name, avatar }: JoinMeetingInput, identity: string): SeatedPerson {
    const id = personIdOf(identity);
    const taken = new Set(this.view.people.filter((person) => person.id !== id).map(({ seat }) => seat));
    const old = this.view.people.find((person) => person.id === id);
    const seat = old?.seat ?? Array.from({ length: SEATS }, (_, k) => k).find((k) => !taken.has(k));
    if (seat === undefined) throw new ParleyApiError({ reason: 'full', limit: SEATS }, 'All seats are taken.');
    return { id, name: name ?? '', avatar: avatar ?? 'ada', seat, endpoint: old?.endpoint ?? null };
  }

  private requireOpen(stay: Stay | undefined): Stay {
    if (!stay) throw refusal('tokenInvalid');
    if (this.view.endedAt !== null) throw refusal('ended');
    return stay;
  }

  private replace(stay: Stay): void {
    this.stays.delete(stay.token);
    stay.observer?.onError?.(refusal('replaced'));
  }

  private sweep(): void {
    const nowMs = this.scheduler.nowMs();
    for (const stay of [...this.stays.values()]) {
      if (stay.expiresAtMs > nowMs) continue;
      this.remove(stay, 'timeout');
      if (!this.isOffline) stay.observer?.onError?.(refusal('tokenExpired'));
    }
  }

  private seat(person: SeatedPerson, type: 'joined' | 'changed'): void {
    const others = this.view.people.filter(({ id }) => id !== person.id);
    this.view = { ...this.view, people: [...others, person].sort((a, b) => a.seat - b.seat) };
    this.tell({ type, person });
  }

  private remove(stay: Stay | undefined, reason: 'left' | 'timeout'): void {
    if (!stay || !this.stays.delete(stay.token) || !stay.person) return;
    const { id, seat } = stay.person;
    this.view = { ...this.view, people: this.view.people.filter((person) => person.id !== id) };
    this.tell({ type: 'left', personId: id, seat, reason });
  }

  private tell(event: MeetingEvent): void {
    if (this.isOffline) return;
    for (const { observer } of [...this.stays.values()]) observer?.onEvent(event);
  }
}

/** The public id of the person with this identity. */
export function personIdOf(identity: string): string {
  return `person-${identity}`;
}

function refusal(reason: MeetingErrorReason): ParleyApiError {
  return new ParleyApiError({ reason }, reason);
}
