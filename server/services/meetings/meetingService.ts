import type { Presence } from '@/lib/core/admission';
import type { DeploymentFault } from '@/lib/core/deploymentFault';
import { cleanDisplayName } from '@/lib/core/displayName';
import type { Emitter } from '@/lib/core/emitter';
import type {
  Appearance,
  ClientReport,
  JitsiCoordinates,
  JoinGrant,
  MeetingErrorReason,
  MeetingEvent,
  MeetingRole,
  MeetingView,
} from '@/lib/core/meeting';
import { SEATS_MIN } from '@/lib/core/meeting';
import type { RateLimits } from '@/server/services/rateLimits';
import { jitsiRoom } from '@/server/services/tokens/jitsiCoordinates';
import type { TokenBearer } from '@/server/services/tokens/joinTokens';
import {
  hashIdentity,
  hashSecret,
  newMeetingId,
  newNonce,
  newPersonId,
  newSecret,
} from '@/server/services/tokens/secrets';
import type { JoinOutcome, MeetingStore, StayChange, StayKey } from '@/server/store/meetingStore';
import { StoreError } from '@/server/store/storeError';
import { endMeeting } from './endMeeting';
import { checkAppearance, checkChange, type RecordingDefaults, type RecordingWishes, recordingFor } from './joinRules';
import { MeetingError, requireJoined, requireLive } from './meetingError';
import type { Follower, MeetingFeeds, MeetingServiceEvents } from './meetingFeeds';
import { STAY_LIFE_MS, type StayKeeper } from './stayKeeper';
import { StreamSlots } from './streamSlots';

/** The source of a request, as the edge of the process saw it. */
export interface Caller {
  /** Address that the request came from; rate limits count it. */
  readonly ip: string;
  /** The site's own origin for this caller, such as `https://meet.example.org`; links are made from it. */
  readonly origin: string;
}

export interface CreateInput extends RecordingWishes {
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

/** A person's endpoint, and what the XMPP server calls the session behind it, if it says so. */
interface ClaimInput extends StayInput {
  readonly endpointId: string;
  readonly occupantId?: string | null;
}

/** What a client finds wrong with the Jitsi deployment. */
interface FaultInput extends StayInput {
  readonly fault: DeploymentFault;
  /** What a server said, or where. */
  readonly said?: string;
}

/** What counts how meetings fare. */
interface MeetingMeter {
  joined(result: 'ok' | MeetingErrorReason): void;
  reported(report: ClientReport): void;
}

export interface MeetingServiceParts {
  readonly store: MeetingStore;
  readonly feeds: MeetingFeeds;
  readonly limits: RateLimits;
  /** Rejects for a custom avatar that is not stored here, which others couldn't load. */
  readonly requireAvatar: (avatar: string) => Promise<void>;
  readonly stays: StayKeeper;
  /** The operator's limit of seats. */
  readonly maxParticipants: number;
  /** The operator's limit of what one person receives in total, bits per second. */
  readonly bandwidthMaxBps: number;
  /** Most spectators of a meeting. */
  readonly watchMax: number;
  /** What the operator has set for recordings. */
  readonly recordings: RecordingDefaults;
  /** A join token for the meeting's conference, or '' if the deployment asks for none. */
  readonly issueToken: (bearer: TokenBearer) => Promise<string>;
  readonly coordinates: (origin: string, meetingId: string) => JitsiCoordinates;
  /** Whether no new meetings are created, as operators want it or the process is about to end; by default never. */
  readonly isDraining?: () => boolean;
  /** Counts joins and what clients report; by default nothing does. */
  readonly meter?: MeetingMeter;
  /** Takes what a client in a meeting reports about the Jitsi deployment, and what a server said. */
  readonly noteFault: (fault: DeploymentFault, said: string) => void;
}

function stayKey({ id, stayToken }: StayInput): StayKey {
  return { meetingId: id, tokenHash: hashSecret(stayToken) };
}

/** When a page whose older stream was ended for a newer one may open another. */
const NEXT_STREAM_MS = 1000;

/** An event stream that has been let in. */
interface Followed {
  readonly follower: Follower;
  readonly giveBack: () => void;
}

/** The rules of meetings. Every method throws MeetingError, and StoreError if the database is away. */
export class MeetingService {
  private readonly slots = new StreamSlots();
  private isStopping = false;

