import { randomBytes } from 'node:crypto';
import type { Clock } from '@/lib/core/clock';
import { TokenBucket } from '@/server/limits/tokenBuckets';
import type { HubLimits } from '../hubLimits';
import type { HubCounters } from '../hubStats';
import type { FocusDialect } from '../profile/hubProfile';
import { NS } from '../xmpp/namespaces';
import { type Element, type StanzaCondition, xml } from '../xmpp/stanza';
import type { Allocation, EndpointAllocator, FocusMember, MucRoomRef } from './focusMember';
import { readCandidates, readRemoteTransport } from './jingleSession';
import { readSources, readSsrcs } from './jingleSources';
import { Participation } from './participation';
import { ConferenceSources } from './sources';

/** A client that has not told its features after this long is taken to have none but the basic ones. */
const FEATURES_MAX_MS = 15_000;

/** Most features of a client that are noted. */
const FEATURES_MAX = 128;

/** The features in an answer; none if it is a refusal. */
function featuresIn(answer: Element): ReadonlySet<string> {
  const features = answer.getChild('query', NS.discoInfo)?.getChildren('feature') ?? [];
  return new Set(features.slice(0, FEATURES_MAX).map(({ attrs }) => attrs['var'] ?? ''));
}

function asksForRestart(jingle: Element): boolean {
  return jingle.getChild('bridge-session')?.attrs['restart'] === 'true';
}

/** A question for a member's features that waits for its answer. */
interface OpenQuestion {
  readonly id: string;
  readonly atMs: number;
}

/**
 * How often members are told of changed sources at once; beyond that, of all changes together with the next sweep. Each telling
 * makes every client negotiate, and answer.
 */
const TELLINGS = { perSecond: 2, burst: 16 } as const;

/** What announcing a source, and withdrawing it, sends to each of the others. */
const SOURCE_BYTES = 640;

/** What a conference needs from the focus. */
export interface ConferenceOptions {
  readonly endpoints: EndpointAllocator;
  readonly dialect: FocusDialect;
  /** The focus's own address, `focus@auth.domain`. */
  readonly focusJid: string;
  readonly clock: Clock;
  readonly limits: Pick<HubLimits, 'sourcesMaxPerEndpoint' | 'candidatesMaxPerSession'>;
  readonly counters: HubCounters;
  readonly reportError: (error: unknown) => void;
}

/** The Jingle sessions of one room and the sources in them. */
export class FocusConference {
  private readonly participations = new Map<string, Participation>();
  private readonly sources: ConferenceSources;
  private readonly asked = new Map<string, OpenQuestion>();
  private readonly bridgeSessionId = randomBytes(4).toString('hex');
  private readonly tellings: TokenBucket;
  private hasUntold = false;
  private owner: string | null = null;

  constructor(
    private readonly room: MucRoomRef,
    private readonly options: ConferenceOptions,
  ) {
    const { limits, dialect, clock } = options;
    this.tellings = new TokenBucket(TELLINGS.perSecond, TELLINGS.burst, clock.nowMs());
    this.sources = new ConferenceSources(limits.sourcesMaxPerEndpoint, dialect.keepsRemovedSources);
  }

  get size(): number {
    return this.participations.size;
  }

  join(member: FocusMember, node: string | null): void {
    const { limits, dialect, focusJid } = this.options;
    const { bridgeSessionId } = this;
    const terms = { candidatesMax: limits.candidatesMaxPerSession, dialect, focusJid, bridgeSessionId };
    this.participations.set(member.endpointId, new Participation(this.room, member, terms));
    this.appointOwners();
    if (dialect.asksFeatures) this.ask(member, node);
  }

  /** Handles an answer of a member. Returns whether it is the one to the question for its features. */
  onAnswer(endpointId: string, answer: Element): boolean {
    const asked = this.asked.get(endpointId);
    if (!asked || asked.id !== answer.attrs['id']) return false;
    this.asked.delete(endpointId);
    this.participations.get(endpointId)?.learn(featuresIn(answer));
    return true;
  }

  /** Stops waiting for the features of clients that do not answer. Returns whether there were any. */
  giveUpAsking(nowMs: number): boolean {
    const late = [...this.asked].filter(([, { atMs }]) => nowMs - atMs >= FEATURES_MAX_MS);
    for (const [endpointId] of late) {
      this.asked.delete(endpointId);
      this.participations.get(endpointId)?.learn(new Set());
    }
    return late.length > 0;
  }

  /** The bridge has died: offers everybody who was on it a session on another. */
  startOver(): void {
    const running = [...this.participations.values()].filter(({ phase }) => phase !== 'none');
    for (const participation of running) {
      participation.bridgeLost();
      this.sources.forget(participation.member.endpointId);
      this.invite(participation);
    }
  }

  leave(endpointId: string): void {
    const participation = this.participations.get(endpointId);
    this.participations.delete(endpointId);
    this.asked.delete(endpointId);
    participation?.end();
    this.options.endpoints.dismiss(endpointId);
    this.withdrawSources(endpointId);
    if (this.owner === endpointId) this.owner = null;
    this.appointOwners();
  }

  /** Offers a session to every member that has none. */
  inviteAll(): void {
    for (const participation of this.participations.values()) if (participation.isReady) this.invite(participation);
  }

  /** Tells of changed sources that were too many to be told at once. */
  tellUntold(): void {
    if (this.hasUntold) this.showAll();
  }

  /** Offers sessions again whose time has come. */
  inviteDue(nowMs: number): void {
    for (const participation of this.participations.values())
      if (participation.isDue(nowMs)) this.invite(participation);
  }

  /** Ends every session. */
  terminateAll(): void {
    for (const participation of this.participations.values()) {
      const { endpointId } = participation.member;
      participation.terminate();
      this.options.endpoints.release(endpointId);
      this.sources.forget(endpointId);
    }
  }

