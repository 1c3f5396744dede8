import type { Clock } from '@/lib/core/clock';
import type { HubLimits } from '../hubLimits';
import type { HubCounters } from '../hubStats';
import { NS } from '../xmpp/namespaces';
import { type Element, iqError, iqResult, xml } from '../xmpp/stanza';
import type { EndpointAllocator, FocusMember, MucRoomRef } from './focusMember';
import { readCandidates, readRemoteTransport } from './jingleSession';
import { readSources, readSsrcs } from './jingleSources';
import { Participation } from './participation';
import { ConferenceSources } from './sources';

interface FocusOptions extends ConferenceOptions {
  /** The focus's own address, `focus@auth.domain`. */
  readonly focusJid: string;
  /** How many occupants it takes for sessions to be offered: 1, or 2 as in Jicofo. */
  readonly minParticipants: 1 | 2;
}

/** Jicofo ends the session of an occupant that has been alone for this long (jicofo.conf, `single-participant-timeout`). */
const ALONE_MS = 20_000;

/** The conference focus: offers every occupant a Jingle session with a bridge channel, and announces the others' sources. */
export class Focus {
  private readonly conferences = new Map<string, FocusConference>();
  /** The conference of each member, by endpoint id. */
  private readonly conferenceOf = new Map<string, FocusConference>();
  private readonly tooFewSinceMs = new Map<FocusConference, number>();

  constructor(private readonly options: FocusOptions) {}

  /** A member has entered a room. */
  entered(room: MucRoomRef, member: FocusMember): void {
    const conference = this.conferences.get(room.id) ?? new FocusConference(room, this.options);
    this.conferences.set(room.id, conference);
    this.conferenceOf.set(member.endpointId, conference);
    conference.join(member);
    if (conference.size < this.options.minParticipants) return;
    this.tooFewSinceMs.delete(conference);
    conference.inviteAll();
  }

  /** A member has left a room. */
  left(room: MucRoomRef, endpointId: string): void {
    const conference = this.conferenceOf.get(endpointId);
    if (!conference) return;
    this.conferenceOf.delete(endpointId);
    conference.leave(endpointId);
    if (conference.size === 0) this.forget(room, conference);
    else if (conference.size < this.options.minParticipants) {
      this.tooFewSinceMs.set(conference, this.options.clock.nowMs());
    }
  }

  /** Handles an IQ request to the focus, as component or as occupant. */
  onRequest(member: FocusMember, request: Element): void {
    const jingle = request.getChild('jingle', NS.jingle);
    if (jingle) {
      this.onJingle(member, request, jingle);
      return;
    }
    const conference = request.getChild('conference', NS.focus);
    if (conference) {
      member.send(iqResult(request, this.conferenceReady(conference.attrs['room'])));
      return;
    }
    if (request.getChild('query', NS.discoInfo)) {
      member.send(iqResult(request, focusInfo()));
      return;
    }
    member.send(iqError(request, 'service-unavailable'));
  }

  /** Ends the sessions of conferences that have had too few members for too long. */
  sweep(): void {
    const nowMs = this.options.clock.nowMs();
    for (const conference of this.conferences.values()) conference.inviteDue(nowMs);
    for (const [conference, sinceMs] of this.tooFewSinceMs) {
      if (nowMs - sinceMs < ALONE_MS) continue;
      this.tooFewSinceMs.delete(conference);
      conference.terminateAll();
    }
  }

  /** Ends every session. Connections that are still being bound are closed once they are ready. */
  close(): void {
    for (const conference of this.conferences.values()) conference.close();
  }

  private forget(room: MucRoomRef, conference: FocusConference): void {
    this.conferences.delete(room.id);
    this.tooFewSinceMs.delete(conference);
  }

  /** The answer goes first, because clients wait for it before they go on. */
  private onJingle(member: FocusMember, request: Element, jingle: Element): void {
    const conference = this.conferenceOf.get(member.endpointId);
    const participation = conference?.find(member.endpointId, jingle.attrs['sid']);
    if (!conference || !participation) {
      member.send(iqError(request, 'item-not-found'));
      return;
    }
    member.send(iqResult(request));
    conference.onAction(participation, jingle);
  }

  private conferenceReady(room: string | undefined): Element {
    const attrs = { xmlns: NS.focus, ready: 'true', focusjid: this.options.focusJid, room };
    return xml('conference', attrs, xml('property', { name: 'authentication', value: 'false' }));
  }
}

function focusInfo(): Element {
  return xml(
    'query',
    { xmlns: NS.discoInfo },
    xml('identity', { category: 'component', type: 'generic', name: 'focus' }),
  );
}

/** What announcing a source, and withdrawing it, sends to each of the others. */
const SOURCE_BYTES = 640;

/** What a conference needs from the focus. */
interface ConferenceOptions {
  readonly endpoints: EndpointAllocator;
  readonly clock: Clock;
  readonly limits: Pick<HubLimits, 'sourcesMaxPerEndpoint' | 'candidatesMaxPerSession'>;
  readonly counters: HubCounters;
  readonly reportError: (error: unknown) => void;
}

/** The Jingle sessions of one room and the sources in them. */
class FocusConference {
  private readonly participations = new Map<string, Participation>();
  private readonly sources: ConferenceSources;

  constructor(
    private readonly room: MucRoomRef,
    private readonly options: ConferenceOptions,
  ) {
    this.sources = new ConferenceSources(options.limits.sourcesMaxPerEndpoint);
  }

  get size(): number {
    return this.participations.size;
  }

  join(member: FocusMember): void {
    const { candidatesMaxPerSession } = this.options.limits;
    this.participations.set(member.endpointId, new Participation(this.room, member, candidatesMaxPerSession));
  }

  leave(endpointId: string): void {
    const participation = this.participations.get(endpointId);
    this.participations.delete(endpointId);
    participation?.end();
    this.options.endpoints.dismiss(endpointId);
    this.withdrawSources(endpointId);
  }

  /** Offers a session to every member that has none. */
  inviteAll(): void {
    for (const participation of this.participations.values())
      if (participation.phase === 'none') this.invite(participation);
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
        this.sources.retire(participation.member.endpointId, readSsrcs(jingle));
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
        onMediaLost: () => participation.isCurrent(attempt) && this.onMediaLost(participation),
      })
      .then((allocation) => participation.offer(attempt, allocation, this.sources.exceptOf(member.endpointId)))
      .catch(this.options.reportError);
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
    const mustRestart = jingle.getChild('bridge-session')?.attrs['restart'] === 'true';
    if (mustRestart) {
      this.restart(participation);
      return;
    }
    participation.end();
    this.options.endpoints.release(endpointId);
    this.withdrawSources(endpointId);
  }

  /** A client that had media has been silent for too long. Its own library does not ask for another session. */
  private onMediaLost(participation: Participation): void {
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
    for (const participation of this.participations.values()) this.show(participation);
  }

  private show(participation: Participation): void {
    participation.showSources(this.sources.exceptOf(participation.member.endpointId));
  }
}