  constructor(private readonly parts: MeetingServiceParts) {}

  /** What the rest of the process hears of meetings. */
  get events(): Emitter<MeetingServiceEvents> {
    return this.parts.feeds.events;
  }

  /** Creates a meeting. @throws MeetingError `exists`, `badInput`, `tooManyRequests`, `unavailable` while the site drains */
  async create(input: CreateInput, caller: Caller): Promise<CreatedMeeting> {
    const { feeds, limits } = this.parts;
    limits.admit('create', caller.ip);
    if (this.parts.isDraining?.()) throw MeetingError.draining();
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
    const { meter } = this.parts;
    try {
      const grant = await this.admitAndSeat(input, caller);
      meter?.joined('ok');
      return grant;
    } catch (error) {
      meter?.joined(error instanceof MeetingError ? error.reason : 'unavailable');
      throw error;
    }
  }

  private async admitAndSeat(input: JoinInput, caller: Caller): Promise<JoinGrant> {
    const { limits, feeds, stays, issueToken, coordinates, bandwidthMaxBps, requireAvatar } = this.parts;
    limits.admit('join', caller.ip);
    const { id, role } = input;
    const stayToken = newSecret();
    const appearance = checkAppearance(role, input.name, input.avatar);
    await requireAvatar(appearance.avatar);
    const joined = await limits.lookUp(caller.ip, async () =>
      requireJoined(await this.takePlace(input, appearance, stayToken, caller.ip), role),
    );
    const { personId, seat } = joined;
    const key = stayKey({ id, stayToken });
    const { tokenHash: stayId } = key;
    stays.begun(key);
    const joinToken = await issueToken({ room: jitsiRoom(id), personId, stayId, name: appearance.name, role });
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
    const { store, feeds, stays } = this.parts;
    if (input.closing) return stays.drop(key);
    await feeds.inTurn(input.id, async () => {
      const outcome = await store.endStay(key, await stays.settle());
      if (outcome.kind === 'unknown') throw MeetingError.tokenInvalid();
      if (outcome.kind === 'live') await feeds.announceEnded(input.id, [outcome.stay], 'left');
    });
  }

  /** Ends the meeting for everyone. @throws MeetingError `notFound`, `forbidden`, `ended`, `tooManyRequests` */
  async end(input: { readonly id: string; readonly hostToken: string }, caller: Caller): Promise<MeetingView> {
    const { limits, feeds } = this.parts;
    limits.admit('call', caller.ip);
    return limits.lookUp(caller.ip, () =>
      feeds.inTurn(input.id, () => endMeeting(this.parts, input.id, hashSecret(input.hostToken))),
    );
  }

  /**
   * Keeps a stay alive for another 15 s, and takes what its client tells of how it fares.
   * @throws MeetingError `tokenInvalid`, `tokenExpired`, `replaced`, `ended`
   */
  async heartbeat(input: StayInput & { readonly report?: ClientReport }, caller: Caller): Promise<void> {
    const key = stayKey(input);
    this.admitOwn(key, caller);
    await this.parts.stays.beat(key);
    if (input.report) this.parts.meter?.reported(input.report);
  }

  /**
   * Changes the name or avatar of a person in the meeting; an absent field stays as it is.
   * @throws MeetingError `badInput`, `tokenInvalid`, `tokenExpired`, `replaced`, `ended`, `tooManyRequests`
   */
  async change(input: StayInput & Partial<Appearance>, caller: Caller): Promise<void> {
    const { limits, requireAvatar } = this.parts;
    limits.admit('change', caller.ip);
    const change = checkChange(input);
    if (change.avatar !== undefined) await requireAvatar(change.avatar);
    await this.changeStay(input, change);
  }

