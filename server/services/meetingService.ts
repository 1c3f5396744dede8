import type { Clock } from '@/lib/core/clock';
import { cleanDisplayName } from '@/lib/core/displayName';
import type { Emitter } from '@/lib/core/emitter';
import type {
  Appearance,
  JitsiCoordinates,
  JoinGrant,
  MeetingEvent,
  MeetingRole,
  MeetingView,
} from '@/lib/core/meeting';
import { SEATS_MIN } from '@/lib/core/meeting';
import type { Caller } from '@/server/services/caller';
import { jitsiRoom } from '@/server/services/jitsiCoordinates';
import { checkAppearance, checkChange } from '@/server/services/joinRules';
import type { TokenBearer } from '@/server/services/joinTokens';
import { MeetingError } from '@/server/services/meetingError';
import { readEvents } from '@/server/services/meetingEvents';
import type { Follower } from '@/server/services/meetingFeeds';
import type { MeetingRoom, MeetingServiceEvents } from '@/server/services/meetingRoom';
import type { RateLimits } from '@/server/services/rateLimits';
import { hashIdentity, hashSecret, newMeetingId, newPersonId, newSecret } from '@/server/services/secrets';
import { requireLive } from '@/server/services/stayErrors';
import type { JoinOutcome, MeetingStore, StayKey } from '@/server/store/meetingStore';
import { StoreError } from '@/server/store/storeError';

/** How long a stay lives on one beat of its heart. */
export const STAY_LIFE_MS = 15_000;

/** How long a stay lives on after its page has gone: enough for a reload to take it back. */
export const DROPPED_LIFE_MS = 3500;

/** A server that was away for longer than this finds nobody who still waits for it: pages give up after as long. */
export const REVIVED_AFTER_MAX_MS = 600_000;

export interface CreateInput {
  readonly title?: string;
  /** SEATS_MIN .. the operator's MAX_PARTICIPANTS, which is the default. */
  readonly maxParticipants?: number;
  /** A name of one's own (MEETING_ID_PATTERN); generated where absent. */
  readonly id?: string;
}

export interface CreatedMeeting {
  readonly id: string;
  /** Bearer secret of the host: ends the meeting. Shown this once. */
  readonly hostToken: string;
  readonly joinUrl: string;
  readonly spectateUrl: string;
  readonly meeting: MeetingView;
}

export interface JoinInput {
  readonly id: string;
  readonly role: MeetingRole;
  /** Needed to take a seat. */
  readonly name?: string;
  readonly avatar?: string;
  /** A secret of the client's own; whoever shows it again is the same person. */
  readonly identity?: string;
}

/** A stay, by its meeting and its bearer token. */
export interface StayInput {
  readonly id: string;
  readonly stayToken: string;
}

export interface MeetingServiceParts {
  readonly store: MeetingStore;
  readonly room: MeetingRoom;
  readonly limits: RateLimits;
  /** Lets nobody sit down in an avatar that others couldn't load. */
  readonly requireAvatar: (avatar: string) => Promise<void>;
  /** Milliseconds since the Unix epoch. */
  readonly clock: Clock;
  /** The operator's limit of seats. */
  readonly maxParticipants: number;
  /** The operator's limit of what one person receives in all, bits a second. */
  readonly bandwidthMaxBps: number;
  /** A join token for the meeting's conference, or '' where the deployment asks for none. */
  readonly issueToken: (bearer: TokenBearer) => Promise<string>;
  readonly coordinates: (origin: string, meetingId: string) => JitsiCoordinates;
}

function stayKey({ id, stayToken }: StayInput): StayKey {
  return { meetingId: id, tokenHash: hashSecret(stayToken) };
}

function requireJoined(outcome: JoinOutcome): Extract<JoinOutcome, { kind: 'joined' }> {
  switch (outcome.kind) {
    case 'joined':
      return outcome;
    case 'full':
      throw MeetingError.full(outcome.limit);
    case 'ended':
      throw MeetingError.ended();
    case 'notFound':
      throw MeetingError.notFound();
  }
}

/** The rules of meetings. Every method throws MeetingError, and StoreError where the database is away. */
export class MeetingService {
  private isStopping = false;

  constructor(private readonly parts: MeetingServiceParts) {}

  /** What the rest of the process hears of meetings. */
  get events(): Emitter<MeetingServiceEvents> {
    return this.parts.room.events;
  }