  /** Ends every session without telling the clients. */
  close(): void {
    for (const participation of this.participations.values()) participation.end();
  }

  /** The member's participation, if `sessionId` names its current session. */
  find(endpointId: string, sessionId: string | undefined): Participation | null {
    const participation = this.participations.get(endpointId);
    return participation?.isSession(sessionId) ? participation : null;
  }

  /** Why an action is refused; null if it is not. */
  refusalOf(participation: Participation, jingle: Element): StanzaCondition | null {
    if (jingle.attrs['action'] !== 'session-terminate' || !asksForRestart(jingle)) return null;
    return participation.mayRestart(this.options.clock.nowMs()) ? null : 'resource-constraint';
  }

  /** Handles an action on a client's session, which has been acknowledged. */
  onAction(participation: Participation, jingle: Element): void {
    switch (jingle.attrs['action']) {
      case 'session-accept':
        this.onAccept(participation, jingle);
        break;
      case 'transport-info':
        this.takeCandidates(participation, jingle);
        break;
      case 'source-add':
        this.takeSources(participation, jingle);
        break;
      case 'source-remove':
        this.removeSources(participation, jingle);
        break;
      case 'session-terminate':
        this.onTerminate(participation, jingle);
        break;
    }
  }

  private invite(participation: Participation): void {
    const { room, member } = participation;
    const attempt = participation.begin();
    this.options.endpoints
      .allocate(room, member, {
        hasMedia: participation.offersMedia,
        isWanted: () => participation.isCurrent(attempt),
        onMediaLost: () => participation.isCurrent(attempt) && this.onMediaLost(participation),
      })
      .then((allocation) => this.onAllocated(participation, attempt, allocation))
      .catch(this.options.reportError);
  }

  private onAllocated(participation: Participation, attempt: number, allocation: Allocation | null): void {
    if (!participation.isCurrent(attempt)) {
      allocation?.link.close();
      return;
    }
    this.room.noteBridges({ count: allocation ? 1 : 0, isAway: allocation === null });
    if (allocation) participation.offer(allocation, this.sources.exceptOf(participation.member.endpointId));
    // Jicofo does not try again by itself.
    else participation.end();
  }

  private ask(member: FocusMember, node: string | null): void {
    const id = `focus-${randomBytes(5).toString('hex')}`;
    this.asked.set(member.endpointId, { id, atMs: this.options.clock.nowMs() });
    const query = xml('query', { xmlns: NS.discoInfo, node: node ?? undefined });
    member.send(
      xml('iq', { 'xml:lang': 'en', type: 'get', id, from: `${this.room.jid}/focus`, to: member.jid }, query),
    );
  }

  private appointOwners(): void {
    const { owners } = this.options.dialect;
    if (owners === 'everybody') for (const endpointId of this.participations.keys()) this.room.grantOwner(endpointId);
    const [first] = this.participations.keys();
    if (owners !== 'first' || this.owner !== null || first === undefined) return;
    this.owner = first;
    this.room.grantOwner(first);
  }

  private removeSources(participation: Participation, jingle: Element): void {
    const { member } = participation;
    this.sources.retire(member.endpointId, readSsrcs(jingle));
    if (this.options.dialect.keepsRemovedSources) return;
    participation.setOwnSources(this.sources.of(member.endpointId).sources);
    this.showAll();
  }

  private onAccept(participation: Participation, jingle: Element): void {
    const remote = readRemoteTransport(jingle);
    if (!remote) this.options.counters.drop('malformedJingle');
    participation.accept(remote);
    this.takeCandidates(participation, jingle);
    this.takeSources(participation, jingle);
    this.show(participation);
  }

  private takeCandidates(participation: Participation, jingle: Element): void {
    this.options.counters.drop('candidateRefused', participation.addCandidates(readCandidates(jingle)));
  }

  private takeSources(participation: Participation, jingle: Element): void {
    const { endpointId, admitted } = participation.member;
    const read = readSources(jingle, endpointId);
    if (admitted.role === 'spectator') {
      this.options.counters.drop('sourceRefused', read.refused + read.sources.length);
      return;
    }
    if (!participation.member.mayRelay(read.sources.length * SOURCE_BYTES)) return;
    this.options.counters.drop('sourceRefused', read.refused + this.sources.add(endpointId, read));
    participation.setOwnSources(this.sources.of(endpointId).sources);
    this.showAll();
  }

  private onTerminate(participation: Participation, jingle: Element): void {
    const { endpointId } = participation.member;
    if (asksForRestart(jingle)) {
      this.restart(participation);
      return;
    }
    participation.end();
    this.options.endpoints.release(endpointId);
    this.withdrawSources(endpointId);
  }

  /** A client that had media has been silent for too long. Its own library does not ask for another session. */
  private onMediaLost(participation: Participation): void {
    if (!this.options.dialect.replacesLostMedia) return;
    participation.announceEnd();
    this.restart(participation);
  }

  private restart(participation: Participation): void {
    const nowMs = this.options.clock.nowMs();
    participation.restart(nowMs);
    if (participation.isDue(nowMs)) this.invite(participation);
    this.withdrawSources(participation.member.endpointId);
  }

  private withdrawSources(endpointId: string): void {
    this.sources.forget(endpointId);
    this.showAll();
  }

  private showAll(): void {
    this.hasUntold = !this.tellings.tryTake(1, this.options.clock.nowMs());
    if (this.hasUntold) return;
    for (const participation of this.participations.values()) this.show(participation);
  }

  private show(participation: Participation): void {
    participation.showSources(this.sources.exceptOf(participation.member.endpointId));
  }
}
