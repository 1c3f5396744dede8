import type { HubLimits } from '../hubLimits';
import type { HubCounters } from '../hubStats';
import type { Element } from '../xmpp/element';
import { ConferenceSources } from './conferenceSources';
import type { EndpointAllocator, FocusMember, FocusRoom } from './focusMember';
import { readSources, readSsrcs } from './jingleSources';
import { readCandidates, readRemoteTransport } from './jingleTransport';
import { Participation } from './participation';

/** What a conference needs of the focus around it. */
export interface ConferenceOptions {
  readonly endpoints: EndpointAllocator;
  readonly limits: Pick<HubLimits, 'sourcesMaxPerEndpoint' | 'candidatesMaxPerSession'>;
  readonly counters: HubCounters;
  readonly reportError: (error: unknown) => void;
}

/** The Jingle sessions of one room and the sources in them. */
export class FocusConference {
  private readonly participations = new Map<string, Participation>();
  private readonly sources: ConferenceSources;

  constructor(
    private readonly room: FocusRoom,
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

  /** Offers a session to everybody who has none. */
  inviteAll(): void {
    for (const participation of this.participations.values())
      if (participation.phase === 'none') this.invite(participation);
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

  /** Ends every session without a word. */
  close(): void {
    for (const participation of this.participations.values()) participation.end();
  }

  /** The member's participation, where `sessionId` names its session of now. */
  find(endpointId: string, sessionId: string | undefined): Participation | null {
    const participation = this.participations.get(endpointId);
    return participation?.isSession(sessionId) ? participation : null;
  }

  /** Takes an action of a client's session, which has been acknowledged. */
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
      .allocate(room, member)
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
    this.options.counters.drop('sourceRefused', read.refused + this.sources.add(endpointId, read));
    participation.setOwnSources(this.sources.of(endpointId).sources);
    this.showAll();
  }

  private onTerminate(participation: Participation, jingle: Element): void {
    const { endpointId } = participation.member;
    const mustRestart = jingle.getChild('bridge-session')?.attrs['restart'] === 'true';
    participation.end();
    if (mustRestart) this.invite(participation);
    else this.options.endpoints.release(endpointId);
    this.withdrawSources(endpointId);
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
