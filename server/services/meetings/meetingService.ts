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
import type { RateLimits } from '@/server/services/rateLimits';
import { jitsiRoom } from '@/server/services/tokens/jitsiCoordinates';
import type { TokenBearer } from '@/server/services/tokens/joinTokens';
import { hashIdentity, hashSecret, newMeetingId, newPersonId, newSecret } from '@/server/services/tokens/secrets';
import type { JoinOutcome, MeetingStore, StayKey } from '@/server/store/meetingStore';
import { StoreError } from '@/server/store/storeError';
import { checkAppearance, checkChange } from './joinRules';
import { MeetingError, requireJoined, requireLive } from './meetingError';
import type { Follower, MeetingFeeds, MeetingServiceEvents } from './meetingFeeds';

/** How long a stay lives on one heartbeat. */
const STAY_LIFE_MS = 15_000;

/** How long a stay lives after its page has gone: long enough for a reload to take it back. */
const DROPPED_LIFE_MS = 3500;

/** Pages stop waiting for a server after this long, so stays that ran out earlier than this are not revived. */
const REVIVED_AFTER_MAX_MS = 600_000;

/** The source of a request, as the edge of the process saw it. */
export interface Caller {
  /** Address that the request came from; rate limits count it. */
  readonly ip: string;
  /** The site's own origin for this caller, such as `https://meet.example.org`; links are made from it. */
  readonly origin: string;
}

export interface CreateInput {
  readonly title?: string;
  /** SEATS_MIN .. the operator's MAX_PARTICIPANTS, which is the default. */
  readonly maxParticipants?: number;
  /** A chosen id (MEETING_ID_PATTERN); generated if absent. */
  readonly id?: string;
}

export interface CreatedMeeting {
  readonly id: string;
  /** Bearer secret of the host: ends the meeting. Returned this once. */
  readonly hostToken: string;
  readonly joinUrl: string;
  readonly spectateUrl: string;
  readonly meeting: MeetingView;
}

export interface JoinInput {
  readonly id: string;
  readonly role: MeetingRole;
  /** Required to take a seat. */
  readonly name?: string;
  readonly avatar?: string;
  /** A secret of the client; a client that shows it again is the same person. */
  readonly identity?: string;
}

/** A stay, by its meeting and its bearer token. */
export interface StayInput {
  readonly id: string;
  readonly stayToken: string;
}

export interface MeetingServiceParts {
  readonly store: MeetingStore;
  readonly feeds: MeetingFeeds;
  readonly limits: RateLimits;
  /** Rejects for a custom avatar that is not stored here, which others couldn't load. */
  readonly requireAvatar: (avatar: string) => Promise<void>;
  /** Milliseconds since the Unix epoch. */
  readonly clock: Clock;
  /** The operator's limit of seats. */
  readonly maxParticipants: number;
  /** The operator's limit of what one person receives in total, bits per second. */
  readonly bandwidthMaxBps: number;
  /** A join token for the meeting's conference, or '' if the deployment asks for none. */
  readonly issueToken: (bearer: TokenBearer) => Promise<string>;
  readonly coordinates: (origin: string, meetingId: string) => JitsiCoordinates;
}

function stayKey({ id, stayToken }: StayInput): StayKey {
  return { meetingId: id, tokenHash: hashSecret(stayToken) };
}

/** The rules of meetings. Every method throws MeetingError, and StoreError if the database is away. */
export class MeetingService {
  private isStopping = false;

  constructor(private readonly parts: MeetingServiceParts) {}

  /** What the rest of the process hears of meetings. */
  get events(): Emitter<MeetingServiceEvents> {
    return this.parts.feeds.events;
  }

  /** Creates a meeting. @throws MeetingError `exists`, `badInput`, `tooManyRequests` */
  async create(input: CreateInput, caller: Caller): Promise<CreatedMeeting> {
    const { feeds, limits } = this.parts;
    limits.admit('create', caller.ip);
    const hostToken = newSecret();
    const make = (id: string) => this.createAs(id, input, hostToken);
    const chosen = input.id;
    // Whether a chosen id is taken is as much a look-up as `get`.
    const id = await (chosen === undefined ? make(newMeetingId()) : limits.lookUp(caller.ip, () => make(chosen)));
    const joinUrl = `${caller.origin}/m/${id}`;
    return { id, hostToken, joinUrl, spectateUrl: `${joinUrl}/watch`, meeting: await feeds.view(id) };
  }

