import { describe, expect, it } from 'vitest';
import { ManualClock } from '@/lib/core/clock';
import { Focus, type FocusMember, type FocusRoom } from '@/server/hub/focus/focus';
import { jingleOffer } from '@/server/hub/focus/jingleOffer';
import { type Element, xml } from '@/server/hub/xmpp/element';
import { NS } from '@/server/hub/xmpp/namespaces';

const ROOM: FocusRoom = { id: 'r1', jid: 'tavern@conference.parley.local' };

class Member implements FocusMember {
  readonly jid: string;
  readonly webSocketOrigin = 'ws://hub';
  readonly admitted;
  readonly got: Element[] = [];
  constructor(readonly endpointId: string) {
    this.jid = `${endpointId}-x@parley.local/r`;
    this.admitted = {
      room: 'tavern',
      personId: endpointId,
      name: endpointId,
      role: 'participant' as const,
      tokenId: endpointId,
    };
  }
  send(stanza: Element): void {
    this.got.push(stanza);
  }
  actions(): (string | undefined)[] {
    return this.got.map((stanza) => stanza.getChild('jingle')?.attrs['action']).filter(Boolean);
  }
  get sid(): string {
    return this.got.findLast((stanza) => stanza.getChild('jingle'))?.getChild('jingle')?.attrs['sid'] ?? '';
  }
}

function setup(minParticipants: 1 | 2 = 1) {
  const clock = new ManualClock();
  const allocated: string[] = [];
  const released: string[] = [];
  const focus = new Focus({
    focusJid: 'focus@auth.parley.local',
    minParticipants,
    clock,
    channels: {
      allocate: (_room, { endpointId }) => {
        allocated.push(endpointId);
        return `ws://hub/channel/${allocated.length}`;
      },
      release: (endpointId) => released.push(endpointId),
    },
  });
  return { clock, focus, allocated, released };
}

const jingle = (member: Member, action: string, ...children: Element[]) =>
  xml(
    'iq',
    { type: 'set', id: '1', from: member.jid, to: `${ROOM.jid}/focus` },
    xml('jingle', { xmlns: NS.jingle, action, sid: member.sid }, ...children),
  );

describe('jingleOffer', () => {
  const offer = jingleOffer({
    sessionId: 's1',
    initiator: `${ROOM.jid}/focus`,
    channelUrl: 'wss://hub/c?pwd=a&b',
    bridgeSessionId: 'b1',
  });

  it('H-22 offers audio and video, each with a bridge source, in one bundle', () => {
    const contents = offer.getChildren('content');
    expect(contents.map((content) => content.attrs['name'])).toEqual(['audio', 'video']);
    for (const content of contents) {
      const source = content.getChild('description', NS.rtp)?.getChild('source', NS.sources);
      expect(source?.getChild('ssrc-info')?.attrs['owner']).toBe('jvb');
    }
    expect(offer.getChild('group', NS.jingleGrouping)?.getChildren('content')).toHaveLength(2);
  });

  it('H-22 offers the channel and no candidate at all', () => {
    for (const content of offer.getChildren('content')) {
      const transport = content.getChild('transport', NS.iceUdp);
      expect(transport?.getChild('web-socket', NS.colibri)?.attrs['url']).toBe('wss://hub/c?pwd=a&b');
      expect(transport?.getChild('fingerprint')?.getText()).toMatch(/^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/);
      expect(transport?.getChildren('candidate')).toEqual([]);
    }
    expect(offer.toString()).toContain('pwd=a&amp;b');
  });
});

describe('Focus', () => {
  it('H-20 says that a conference is ready', () => {
    const { focus } = setup();
    const member = new Member('aaaaaaaa');
    focus.onRequest(
      member,
      xml(
        'iq',
        { type: 'set', id: '7', from: member.jid, to: 'focus.parley.local' },
        xml('conference', { xmlns: NS.focus, room: ROOM.jid }),
      ),
    );
    const [answer] = member.got;
    expect(answer?.attrs).toMatchObject({ type: 'result', id: '7', to: member.jid, from: 'focus.parley.local' });
    expect(answer?.getChild('conference')?.attrs).toMatchObject({ ready: 'true', focusjid: 'focus@auth.parley.local' });
  });

  it('H-21 invites whoever enters, with a channel of their own', () => {
    const { focus, allocated } = setup();
    const member = new Member('aaaaaaaa');
    focus.entered(ROOM, member);
    expect(member.actions()).toEqual(['session-initiate']);
    expect(member.got[0]?.attrs).toMatchObject({ from: `${ROOM.jid}/focus`, to: member.jid, type: 'set' });
    expect(allocated).toEqual(['aaaaaaaa']);
  });

  it('H-21 with a minimum of two invites both when the second comes, and ends the session of one left alone', () => {
    const { clock, focus, released } = setup(2);
    const [first, second] = [new Member('aaaaaaaa'), new Member('bbbbbbbb')];
    focus.entered(ROOM, first);
    expect(first.actions()).toEqual([]);
    focus.entered(ROOM, second);
    expect([first.actions(), second.actions()]).toEqual([['session-initiate'], ['session-initiate']]);
    focus.left(ROOM, second.endpointId);
    clock.advance(19_999);
    focus.sweep();
    expect(first.actions()).toEqual(['session-initiate']);
    clock.advance(1);
    focus.sweep();
    expect(first.actions()).toEqual(['session-initiate', 'session-terminate']);
    expect(released).toEqual(['bbbbbbbb', 'aaaaaaaa']);
    focus.entered(ROOM, new Member('cccccccc'));
    expect(first.actions()).toEqual(['session-initiate', 'session-terminate', 'session-initiate']);
  });

  it('H-23 acknowledges what belongs to the session and refuses what does not', () => {
    const { focus } = setup();
    const member = new Member('aaaaaaaa');
    focus.entered(ROOM, member);
    for (const action of ['session-accept', 'transport-info', 'source-add', 'source-remove']) {
      focus.onRequest(member, jingle(member, action));
      expect(member.got.at(-1)?.attrs['type']).toBe('result');
    }
    const foreign = jingle(member, 'session-accept');
    const inner = foreign.getChild('jingle');
    if (inner) inner.attrs['sid'] = 'other';
    focus.onRequest(member, foreign);
    expect(member.got.at(-1)?.toString()).toContain('item-not-found');
  });

  it('H-23 invites afresh, with a new session and channel, who terminates to restart', () => {
    const { focus, allocated } = setup();
    const member = new Member('aaaaaaaa');
    focus.entered(ROOM, member);
    const before = member.sid;
    focus.onRequest(
      member,
      jingle(member, 'session-terminate', xml('bridge-session', { xmlns: NS.focus, restart: 'true' })),
    );
    expect(member.actions()).toEqual(['session-initiate', 'session-initiate']);
    expect(member.sid).not.toBe(before);
    expect(allocated).toHaveLength(2);
  });

  it('H-23 closes the channel of who terminates for good', () => {
    const { focus, released } = setup();
    const member = new Member('aaaaaaaa');
    focus.entered(ROOM, member);
    focus.onRequest(member, jingle(member, 'session-terminate'));
    expect(released).toEqual(['aaaaaaaa']);
  });
});
