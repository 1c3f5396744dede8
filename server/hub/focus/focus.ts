import type { Clock } from '@/lib/core/clock';
import { type Element, xml } from '../xmpp/element';
import { NS } from '../xmpp/namespaces';
import { iqError, iqResult } from '../xmpp/stanzaReplies';
import { type ConferenceOptions, FocusConference } from './focusConference';
import type { FocusMember, FocusRoom } from './focusMember';

export interface FocusOptions extends ConferenceOptions {
  /** The focus' own address, `focus@auth.domain`. */
  readonly focusJid: string;
  /** People it takes for a session to be offered: 1, or 2 as Jicofo has it. */
  readonly minParticipants: 1 | 2;
  readonly clock: Clock;
}

/** Jicofo ends the session of somebody who has been alone for this long (jicofo.conf, `single-participant-timeout`). */
const ALONE_MS = 20_000;

/** The conference focus: offers every occupant a Jingle session with a bridge channel, and tells of everybody's sources. */
export class Focus {
  private readonly conferences = new Map<string, FocusConference>();
  /** Of each member, by endpoint id. */
  private readonly conferenceOf = new Map<string, FocusConference>();
  private readonly tooFewSinceMs = new Map<FocusConference, number>();

  constructor(private readonly options: FocusOptions) {}

  /** Somebody has entered a room. */
  entered(room: FocusRoom, member: FocusMember): void {
    const conference = this.conferences.get(room.id) ?? new FocusConference(room, this.options);
    this.conferences.set(room.id, conference);
    this.conferenceOf.set(member.endpointId, conference);
    conference.join(member);
    if (conference.size < this.options.minParticipants) return;
    this.tooFewSinceMs.delete(conference);
    conference.inviteAll();
  }

  /** Somebody has left a room. */
  left(room: FocusRoom, endpointId: string): void {
    const conference = this.conferenceOf.get(endpointId);
    if (!conference) return;
    this.conferenceOf.delete(endpointId);
    conference.leave(endpointId);
    if (conference.size === 0) this.forget(room, conference);
    else if (conference.size < this.options.minParticipants) {
      this.tooFewSinceMs.set(conference, this.options.clock.nowMs());
    }
  }

  /** An IQ request to the focus, as component or as occupant. */
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

  /** Ends the sessions of those who have been too few for too long. */
  sweep(): void {
    const nowMs = this.options.clock.nowMs();
    for (const [conference, sinceMs] of this.tooFewSinceMs) {
      if (nowMs - sinceMs < ALONE_MS) continue;
      this.tooFewSinceMs.delete(conference);
      conference.terminateAll();
    }
  }

  /** Lets go of every session; what is still being bound is closed when it comes. */
  close(): void {
    for (const conference of this.conferences.values()) conference.close();
  }

  private forget(room: FocusRoom, conference: FocusConference): void {
    this.conferences.delete(room.id);
    this.tooFewSinceMs.delete(conference);
  }

  /** Clients wait for the answer before they go on: it goes first. */
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
