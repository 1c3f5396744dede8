import type { MeetingRole } from '@/lib/core/meeting';
import { Focus } from '@/server/hub/focus/focus';
import type { Allocation, FocusMember, MediaWish, MucRoomRef } from '@/server/hub/focus/focusMember';
import { HUB_LIMITS } from '@/server/hub/hubLimits';
import { HubCounters } from '@/server/hub/hubStats';
import type { IceCandidate, MediaLink, MediaSource, TransportParameters } from '@/server/hub/media/mediaContract';
import { createNullMediaLink } from '@/server/hub/media/mediaLink';
import { PARLEY_PROFILE } from '@/server/hub/profile/parleyProfile';
import { NS } from '@/server/hub/xmpp/namespaces';
import { type Element, xml } from '@/server/hub/xmpp/stanza';
import { ManualClock } from '@/tests/support/manualClock';

const nothing = () => {};
export const ROOM: MucRoomRef = {
  id: 'r1',
  jid: 'tavern@conference.parley.local',
  noteBridges: nothing,
  grantOwner: nothing,
};

export class Member implements FocusMember {
  readonly jid: string;
  readonly webSocketOrigin = 'ws://hub';
  readonly admitted;
  readonly got: Element[] = [];
  /** Bytes to each of the others that it may still cause. */
  relayable = Number.POSITIVE_INFINITY;
  constructor(
    readonly endpointId: string,
    role: MeetingRole = 'participant',
  ) {
    this.jid = `${endpointId}-x@parley.local/r`;
    const id = endpointId;
    this.admitted = { room: 'tavern', personId: id, stayId: id, name: id, role, tokenId: id };
  }
  send(stanza: Element): void {
    this.got.push(stanza);
  }
  mayRelay(sizeBytes: number): boolean {
    this.relayable -= sizeBytes;
    return this.relayable >= 0;
  }
  get jingles(): Element[] {
    return this.got.map((stanza) => stanza.getChild('jingle')).filter((jingle) => jingle !== undefined);
  }
  actions(): (string | undefined)[] {
    return this.jingles.map(({ attrs }) => attrs['action']);
  }
  get sid(): string {
    return this.jingles.at(-1)?.attrs['sid'] ?? '';
  }
}

/** A link that remembers its calls. */
class RecordingLink implements MediaLink {
  readonly local = createNullMediaLink().local;
  remote: TransportParameters | null = null;
  candidates: IceCandidate[] = [];
  sources: readonly MediaSource[] = [];
  closed = 0;
  wasConnected = false;
  givenUp = 0;
  setRemote(remote: TransportParameters): void {
    this.remote = remote;
  }
  addCandidate(candidate: IceCandidate): boolean {
    this.candidates.push(candidate);
    return true;
  }
  setSources(sources: readonly MediaSource[]): void {
    this.sources = sources;
  }
  giveUp(): void {
    this.givenUp += 1;
  }
  vanish(): void {}
  close(): void {
    this.closed += 1;
  }
}

/** The ports of one link, bound when the test says so. */
interface Pending {
  readonly endpointId: string;
  readonly wish: MediaWish;
  readonly link: RecordingLink;
  bind(): Promise<void>;
}

export function setup(minParticipants: 1 | 2 = 1) {
  const clock = new ManualClock();
  const counters = new HubCounters();
  const pending: Pending[] = [];
  const released: string[] = [];
  const errors: unknown[] = [];
  const focus = new Focus({
    focusJid: 'focus@auth.parley.local',
    minParticipants,
    dialect: PARLEY_PROFILE.focus,
    onPromised: nothing,
    clock,
    counters,
    limits: HUB_LIMITS,
    reportError: (error) => errors.push(error),
    endpoints: {
      allocate: (_room, { endpointId }, wish) =>
        new Promise<Allocation>((resolve) => {
          const link = new RecordingLink();
          const channel = { webSocketUrl: `ws://hub/channel/${pending.length}` };
          pending.push({
            endpointId,
            wish,
            link,
            bind: async () => {
              resolve({ link, channel });
              await settle();
            },
          });
        }),
      release: (endpointId) => released.push(endpointId),
      dismiss: (endpointId) => released.push(endpointId),
    },
  });
  /** Lets a member in and binds its ports at once. */
  const enter = async (endpointId: string, role?: MeetingRole) => {
    const member = new Member(endpointId, role);
    focus.entered(ROOM, member);
    const own = pending.at(-1);
    await own?.bind();
    return { member, link: own?.link ?? new RecordingLink() };
  };
  /** Sends an action. Returns the type of the answer. */
  const act = (member: Member, action: string, ...children: Element[]) => {
    const before = member.got.length;
    const inner = xml('jingle', { xmlns: NS.jingle, action, sid: member.sid }, ...children);
    focus.onIq(member, xml('iq', { type: 'set', id: '1', from: member.jid, to: `${ROOM.jid}/focus` }, inner));
    return member.got[before]?.attrs['type'];
  };
  return { clock, counters, focus, pending, released, errors, enter, act };
}

/** Runs everything that is due as a microtask. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

export const FINGERPRINT = Array.from({ length: 32 }, () => 'ab').join(':');

export function transport(...candidates: Record<string, string>[]): Element {
  return xml(
    'transport',
    { xmlns: NS.iceUdp, ufrag: 'abcd', pwd: 'p'.repeat(24) },
    xml('fingerprint', { xmlns: NS.dtls, hash: 'sha-256', setup: 'active' }, FINGERPRINT),
    ...candidates.map((attrs) => xml('candidate', attrs)),
  );
}

export const CANDIDATE = {
  component: '1',
  foundation: '1',
  ip: '127.0.0.1',
  port: '5000',
  priority: '1',
  protocol: 'udp',
  type: 'host',
};

export function source(ssrc: number | string, msid = `stream track-${ssrc}`): Element {
  const parameter = xml('parameter', { name: 'msid', value: msid });
  return xml('source', { xmlns: NS.sources, ssrc: String(ssrc), name: 'a0' }, parameter);
}

export function content(media: string, ...children: Element[]): Element {
  return xml(
    'content',
    { creator: 'responder', name: media },
    xml('description', { xmlns: NS.rtp, media }, ...children),
  );
}

export function accepting(...sources: Element[]): Element {
  const accepted = content('audio', ...sources);
  accepted.append(transport(CANDIDATE));
  return accepted;
}

export function group(...ssrcs: number[]): Element {
  const attrs = { xmlns: NS.sources, semantics: 'FID' };
  return xml('ssrc-group', attrs, ...ssrcs.map((ssrc) => xml('source', { ssrc: String(ssrc) })));
}

/** The SSRCs in a jingle of the focus, without the bridge's own. */
export function ssrcsIn(jingle: Element | undefined): number[] {
  const found = (jingle?.getChildren('content') ?? [])
    .flatMap((inner) => inner.getChild('description')?.getChildren('source') ?? [])
    .filter((element) => element.getChild('ssrc-info')?.attrs['owner'] !== 'jvb');
  return found.map(({ attrs }) => Number(attrs['ssrc']));
}
