import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HUB_LIMITS } from '@/server/hub/hubLimits';
import { NS } from '@/server/hub/xmpp/namespaces';
import { type Element, parseStanza, xml } from '@/server/hub/xmpp/stanza';
import {
  accepting,
  CANDIDATE,
  content,
  FINGERPRINT,
  group,
  Member,
  ROOM,
  setup,
  source,
  ssrcsIn,
  transport,
} from './focusWorld';

describe('Focus', () => {
  it('H-20 a conference is always ready', () => {
    const { focus } = setup();
    const member = new Member('aaaaaaaa');
    const conference = xml('conference', { xmlns: NS.focus, room: ROOM.jid });
    focus.onIq(member, xml('iq', { type: 'set', id: '7', from: member.jid, to: 'focus.parley.local' }, conference));
    const [answer] = member.got;
    expect(answer?.attrs).toMatchObject({ type: 'result', id: '7', to: member.jid, from: 'focus.parley.local' });
    expect(answer?.getChild('conference')?.attrs).toMatchObject({ ready: 'true', focusjid: 'focus@auth.parley.local' });
  });

  it('H-21 every occupant is invited on entry, with a channel of its own', async () => {
    const { enter, pending } = setup();
    const { member } = await enter('aaaaaaaa');
    expect(member.actions()).toEqual(['session-initiate']);
    expect(member.got[0]?.attrs).toMatchObject({ from: `${ROOM.jid}/focus`, to: member.jid, type: 'set' });
    expect(pending.map(({ endpointId }) => endpointId)).toEqual(['aaaaaaaa']);
  });

  it('H-21 with a minimum of two, both are invited when the second enters, and an occupant left alone loses its session', async () => {
    const { clock, focus, released, pending } = setup(2);
    const [first, second] = [new Member('aaaaaaaa'), new Member('bbbbbbbb')];
    focus.entered(ROOM, first);
    expect(pending).toEqual([]);
    focus.entered(ROOM, second);
    for (const { bind } of pending) await bind();
    expect([first.actions(), second.actions()]).toEqual([['session-initiate'], ['session-initiate']]);
    focus.left(ROOM, second.endpointId);
    clock.advance(19_999);
    focus.sweep();
    expect(first.actions()).toEqual(['session-initiate']);
    clock.advance(1);
    focus.sweep();
    expect(first.actions()).toEqual(['session-initiate', 'session-terminate']);
    expect(released).toEqual(['bbbbbbbb', 'aaaaaaaa']);
    expect(pending.map(({ link }) => link.closed)).toEqual([1, 1]);
    focus.entered(ROOM, new Member('cccccccc'));
    await pending[2]?.bind();
    expect(first.actions()).toEqual(['session-initiate', 'session-terminate', 'session-initiate']);
  });

  it('H-80 requests that do not name the current session are refused', async () => {
    const { act, enter } = setup();
    const { member } = await enter('aaaaaaaa');
    for (const action of ['session-accept', 'transport-info', 'source-add', 'source-remove', 'session-info']) {
      expect(act(member, action)).toBe('result');
    }
    act(member, 'session-terminate', xml('bridge-session', { xmlns: NS.focus, restart: 'true' }));
    expect(act(member, 'session-accept')).toBe('error');
    expect(member.got.at(-1)?.toString()).toContain('item-not-found');
  });

  it('H-80 transport, candidates and sources of an accepting client reach its media connection', async () => {
    const { act, counters, enter } = setup();
    const { member, link } = await enter('aaaaaaaa');
    const accepted = accepting(source(7));
    const further = [
      { ...CANDIDATE, ip: 'x.local' },
      { ...CANDIDATE, port: '0' },
      { ...CANDIDATE, protocol: 'tcp' },
    ];
    accepted.append(...further.map((attrs) => xml('candidate', attrs)));
    act(member, 'session-accept', accepted);
    expect(link.remote).toMatchObject({ ufrag: 'abcd', setup: 'active', candidates: [] });
    expect(link.remote?.fingerprint).toEqual({ hash: 'sha-256', value: FINGERPRINT.toUpperCase() });
    expect(link.candidates).toEqual([
      { component: 1, foundation: '1', ip: '127.0.0.1', port: 5000, priority: 1, type: 'host' },
    ]);
    expect(link.sources).toEqual([{ ssrc: 7, kind: 'audio' }]);
    act(member, 'transport-info', xml('content', { name: 'audio' }, transport({ ...CANDIDATE, port: '0' })));
    expect(counters.dropped.candidateRefused).toBe(1);
  });

  it('H-80 H-86 candidates of a session over the limit are refused', async () => {
    const { act, counters, enter } = setup();
    const { member, link } = await enter('aaaaaaaa');
    const many = Array.from({ length: 80 }, (_, i) => ({ ...CANDIDATE, port: String(1000 + i) }));
    act(member, 'session-accept', xml('content', { name: 'audio' }, transport(...many)));
    expect(link.candidates).toHaveLength(HUB_LIMITS.candidatesMaxPerSession);
    expect(counters.dropped.candidateRefused).toBe(80 - HUB_LIMITS.candidatesMaxPerSession);
  });

  it('H-84 an offer names the others’ sources, and clients that have accepted are told which come and go', async () => {
    const { act, enter, focus } = setup();
    const ann = await enter('aaaaaaaa');
    act(ann.member, 'session-accept', accepting(source(1)));
    const ben = await enter('bbbbbbbb');
    expect(ssrcsIn(ben.member.jingles[0])).toEqual([1]);
    expect(ben.member.jingles[0]?.toString()).toContain('owner="aaaaaaaa"');
    // Sources that appear between offer and answer are announced after the answer.
    act(ann.member, 'source-add', content('video', source(2), source(3), group(2, 3)));
    expect(ben.member.actions()).toEqual(['session-initiate']);
    act(ben.member, 'session-accept', accepting(source(4)));
    expect(ben.member.actions()).toEqual(['session-initiate', 'source-add']);
    expect(ssrcsIn(ben.member.jingles[1])).toEqual([2, 3]);
    expect(ben.member.jingles[1]?.toString()).toContain('<ssrc-group');
    expect(ssrcsIn(ann.member.jingles.at(-1))).toEqual([4]);
    focus.left(ROOM, 'aaaaaaaa');
    expect(ben.member.actions().at(-1)).toBe('source-remove');
    expect(ssrcsIn(ben.member.jingles.at(-1))).toEqual([1, 2, 3]);
    expect(ann.link.closed).toBe(1);
  });

  it('H-84 sources that come and go all the time are told together, so that no client has to answer all the time', async () => {
    const { act, enter, clock, focus } = setup();
    const ben = await enter('bbbbbbbb');
    act(ben.member, 'session-accept', accepting());
    const noisy = [await enter('aaaaaaaa'), await enter('cccccccc'), await enter('dddddddd')];
    for (const { member } of noisy) act(member, 'session-accept', accepting());
    // Actions name the session that was offered, whatever a member has been told since.
    const sids = new Map(noisy.map(({ member }) => [member, member.sid]));
    const before = ben.member.jingles.length;
    let ssrc = 0;
    for (let passedMs = 0; passedMs < 20_000; passedMs += 500) {
      for (const { member } of noisy) {
        expect(member.sid).toBe(sids.get(member));
        for (let count = 0; count < 3; count += 1) {
          ssrc += 1;
          act(member, 'source-add', content('audio', source(ssrc)));
          act(member, 'source-remove', content('audio', source(ssrc)));
        }
      }
      clock.advance(500);
      focus.sweep();
    }
    const told = ben.member.jingles.slice(before);
    // Two tellings a second, of what came and what went, and the first ones at once.
    expect(told.length).toBeLessThanOrEqual((16 + 20 * 2) * 2);
    const shown = new Set<number>();
    for (const jingle of told) {
      for (const each of ssrcsIn(jingle)) {
        if (jingle.attrs['action'] === 'source-add') shown.add(each);
        else shown.delete(each);
      }
    }
    expect(shown.size).toBe(3 * HUB_LIMITS.sourcesMaxPerEndpoint);
    expect(Math.max(...shown)).toBe(ssrc);
  });

  it('H-84 a removed source stays announced until its place is needed', async () => {
    const { act, enter } = setup();
    const [ann, ben] = [await enter('aaaaaaaa'), await enter('bbbbbbbb')];
    act(ben.member, 'session-accept', accepting());
    act(ann.member, 'session-accept', accepting(source(1)));
    const before = ben.member.jingles.length;
    act(ann.member, 'source-remove', content('audio', source(1)));
    act(ann.member, 'source-add', content('audio', source(1)));
    act(ann.member, 'source-remove', content('audio', source(1)));
    expect(ben.member.jingles).toHaveLength(before);
    const rest = Array.from({ length: HUB_LIMITS.sourcesMaxPerEndpoint }, (_, i) => source(100 + i));
    act(ann.member, 'source-add', content('video', ...rest));
    expect(ben.member.actions().slice(before)).toEqual(['source-remove', 'source-add']);
    expect(ssrcsIn(ben.member.jingles[before])).toEqual([1]);
    expect(ann.link.sources).toHaveLength(HUB_LIMITS.sourcesMaxPerEndpoint);
  });

  it('H-86 sources over the limit, of other owners, of the bridge, or unfit for SDP are refused', async () => {
    const { act, counters, enter } = setup();
    const [ann, ben] = [await enter('aaaaaaaa'), await enter('bbbbbbbb')];
    act(ann.member, 'session-accept', accepting(source(1)));
    const bad = [
      source(1),
      source(1_000_001),
      source('x'),
      source(5_000_000_000),
      source(5, 'a\r\nb=evil'),
      source(6, 'mixedmslabel x'),
    ];
    act(ben.member, 'session-accept', accepting(...bad, group(8, 9), source(8)));
    expect(ben.link.sources).toEqual([{ ssrc: 8, kind: 'audio' }]);
    expect(counters.dropped.sourceRefused).toBe(7);
    const many = Array.from({ length: 40 }, (_, i) => source(100 + i));
    act(ben.member, 'source-add', content('audio', ...many));
    expect(ben.link.sources).toHaveLength(HUB_LIMITS.sourcesMaxPerEndpoint);
  });

  it('H-28 sources count as relayed: those of a member over its rate are not announced', async () => {
    const { act, enter } = setup();
    const [ann, ben] = [await enter('aaaaaaaa'), await enter('bbbbbbbb')];
    act(ben.member, 'session-accept', accepting());
    act(ann.member, 'session-accept', accepting(source(1)));
    ann.member.relayable = 0;
    act(ann.member, 'source-add', content('audio', source(2)));
    expect(ben.member.jingles.flatMap(ssrcsIn)).toEqual([1]);
  });

  it('H-33 H-84 sources of spectators are ignored', async () => {
    const { act, counters, enter } = setup();
    const [ann, eve] = [await enter('aaaaaaaa'), await enter('eeeeeeee', 'spectator')];
    act(ann.member, 'session-accept', accepting());
    act(eve.member, 'session-accept', accepting(source(1)));
    act(eve.member, 'source-add', content('audio', source(2)));
    expect(eve.link.remote).not.toBeNull();
    expect(eve.link.sources).toEqual([]);
    expect(ann.member.actions()).toEqual(['session-initiate']);
    expect(counters.dropped.sourceRefused).toBe(2);
  });

  it('H-40 H-86 whatever Jingle a client sends, nothing throws and the others get well-formed stanzas', async () => {
    const { act, enter, errors, focus } = setup();
    const ann = await enter('aaaaaaaa');
    act(ann.member, 'session-accept', accepting());
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom('1', '7', 'udp', 'host', '127.0.0.1', 'audio', 'video', 'active'),
    );
    const attrs = fc.dictionary(
      fc.constantFrom('ssrc', 'name', 'value', 'semantics', 'media', 'ip', 'port', 'protocol', 'type', 'ufrag', 'pwd'),
      text,
    );
    const node = fc.letrec<{ node: Element }>((tie) => ({
      node: fc
        .tuple(
          fc.constantFrom('content', 'description', 'transport', 'source', 'ssrc-group', 'parameter', 'candidate'),
          fc.constantFrom(NS.rtp, NS.sources, NS.iceUdp, undefined),
          attrs,
          fc.oneof({ maxDepth: 4, depthIdentifier: 'node' }, fc.constant([]), fc.array(tie('node'), { maxLength: 3 })),
        )
        .map(([name, xmlns, own, children]) => xml(name, { ...own, xmlns }, ...children)),
    })).node;
    const actions = fc.constantFrom('session-accept', 'transport-info', 'source-add', 'source-remove', 'nonsense');
    let count = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(actions, fc.array(node, { maxLength: 3 })), { maxLength: 5 }),
        async (steps) => {
          count += 1;
          const id = `m${count}`;
          const mallory = await enter(id);
          for (const [action, children] of steps) expect(act(mallory.member, action, ...children)).toBe('result');
          focus.left(ROOM, id);
          for (const stanza of ann.member.got.splice(1)) expect(parseStanza(stanza.toString())).not.toBeNull();
        },
      ),
    );
    expect(errors).toEqual([]);
  });
});