  /**
   * Reports the endpoint of a person in the meeting's conference, in place of an earlier one. The roster tells everyone, with
   * the nonce that is returned. Receivers believe the claim once the endpoint itself has said the nonce.
   * @throws MeetingError `badInput`, `tokenInvalid`, `tokenExpired`, `replaced`, `ended`, `tooManyRequests`
   */
  async claim(input: ClaimInput, caller: Caller): Promise<{ readonly nonce: string }> {
    this.admitOwn(stayKey(input), caller, 'claim');
    const { endpointId: id, occupantId = null } = input;
    const nonce = newNonce();
    await this.changeStay(input, { endpoint: { id, occupantId, nonce } });
    return { nonce };
  }

  /**
   * Takes a client's word for what is wrong with the Jitsi deployment. The stay may be over, as after a login that was refused.
   * @throws MeetingError `tokenInvalid`, `tooManyRequests`
   */
  async reportFault(input: FaultInput, caller: Caller): Promise<void> {
    const { limits, stays, noteFault } = this.parts;
    limits.admit('fault', caller.ip);
    if (!stays.knows(stayKey(input))) throw MeetingError.tokenInvalid();
    noteFault(input.fault, input.said ?? '');
  }

  /**
   * The events of a meeting, its present state first. With a stay's token the stream also keeps that stay: opening it
   * counts as a heartbeat, and when it drops, the stay lives for only 3.5 s more. It ends after `ended` and after the
   * stay was left.
   * @throws MeetingError `notFound`, `ended`, `tokenInvalid`, `tokenExpired`, `replaced`, `unavailable`, `tooManyRequests`
   */
  async *watch(
    input: { readonly id: string; readonly stayToken?: string },
    caller: Caller,
    signal?: AbortSignal,
  ): AsyncGenerator<MeetingEvent, void, void> {
    const { limits, feeds, stays } = this.parts;
    const { id, stayToken } = input;
    const key = stayToken === undefined ? null : stayKey({ id, stayToken });
    this.admitOwn(key, caller);
    const follow = () => (key ? this.followStaying(key, caller.ip) : this.lookOn(id, caller.ip));
    // A known stay is no guess, whatever others behind the same address do.
    const isGuess = key === null || !stays.knows(key);
    const { follower, giveBack } = await (isGuess ? limits.lookUp(caller.ip, follow) : follow());
    try {
      yield* feeds.read(input.id, follower, signal);
    } finally {
      giveBack();
      await this.unfollow(input.id, follower);
    }
  }

  /** Whether a stay goes on, for the hub: a join token can outlive its stay by minutes. */
  async isStaying(stayId: string): Promise<boolean> {
    try {
      return (await this.parts.store.openStays([stayId])).has(stayId);
    } catch (error) {
      // A database that is away must not keep people out of a meeting that is running. Nor has it ended a stay meanwhile.
      if (error instanceof StoreError) return true;
      throw error;
    }
  }

  /** Looks at those who are in the hub, and returns the ids of the stays that are over. @throws StoreError */
  review(present: readonly Presence[]): Promise<string[]> {
    const { stays, feeds } = this.parts;
    return stays.review(present, ({ room, stayId }) => feeds.follows(room, stayId));
  }

  /** Call before the server closes its connections: streams that drop from now on no longer shorten their stays. */
  stop(): void {
    this.isStopping = true;
  }

