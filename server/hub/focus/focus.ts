import { randomBytes } from 'node:crypto';
import type { Admitted } from '@/lib/core/admission';
import type { Clock } from '@/lib/core/clock';
import { type Element, xml } from '../xmpp/element';
import { NS } from '../xmpp/namespaces';
import { iqError, iqResult } from '../xmpp/stanzaReplies';
import { jingleOffer, jingleTermination } from './jingleOffer';

/** An occupant as the focus sees it. */
export interface FocusMember {
  readonly endpointId: string;
  readonly jid: string;
  readonly admitted: Admitted;
  readonly webSocketOrigin: string;
  send(stanza: Element): void;
}

/** The room a member is in. */
export interface FocusRoom {
  readonly jid: string;
  readonly id: string;
}

/** The bridge, as far as the focus needs it. */
export interface ChannelAllocator {
  /** A fresh channel for the member; an older one of the same member is closed. Returns its WebSocket address. */
  allocate(room: FocusRoom, member: FocusMember): string;
  release(endpointId: string): void;
}

export interface FocusOptions {
  /** The focus' own address, `focus@auth.domain`. */
  readonly focusJid: string;
  /** People it takes for a session to be offered: 1, or 2 as Jicofo has it. */
  readonly minParticipants: 1 | 2;
  readonly channels: ChannelAllocator;
  readonly clock: Clock;
}

interface Invitation {
  readonly room: FocusRoom;
  readonly member: FocusMember;
  /** Jingle session, or null while there are too few for one. */
  sessionId: string | null;
}

/** Jicofo ends the session of somebody who has been alone for this long (jicofo.conf, `single-participant-timeout`). */
const ALONE_MS = 20_000;

/** The conference focus: offers every occupant a Jingle session that leads to its bridge channel. */
export class Focus {
  private readonly invitations = new Map<string, Invitation>();
  private readonly byRoom = new Map<string, Set<Invitation>>();
  private readonly tooFewSinceMs = new Map<string, number>();

  constructor(private readonly options: FocusOptions) {}

  /** Somebody has entered a room. */
  entered(room: FocusRoom, member: FocusMember): void {
    const entrant: Invitation = { room, member, sessionId: null };
    this.invitations.set(member.endpointId, entrant);
    const present = (this.byRoom.get(room.id) ?? new Set()).add(entrant);
    this.byRoom.set(room.id, present);
    if (present.size < this.options.minParticipants) return;
    this.tooFewSinceMs.delete(room.id);
    for (const invitation of present) if (invitation.sessionId === null) this.invite(invitation);
  }

  /** Somebody has left a room. */
  left(room: FocusRoom, endpointId: string): void {
    const leaver = this.invitations.get(endpointId);
    const rest = this.byRoom.get(room.id);
    if (!leaver || !rest) return;
    this.invitations.delete(endpointId);
    rest.delete(leaver);
    this.options.channels.release(endpointId);
    if (rest.size === 0) this.forget(room);
    else if (rest.size < this.options.minParticipants) this.tooFewSinceMs.set(room.id, this.options.clock.nowMs());
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
    for (const [roomId, sinceMs] of this.tooFewSinceMs) {
      if (nowMs - sinceMs < ALONE_MS) continue;
      this.tooFewSinceMs.delete(roomId);
      for (const invitation of this.byRoom.get(roomId) ?? []) this.terminate(invitation);
    }
  }

  private forget(room: FocusRoom): void {
    this.byRoom.delete(room.id);
    this.tooFewSinceMs.delete(room.id);
  }

  private invite(invitation: Invitation): void {
    const { room, member } = invitation;
    invitation.sessionId = randomBytes(8).toString('hex');
    const offer = jingleOffer({
      sessionId: invitation.sessionId,
      initiator: `${room.jid}/focus`,
      channelUrl: this.options.channels.allocate(room, member),
      bridgeSessionId: randomBytes(4).toString('hex'),
    });
    this.sendJingle(invitation, offer);
  }

  private terminate(invitation: Invitation): void {
    if (invitation.sessionId === null) return;
    this.sendJingle(invitation, jingleTermination(invitation.sessionId, `${invitation.room.jid}/focus`));
    invitation.sessionId = null;
    this.options.channels.release(invitation.member.endpointId);
  }

  private sendJingle({ room, member }: Invitation, jingle: Element): void {
    const id = `focus-${randomBytes(5).toString('hex')}`;
    member.send(xml('iq', { type: 'set', id, from: `${room.jid}/focus`, to: member.jid }, jingle));
  }

  /** Accepting, candidates and sources are acknowledged and lead nowhere: there is no media to connect. */
  private onJingle(member: FocusMember, request: Element, jingle: Element): void {
    const invitation = this.invitations.get(member.endpointId);
    if (!invitation || invitation.sessionId === null || jingle.attrs['sid'] !== invitation.sessionId) {
      member.send(iqError(request, 'item-not-found'));
      return;
    }
    member.send(iqResult(request));
    if (jingle.attrs['action'] === 'session-terminate') this.onTerminate(invitation, jingle);
  }

  private onTerminate(invitation: Invitation, jingle: Element): void {
    const mustRestart = jingle.getChild('bridge-session')?.attrs['restart'] === 'true';
    invitation.sessionId = null;
    if (mustRestart) this.invite(invitation);
    else this.options.channels.release(invitation.member.endpointId);
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