  /**
   * Takes a seat, or watches. The same identity takes over its own seat, and its older stay is `replaced`.
   * @throws MeetingError `notFound`, `full`, `ended`, `badInput`, `tooManyRequests`
   */
  async join(input: JoinInput, caller: Caller): Promise<JoinGrant> {
    const { limits, feeds, issueToken, coordinates, bandwidthMaxBps, requireAvatar } = this.parts;
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
    const meeting = feeds.toView(joined.state);
    const jitsi = coordinates(caller.origin, id);
    return { meeting, personId, role, seat, joinToken, stayToken, jitsi, bandwidthMaxBps };
  }

  /** A meeting as everyone may see it, also after its end. @throws MeetingError `notFound`, `tooManyRequests` */
  get(id: string, caller: Caller): Promise<MeetingView> {
    const { limits, feeds } = this.parts;
    limits.admit('call', caller.ip);
    return limits.lookUp(caller.ip, () => feeds.view(id));
  }

  /**
   * Ends a stay at once, or with `closing` shortly after: the page closes, but may come back as a reload.
   * Does nothing for a stay that is already over.
   * @throws MeetingError `tokenInvalid`, `tooManyRequests`
   */
  async leave(input: StayInput & { readonly closing?: boolean }, caller: Caller): Promise<void> {
    this.parts.limits.admit('call', caller.ip);
    const key = stayKey(input);
    if (input.closing) return this.dropStay(key);
    const { store, feeds, clock } = this.parts;
    await feeds.inTurn(input.id, async () => {
      const outcome = await store.endStay(key, clock.nowMs());
      if (outcome.kind === 'unknown') throw MeetingError.tokenInvalid();
      if (outcome.kind === 'live') await feeds.announceEnded(input.id, [outcome.stay], 'left');
    });
  }

  /** Ends the meeting for everyone. @throws MeetingError `notFound`, `forbidden`, `ended`, `tooManyRequests` */
  async end(input: { readonly id: string; readonly hostToken: string }, caller: Caller): Promise<MeetingView> {
    const { limits, feeds } = this.parts;
    limits.admit('call', caller.ip);
    return limits.lookUp(caller.ip, () => feeds.inTurn(input.id, () => this.endInTurn(input.id, input.hostToken)));
  }

  /** Keeps a stay alive for {@link STAY_LIFE_MS}. @throws MeetingError `tokenInvalid`, `tokenExpired`, `replaced`, `ended` */
  async heartbeat(input: StayInput, caller: Caller): Promise<void> {
    this.parts.limits.admit('call', caller.ip);
    await this.keepAlive(stayKey(input));
  }

  /**
   * Changes the name or avatar of a person in the meeting; an absent field stays as it is.
   * @throws MeetingError `badInput`, `tokenInvalid`, `tokenExpired`, `replaced`, `ended`, `tooManyRequests`
   */
  async change(input: StayInput & Partial<Appearance>, caller: Caller): Promise<void> {
    const { store, feeds, limits, clock, requireAvatar } = this.parts;
    limits.admit('change', caller.ip);
    const change = checkChange(input);
    if (change.avatar !== undefined) await requireAvatar(change.avatar);
    await feeds.inTurn(input.id, async () => {
      const stay = requireLive(await store.changeStay(stayKey(input), change, clock.nowMs()));
      await feeds.announceChange(input.id, stay.personId);
    });
  }

  /**
   * The events of a meeting, its present state first. With a stay's token the stream also keeps that stay: opening it
   * counts as a heartbeat, and when it drops, the stay lives for only {@link DROPPED_LIFE_MS} more. It ends after
   * `ended` and after the stay was left.
   * @throws MeetingError `notFound`, `ended`, `tokenInvalid`, `tokenExpired`, `replaced`, `unavailable`, `tooManyRequests`
   */
  async *watch(
    input: { readonly id: string; readonly stayToken?: string },
    caller: Caller,
    signal?: AbortSignal,
  ): AsyncGenerator<MeetingEvent, void, void> {
    const { limits, feeds } = this.parts;
    limits.admit('call', caller.ip);
    const follower = await limits.lookUp(caller.ip, () => this.follow(input.id, input.stayToken));
    try {
      yield* feeds.read(input.id, follower, signal);
    } finally {
      await this.unfollow(input.id, follower);
    }
  }