  /** Ends the stays that have run out, and announces it. */
  sweep(): Promise<void> {
    const { store, feeds, stays } = this.parts;
    return stays.round(async (nowMs) => {
      const due = await store.meetingsWithExpired(nowMs);
      await Promise.all(
        due.map((id) =>
          // By the time at which the round began: a pause since then must not end anybody.
          feeds.inTurn(id, async () => feeds.announceEnded(id, await store.endExpired(id, nowMs), 'timeout')),
        ),
      );
    });
  }

  private async createAs(id: string, input: CreateInput, hostToken: string): Promise<string> {
    const outcome = await this.parts.store.createMeeting({
      id,
      title: cleanDisplayName(input.title ?? ''),
      maxParticipants: this.seatsFor(input.maxParticipants),
      hostTokenHash: hashSecret(hostToken),
      ...recordingFor(input, this.parts.recordings),
      nowMs: this.parts.stays.nowMs(),
    });
    if (outcome === 'exists') throw MeetingError.exists(id);
    return id;
  }

  private async changeStay(input: StayInput, change: Partial<StayChange>): Promise<void> {
    const { store, feeds, stays } = this.parts;
    await feeds.inTurn(input.id, async () => {
      const stay = requireLive(await store.changeStay(stayKey(input), change, await stays.settle()));
      await feeds.announceChange(input.id, stay.personId);
    });
  }

  private seatsFor(asked: number | undefined): number {
    const most = this.parts.maxParticipants;
    if (asked === undefined) return most;
    if (Number.isInteger(asked) && asked >= SEATS_MIN && asked <= most) return asked;
    throw MeetingError.badInput(`maxParticipants: must be a whole number from ${SEATS_MIN} to ${most}.`);
  }

  private takePlace(input: JoinInput, appearance: Appearance, stayToken: string, ip: string): Promise<JoinOutcome> {
    const { store, feeds, stays } = this.parts;
    return feeds.inTurn(input.id, async () => {
      const nowMs = await stays.settle();
      const outcome = await store.join({
        ...appearance,
        ...stayKey({ id: input.id, stayToken }),
        role: input.role,
        identityHash: hashIdentity(input.id, input.identity ?? newSecret()),
        newPersonId: newPersonId(),
        spectatorsMax: this.parts.watchMax,
        nowMs,
        expiresAtMs: nowMs + STAY_LIFE_MS,
      });
      await feeds.announceJoin(input.id, outcome, ip);
      return outcome;
    });
  }

  /** Counts a request by its stay, if that is known to be live, and otherwise by its address. */
  private admitOwn(key: StayKey | null, { ip }: Caller, kind: 'call' | 'claim' = 'call'): void {
    const { limits, stays } = this.parts;
    if (key && stays.knows(key)) limits.admitStay(key.tokenHash);
    else limits.admit(kind, ip);
  }

  private async lookOn(meetingId: string, ip: string): Promise<Followed> {
    const giveBack = this.slots.take({ ip, meetingId, tokenHash: null }, () => {});
    try {
      return { follower: await this.parts.feeds.follow(meetingId, null), giveBack };
    } catch (error) {
      giveBack();
      throw error;
    }
  }

  private async followStaying(key: StayKey, ip: string): Promise<Followed> {
    const { feeds, stays } = this.parts;
    const follower = await feeds.follow(key.meetingId, key.tokenHash);
    try {
      // After following, not before: this way the follower also hears of a replacement in between.
      await stays.beat(key);
      const end = () => follower.mailbox.close(MeetingError.tooManyRequests(NEXT_STREAM_MS));
      return { follower, giveBack: this.slots.take({ ip, ...key }, end) };
    } catch (error) {
      feeds.unfollow(key.meetingId, follower);
      throw error;
    }
  }

  private async unfollow(id: string, follower: Follower): Promise<void> {
    const last = this.parts.feeds.unfollow(id, follower);
    // If the database is away right now, the stay ends later, by timeout.
    if (last && follower.tokenHash && !this.isStopping)
      await this.parts.stays.drop({ meetingId: id, tokenHash: follower.tokenHash }).catch(() => {});
  }
}
