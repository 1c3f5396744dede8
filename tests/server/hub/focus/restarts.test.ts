import { describe, expect, it } from 'vitest';
import { NS } from '@/server/hub/xmpp/namespaces';
import { xml } from '@/server/hub/xmpp/stanza';
import { accepting, Member, ROOM, setup, source, ssrcsIn } from './focusWorld';

describe('sessions that end and begin again', () => {
  it('H-85 a client that terminates to restart is invited again, its old connection closed and its sources gone', async () => {
    const { act, enter, pending } = setup();
    const [ann, ben] = [await enter('aaaaaaaa'), await enter('bbbbbbbb')];
    act(ben.member, 'session-accept', accepting());
    act(ann.member, 'session-accept', accepting(source(1)));
    const before = ann.member.sid;
    act(ann.member, 'session-terminate', xml('bridge-session', { xmlns: NS.focus, restart: 'true' }));
    expect(ann.link.closed).toBe(1);
    expect(ben.member.actions().at(-1)).toBe('source-remove');
    await pending.at(-1)?.bind();
    expect(ann.member.actions()).toEqual(['session-initiate', 'session-initiate']);
    expect(ann.member.sid).not.toBe(before);
    act(ann.member, 'session-accept', accepting(source(1)));
    expect(ssrcsIn(ben.member.jingles.at(-1))).toEqual([1]);
  });

  it('H-89 where media never came up, a restart is offered without, and further ones ever later', async () => {
    const { act, clock, enter, focus, pending } = setup();
    const { member, link } = await enter('aaaaaaaa');
    act(member, 'session-accept', accepting(source(1)));
    const restart = () => act(member, 'session-terminate', xml('bridge-session', { xmlns: NS.focus, restart: 'true' }));
    expect(pending.at(-1)?.wish.hasMedia).toBe(true);
    restart();
    expect(link.givenUp).toBe(1);
    expect(pending).toHaveLength(2);
    expect(pending.at(-1)?.wish.hasMedia).toBe(false);
    const pausesMs: number[] = [];
    for (let count = 0; count < 9; count += 1) {
      await pending.at(-1)?.bind();
      const before = pending.length;
      restart();
      let pauseMs = 0;
      while (pending.length === before && pauseMs < 100_000) {
        clock.advance(500);
        pauseMs += 500;
        focus.sweep();
      }
      pausesMs.push(pauseMs);
      expect(pending.at(-1)?.wish.hasMedia).toBe(false);
    }
    expect(pausesMs).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  });

  it('H-89 a client whose media was up and is lost gets a fresh session with media', async () => {
    const { act, enter, pending } = setup();
    const { member, link } = await enter('aaaaaaaa');
    act(member, 'session-accept', accepting(source(1)));
    link.wasConnected = true;
    const before = member.sid;
    pending[0]?.wish.onMediaLost();
    await pending.at(-1)?.bind();
    expect(member.actions()).toEqual(['session-initiate', 'session-terminate', 'session-initiate']);
    expect(member.sid).not.toBe(before);
    expect(pending.map(({ wish }) => wish.hasMedia)).toEqual([true, true]);
    pending[0]?.wish.onMediaLost();
    expect(pending).toHaveLength(2);
  });

  it('H-89 a member that leaves while its session waits is offered none', async () => {
    const { act, clock, enter, focus, pending } = setup();
    const { member } = await enter('aaaaaaaa');
    const restart = () => act(member, 'session-terminate', xml('bridge-session', { xmlns: NS.focus, restart: 'true' }));
    restart();
    await pending.at(-1)?.bind();
    restart();
    focus.left(ROOM, 'aaaaaaaa');
    clock.advance(10_000);
    focus.sweep();
    expect(pending).toHaveLength(2);
  });

  it('H-85 a client that terminates for good loses its channel', async () => {
    const { act, enter, released } = setup();
    const { member, link } = await enter('aaaaaaaa');
    act(member, 'session-terminate');
    expect(released).toEqual(['aaaaaaaa']);
    expect(link.closed).toBe(1);
  });

  it('H-85 a connection whose ports are bound too late is closed: its member has left, or the hub has', async () => {
    const { focus, pending } = setup();
    const [ann, ben] = [new Member('aaaaaaaa'), new Member('bbbbbbbb')];
    focus.entered(ROOM, ann);
    focus.entered(ROOM, ben);
    focus.left(ROOM, ann.endpointId);
    focus.close();
    for (const { bind } of pending) await bind();
    expect([...ann.actions(), ...ben.actions()]).toEqual([]);
    expect(pending.map(({ link }) => link.closed)).toEqual([1, 1]);
  });
});
