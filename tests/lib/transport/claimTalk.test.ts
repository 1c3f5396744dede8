import { describe, expect, it } from 'vitest';
import {
  ASKED,
  answers,
  claim,
  claims,
  clock,
  enter,
  identities,
  listed,
  questionsTo,
  saidTo,
  settle,
  told,
  withIdentities,
} from './identityWorld';

withIdentities();

describe('saying one’s own claim', () => {
  it('T-104 an endpoint that has entered is reported, and says its nonce to all once channel and answer are there', async () => {
    enter('own');
    expect(claims).toEqual(['own']);
    identities.setChannelOpen(true);
    expect(told).toEqual([]);
    answers.get('own')!.resolve('mine');
    await settle();
    expect(told).toEqual([{ to: '', payload: claim('mine') }]);
    identities.setChannelOpen(false);
    identities.setChannelOpen(true);
    expect(saidTo('')).toHaveLength(2);
  });

  it('T-104 an endpoint that joins is told at once and some times more, until it asks or leaves', async () => {
    identities.meet('before', null);
    enter('own');
    identities.setChannelOpen(true);
    answers.get('own')!.resolve('mine');
    await settle();
    for (const endpointId of ['mute', 'asks', 'leaves']) identities.meet(endpointId, null);
    const toldAtS: number[] = [];
    for (let tick = 0; tick <= 80; tick += 1) {
      const count = saidTo('mute').length;
      identities.tick();
      if (saidTo('mute').length > count) toldAtS.push(tick / 4);
      if (tick === 0) identities.hear('asks', ASKED);
      if (tick === 0) identities.part('leaves');
      clock.advance(250);
    }
    expect(toldAtS).toEqual([0.25, 0.75, 1.75, 3.75, 7.75]);
    expect([saidTo('asks').length, saidTo('leaves').length, saidTo('before').length]).toEqual([2, 1, 0]);
  });

  it('T-104 an endpoint that joins is told, unless presence tells it already', async () => {
    enter('own');
    identities.setChannelOpen(true);
    answers.get('own')!.resolve('mine');
    await settle();
    identities.meet('b1', null);
    identities.meet('b1', 'bob');
    expect(saidTo('b1')).toEqual([claim('mine')]);
    identities.take([], [], true);
    enter('own2');
    identities.setChannelOpen(true);
    clock.advance(1_000);
    identities.tick();
    answers.get('own2')!.resolve('mine too');
    await settle();
    identities.meet('c1', 'cy');
    expect(saidTo('c1')).toEqual([]);
  });

  it('T-104 where presence is enough a claim waits a second, unless an earlier endpoint lingers', () => {
    identities.take([], [], true);
    enter('own');
    clock.advance(999);
    identities.tick();
    expect(claims).toEqual([]);
    clock.advance(1);
    identities.tick();
    expect(claims).toEqual(['own']);
    identities.take([{ endpointId: 'own', personId: 'me' }], [], true);
    enter('own2');
    expect(claims).toEqual(['own', 'own2']);
  });

  it('T-104 a claim that the API did not take is reported again after 1, 2, 4, 8 and 10 s', async () => {
    enter('own');
    const triedAtS: number[] = [];
    for (let tick = 0; tick <= 160; tick += 1) {
      if (answers.has('own')) {
        triedAtS.push(tick / 4);
        answers.get('own')!.reject(new Error('away'));
        answers.delete('own');
        await settle();
      }
      clock.advance(250);
      identities.tick();
    }
    expect(triedAtS).toEqual([0, 1, 3, 7, 15, 25, 35]);
  });

  it('T-104 an answer for an earlier endpoint is not said for the present one, and a spectator has nothing to say', async () => {
    enter('own');
    identities.take([], [], false);
    enter('own2');
    identities.setChannelOpen(true);
    answers.get('own')!.resolve('old');
    answers.get('own2')!.resolve(null);
    await settle();
    clock.advance(60_000);
    identities.tick();
    expect(told).toEqual([]);
    expect(claims).toEqual(['own', 'own2']);
  });

  it('T-105 a question is answered to the one who asks, at most twice a second', async () => {
    enter('own');
    identities.setChannelOpen(true);
    answers.get('own')!.resolve('mine');
    await settle();
    for (let k = 0; k < 10; k += 1) {
      identities.hear('b1', ASKED);
      clock.advance(100);
    }
    identities.hear('c1', ASKED);
    expect([saidTo('b1').length, saidTo('c1').length, saidTo('').length]).toEqual([2, 1, 1]);
  });
});

describe('asking', () => {
  it('T-106 an endpoint that somebody claims is asked once the channel opens, then after 1, 2, 4 and each 8 s, until it has answered', () => {
    identities.follow([listed('ann', 'a1'), listed('bob')]);
    expect(told).toEqual([]);
    identities.setChannelOpen(true);
    expect(told).toEqual([{ to: 'a1', payload: ASKED }]);
    const askedAtS: number[] = [];
    for (let tick = 1; tick <= 4 * 32; tick += 1) {
      clock.advance(250);
      const before = questionsTo('a1');
      identities.tick();
      if (questionsTo('a1') > before) askedAtS.push(tick / 4);
    }
    expect(askedAtS).toEqual([1, 3, 7, 15, 23, 31]);
    identities.hear('a1', claim('nonce-ann'));
    clock.advance(60_000);
    identities.tick();
    expect(questionsTo('a1')).toBe(7);
  });

  it('T-106 a new claim is asked about at once', () => {
    identities.setChannelOpen(true);
    identities.follow([listed('ann', 'a1')]);
    identities.follow([listed('ann', 'a1', 'new')]);
    expect(questionsTo('a1')).toBe(2);
  });

  it('T-106 an endpoint is asked if it sends packets and no person is known to be behind it', () => {
    identities.setChannelOpen(true);
    identities.noteStranger('s1');
    identities.noteStranger('s1');
    identities.tick();
    expect(questionsTo('s1')).toBe(1);
    identities.part('s1');
    clock.advance(10_000);
    identities.tick();
    expect(questionsTo('s1')).toBe(1);
  });

  it('T-106 a crowd of strangers that comes and goes cannot make it ask without end', () => {
    identities.setChannelOpen(true);
    for (let k = 0; k < 1000; k += 1) identities.noteStranger(`s${k}`);
    identities.tick();
    identities.tick();
    expect(told.length).toBe(64);
  });

  it('T-106 neither the local endpoint, nor one that presence tells about, nor one that has left is asked', () => {
    identities.take([], [], true);
    enter('own');
    identities.meet('a1', 'ann');
    identities.meet('c1', null);
    identities.follow([listed('me', 'own'), listed('ann', 'a1'), listed('cy', 'c1')]);
    identities.part('c1');
    identities.setChannelOpen(true);
    clock.advance(5_000);
    identities.tick();
    expect(told).toEqual([]);
  });
});