  /** Whether a meeting still admits people, for the hub: a token can outlive its meeting by minutes. */
  async isOpen(id: string): Promise<boolean> {
    try {
      return (await this.parts.feeds.view(id)).endedAt === null;
    } catch (error) {
      // A database that is away must not keep people out of a meeting that is running.
      return error instanceof StoreError;
    }
  }

  /**
   * Call before serving anyone: no heartbeat could arrive while the server was away, so every stay that was live until
   * then gets {@link STAY_LIFE_MS} more.
   */
  async revive(): Promise<void> {
    const nowMs = this.parts.clock.nowMs();
    await this.parts.store.reviveStays(nowMs - REVIVED_AFTER_MAX_MS, nowMs + STAY_LIFE_MS);
  }

  /** Call before the server closes its connections: streams that drop from now on no longer shorten their stays. */
  stop(): void {
    this.isStopping = true;
  }

  /** Ends the stays that have run out, and announces it. */
  async sweep(): Promise<void> {
    const { store, feeds, clock } = this.parts;
    const due = await store.meetingsWithExpired(clock.nowMs());
    await Promise.all(
      due.map((id) =>
        feeds.inTurn(id, async () => feeds.announceEnded(id, await store.endExpired(id, clock.nowMs()), 'timeout')),
      ),
    );
  }

  private async createAs(id: string, input: CreateInput, hostToken: string): Promise<string> {
    const outcome = await this.parts.store.createMeeting({
      id,
      title: cleanDisplayName(input.title ?? ''),
      maxParticipants: this.seatsFor(input.maxParticipants),
      hostTokenHash: hashSecret(hostToken),
      nowMs: this.parts.clock.nowMs(),
    });
    if (outcome === 'exists') throw MeetingError.exists(id);
    return id;
  }

  private seatsFor(asked: number | undefined): number {
    const most = this.parts.maxParticipants;
    if (asked === undefined) return most;
    if (Number.isInteger(asked) && asked >= SEATS_MIN && asked <= most) return asked;
    throw MeetingError.badInput(`maxParticipants: must be a whole number from ${SEATS_MIN} to ${most}.`);
  }

  private takePlace(input: JoinInput, appearance: Appearance, stayToken: string): Promise<JoinOutcome> {
    const { store, feeds, clock } = this.parts;
    return feeds.inTurn(input.id, async () => {
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
      await feeds.announceJoin(input.id, outcome);
      return outcome;
    });
  }

  private async endInTurn(id: string, hostToken: string): Promise<MeetingView> {
    const { store, feeds, clock } = this.parts;
    const outcome = await store.endMeeting(id, hashSecret(hostToken), clock.nowMs());
    if (outcome.kind === 'notFound') throw MeetingError.notFound();
    if (outcome.kind === 'forbidden') throw MeetingError.forbidden();
    if (outcome.kind === 'alreadyEnded') throw MeetingError.ended();
    feeds.announceEnd(id, outcome.endedAtMs);
    return feeds.view(id);
  }

  private async follow(id: string, stayToken: string | undefined): Promise<Follower> {
    const key = stayToken === undefined ? null : stayKey({ id, stayToken });
    const follower = await this.parts.feeds.follow(id, key?.tokenHash ?? null);
    if (!key) return follower;
    try {
      // After following, not before: this way the follower also hears of a replacement in between.
      await this.keepAlive(key);
      return follower;
    } catch (error) {
      this.parts.feeds.unfollow(id, follower);
      throw error;
    }
  }

  private async unfollow(id: string, follower: Follower): Promise<void> {
    const last = this.parts.feeds.unfollow(id, follower);
    // If the database is away right now, the stay ends later, by timeout.
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