  /** Creates a meeting. @throws MeetingError `exists`, `badInput`, `tooManyRequests` */
  async create(input: CreateInput, caller: Caller): Promise<CreatedMeeting> {
    const { store, room, limits, clock } = this.parts;
    limits.admit('create', caller.ip);
    const id = input.id ?? newMeetingId();
    const hostToken = newSecret();
    const outcome = await store.createMeeting({
      id,
      title: cleanDisplayName(input.title ?? ''),
      maxParticipants: this.seatsFor(input.maxParticipants),
      hostTokenHash: hashSecret(hostToken),
      nowMs: clock.nowMs(),
    });
    if (outcome === 'exists') throw MeetingError.exists(id);
    const joinUrl = `${caller.origin}/m/${id}`;
    return { id, hostToken, joinUrl, spectateUrl: `${joinUrl}/watch`, meeting: await room.view(id) };
  }

  /**
   * Takes a seat, or watches. The same identity takes over its own seat, and its older stay is `replaced`.
   * @throws MeetingError `notFound`, `full`, `ended`, `badInput`, `tooManyRequests`
   */
  async join(input: JoinInput, caller: Caller): Promise<JoinGrant> {
    const { limits, room, issueToken, coordinates, bandwidthMaxBps, requireAvatar } = this.parts;
    limits.admit('join', caller.ip);
    const { id, role } = input;
    const stayToken = newSecret();
    const appearance = checkAppearance(role, input.name, input.avatar);
    await requireAvatar(appearance.avatar);
    const joined = await limits.lookUp(caller.ip, async () =>
      requireJoined(await this.takePlace(input, appearance, stayToken)),
    );
    const { personId, seat } = joined;
    const joinToken = await issueToken({ room: jitsiRoom(id), personId, name: appearance.name, role });
    const meeting = room.toView(joined.state);
    const jitsi = coordinates(caller.origin, id);
    return { meeting, personId, role, seat, joinToken, stayToken, jitsi, bandwidthMaxBps };
  }

  /** A meeting as everybody may see it, also after its end. @throws MeetingError `notFound`, `tooManyRequests` */
  get(id: string, caller: Caller): Promise<MeetingView> {
    const { limits, room } = this.parts;
    limits.admit('call', caller.ip);
    return limits.lookUp(caller.ip, () => room.view(id));
  }

  /**
   * Frees one's place at once. With `closing`, only shortly after: the page goes, but may come back as a reload.
   * A stay that is over already is left alone.
   * @throws MeetingError `tokenInvalid`, `tooManyRequests`
   */
  async leave(input: StayInput & { readonly closing?: boolean }, caller: Caller): Promise<void> {
    this.parts.limits.admit('call', caller.ip);
    const key = stayKey(input);
    if (input.closing) return this.dropStay(key);
    const { store, room, clock } = this.parts;
    await room.inTurn(input.id, async () => {
      const outcome = await store.endStay(key, clock.nowMs());
      if (outcome.kind === 'unknown') throw MeetingError.tokenInvalid();
      if (outcome.kind === 'live') await room.announceEnded(input.id, [outcome.stay], 'left');
    });
  }

  /** Ends the meeting for everybody. @throws MeetingError `notFound`, `forbidden`, `ended`, `tooManyRequests` */
  async end(input: { readonly id: string; readonly hostToken: string }, caller: Caller): Promise<MeetingView> {
    const { limits, room } = this.parts;
    limits.admit('call', caller.ip);
    return limits.lookUp(caller.ip, () => room.inTurn(input.id, () => this.endInTurn(input.id, input.hostToken)));
  }

  /** Keeps a stay alive for {@link STAY_LIFE_MS}. @throws MeetingError `tokenInvalid`, `tokenExpired`, `replaced`, `ended` */
  async heartbeat(input: StayInput, caller: Caller): Promise<void> {
    this.parts.limits.admit('call', caller.ip);
    await this.keepAlive(stayKey(input));
  }

  /**
   * Changes the name or the avatar of somebody who is there; what is absent stays.
   * @throws MeetingError `badInput`, `tokenInvalid`, `tokenExpired`, `replaced`, `ended`, `tooManyRequests`
   */
  async change(input: StayInput & Partial<Appearance>, caller: Caller): Promise<void> {
    const { store, room, limits, clock, requireAvatar } = this.parts;
    limits.admit('change', caller.ip);
    const change = checkChange(input);
    if (change.avatar !== undefined) await requireAvatar(change.avatar);
    await room.inTurn(input.id, async () => {
      const stay = requireLive(await store.changeStay(stayKey(input), change, clock.nowMs()));
      await room.announceChange(input.id, stay.personId);
    });
  }

