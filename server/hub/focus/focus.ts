import { NS } from '../xmpp/namespaces';
import { type Element, iqError, iqResult, isRequest, xml } from '../xmpp/stanza';
import { type ConferenceOptions, FocusConference } from './focusConference';
import type { FocusMember, MucRoomRef } from './focusMember';

interface FocusOptions extends ConferenceOptions {
  /** How many occupants it takes for sessions to be offered. */
  readonly minParticipants: 1 | 2;
  /** Called when a member has been promised the conference of its room. */
  readonly onPromised: (member: FocusMember) => void;
}

/** Jicofo ends the session of an occupant that has been alone for this long (jicofo.conf, `single-participant-timeout`). */
const ALONE_MS = 20_000;

/** A bridge keeps the endpoints of a conference that has lost its focus for about this long (jvb.conf, inactivity). */
const ORPHANED_MS = 60_000;

/** The conference focus: offers every occupant a Jingle session with a bridge channel, and announces the others' sources. */
export class Focus {
  private readonly conferences = new Map<string, FocusConference>();
  /** The conference of each member, by endpoint id. */
  private readonly conferenceOf = new Map<string, FocusConference>();
  private readonly tooFewSinceMs = new Map<FocusConference, number>();
  /** Conferences whose rooms are gone, by when their endpoints are given up. */
  private readonly orphanedUntilMs = new Map<FocusConference, number>();

  constructor(private readonly options: FocusOptions) {}

  /** A member has entered a room. `node` is the one of its features, if it shows one (XEP-0115). */
  entered(room: MucRoomRef, member: FocusMember, node: string | null = null): void {
    const conference = this.conferences.get(room.id) ?? new FocusConference(room, this.options);
    this.conferences.set(room.id, conference);
    this.conferenceOf.set(member.endpointId, conference);
    conference.join(member, node);
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

  /** Handles an IQ to the focus, as component or as occupant: a request, or the answer to one of its own. */
  onIq(member: FocusMember, iq: Element): void {
    if (isRequest(iq)) this.onRequest(member, iq);
    else if (this.conferenceOf.get(member.endpointId)?.onAnswer(member.endpointId, iq)) this.inviteIfEnough(member);
  }

  private onRequest(member: FocusMember, request: Element): void {
    const jingle = request.getChild('jingle', NS.jingle);
    if (jingle) {
      this.onJingle(member, request, jingle);
      return;
    }
    const conference = request.getChild('conference', NS.focus);
    if (conference) {
      this.promise(member, request, conference);
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
    for (const conference of this.conferences.values()) {
      conference.inviteDue(nowMs);
      conference.tellUntold();
      if (conference.giveUpAsking(nowMs) && conference.size >= this.options.minParticipants) conference.inviteAll();
    }
    for (const [conference, sinceMs] of this.tooFewSinceMs) {
      if (nowMs - sinceMs < ALONE_MS) continue;
      this.tooFewSinceMs.delete(conference);
      conference.terminateAll();
    }
    for (const [conference, untilMs] of this.orphanedUntilMs) {
      if (nowMs < untilMs) continue;
      this.orphanedUntilMs.delete(conference);
      conference.terminateAll();
    }
  }

  /** The bridge is gone with every session on it. Whether there is another shows when sessions are offered. */
  bridgeLost(): void {
    for (const conference of this.conferences.values()) conference.startOver();
  }

  /** All rooms are gone, without a word to anybody. What is on the bridge goes on for a while. */
  roomsLost(): void {
    const untilMs = this.options.clock.nowMs() + ORPHANED_MS;
    for (const conference of this.conferences.values()) this.orphanedUntilMs.set(conference, untilMs);
    this.conferences.clear();
    this.conferenceOf.clear();
    this.tooFewSinceMs.clear();
  }

  /** Ends every session. Connections that are still being bound are closed once they are ready. */
  close(): void {
    for (const conference of [...this.conferences.values(), ...this.orphanedUntilMs.keys()]) conference.close();
  }

  private inviteIfEnough({ endpointId }: FocusMember): void {
    const conference = this.conferenceOf.get(endpointId);
    if (conference && conference.size >= this.options.minParticipants) conference.inviteAll();
  }

  private promise(member: FocusMember, request: Element, conference: Element): void {
    const { focusJid, dialect, onPromised } = this.options;
    const answer = dialect.answer({ request, conference, jid: member.jid, focusJid });
    if (answer.attrs['type'] === 'result') onPromised(member);
    member.send(answer);
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
    const refusal = conference.refusalOf(participation, jingle);
    if (refusal) {
      member.send(iqError(request, refusal));
      return;
    }
    member.send(iqResult(request));
    conference.onAction(participation, jingle);
  }
}

function focusInfo(): Element {
  return xml(
    'query',
    { xmlns: NS.discoInfo },
    xml('identity', { category: 'component', type: 'generic', name: 'focus' }),
  );
}