  /**
   * What happens in a meeting, the present state first. With a stay's token the stream also keeps that stay: it beats
   * once when it opens, and when it drops, the stay lives on for {@link DROPPED_LIFE_MS} only. It is over after `ended`
   * and after the stay was left.
   * @throws MeetingError `notFound`, `ended`, `tokenInvalid`, `tokenExpired`, `replaced`, `unavailable`, `tooManyRequests`
   */
  async *watch(
    input: { readonly id: string; readonly stayToken?: string },
    caller: Caller,
    signal?: AbortSignal,
  ): AsyncGenerator<MeetingEvent, void, void> {
    const { limits, room } = this.parts;
    limits.admit('call', caller.ip);
    const follower = await limits.lookUp(caller.ip, () => this.follow(input.id, input.stayToken));
    try {
      yield* readEvents(room, input.id, follower, signal);
    } finally {
      await this.unfollow(input.id, follower);
    }
  }

  /** Whether a meeting still lets people in, for the hub: a token outlives the meeting it was made for by minutes. */
  async isOpen(id: string): Promise<boolean> {
    try {
      return (await this.parts.room.view(id)).endedAt === null;
    } catch (error) {
      // A database that is away must not keep people out of a meeting that is running.
      return error instanceof StoreError;
    }
  }

  /**
   * To be called before anybody is served: nobody could give a sign of life while the server was away, so everybody who
   * was there until then has their seat for {@link STAY_LIFE_MS} more.
   */
  async revive(): Promise<void> {
    const nowMs = this.parts.clock.nowMs();
    await this.parts.store.reviveStays(nowMs - REVIVED_AFTER_MAX_MS, nowMs + STAY_LIFE_MS);
  }

  /** To be called before the server closes its connections: streams that drop from now on say nothing about their people. */
  stop(): void {
    this.isStopping = true;
  }

  /** Ends the stays that have run out, and tells. */
  async sweep(): Promise<void> {
    const { store, room, clock } = this.parts;
    const due = await store.meetingsWithExpired(clock.nowMs());
    await Promise.all(
      due.map((id) =>
        room.inTurn(id, async () => room.announceEnded(id, await store.endExpired(id, clock.nowMs()), 'timeout')),
      ),
    );
  }

  private seatsFor(asked: number | undefined): number {
    const most = this.parts.maxParticipants;
    if (asked === undefined) return most;
    if (Number.isInteger(asked) && asked >= SEATS_MIN && asked <= most) return asked;
    throw MeetingError.badInput(`maxParticipants: must be a whole number from ${SEATS_MIN} to ${most}.`);
  }

  private takePlace(input: JoinInput, appearance: Appearance, stayToken: string): Promise<JoinOutcome> {
    const { store, room, clock } = this.parts;
    return room.inTurn(input.id, async () => {
      const nowMs = clock.nowMs();
      const outcome = await store.join({
        ...appearance,
        ...stayKey({ id: input.id, stayToken }),
        role: input.role,
        identityHash: hashIdentity(input.id, input.identity ?? newSecret()),
        newPersonId: newPersonId(),
        nowMs,
        expiresAtMs: nowMs + STAY_LIFE_MS,
      });
      await room.announceJoin(input.id, outcome);
      return outcome;
    });
  }

  private async endInTurn(id: string, hostToken: string): Promise<MeetingView> {
    const { store, room, clock } = this.parts;
    const outcome = await store.endMeeting(id, hashSecret(hostToken), clock.nowMs());
    if (outcome.kind === 'notFound') throw MeetingError.notFound();
    if (outcome.kind === 'forbidden') throw MeetingError.forbidden();
    if (outcome.kind === 'alreadyEnded') throw MeetingError.ended();
    room.announceEnd(id, outcome.endedAtMs);
    return room.view(id);
  }

  private async follow(id: string, stayToken: string | undefined): Promise<Follower> {
    const key = stayToken === undefined ? null : stayKey({ id, stayToken });
    const follower = await this.parts.room.follow(id, key?.tokenHash ?? null);
    if (!key) return follower;
    try {
      // After following, not before: a stay that is replaced in between is heard of either way.
      await this.keepAlive(key);
      return follower;
    } catch (error) {
      this.parts.room.unfollow(id, follower);
      throw error;
    }
  }

  private async unfollow(id: string, follower: Follower): Promise<void> {
    const last = this.parts.room.unfollow(id, follower);
    // A database that is away just now makes the place free later, by time-out.
    if (last && follower.tokenHash && !this.isStopping)
      await this.dropStay({ meetingId: id, tokenHash: follower.tokenHash }).catch(() => {});
  }

  private async keepAlive(key: StayKey): Promise<void> {
    const nowMs = this.parts.clock.nowMs();
    requireLive(await this.parts.store.extendStay(key, nowMs, nowMs + STAY_LIFE_MS));
  }

  private async dropStay(key: StayKey): Promise<void> {
    const nowMs = this.parts.clock.nowMs();
    const outcome = await this.parts.store.shortenStay(key, nowMs, nowMs + DROPPED_LIFE_MS);
    if (outcome.kind === 'unknown') throw MeetingError.tokenInvalid();
  }
}
