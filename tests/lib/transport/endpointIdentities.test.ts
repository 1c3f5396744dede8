import { describe, expect, it } from 'vitest';
import {
  ASKED,
  answers,
  changes,
  claim,
  claims,
  clock,
  enter,
  identities,
  listed,
  meetAnn,
  settle,
  withIdentities,
} from './identityWorld';

withIdentities();

describe('agreement', () => {
  it('T-100 an endpoint is a person once the roster and the endpoint say so of each other, in any order', () => {
    identities.meet('a1', null);
    identities.follow([listed('ann', 'a1')]);
    expect(identities.personOf('a1')).toBeNull();
    identities.hear('a1', claim('nonce-ann'));
    expect(identities.personOf('a1')).toBe('ann');

    identities.hear('b1', claim('nonce-bob'));
    identities.meet('b1', null);
    expect(identities.personOf('b1')).toBeNull();
    identities.follow([listed('ann', 'a1'), listed('bob', 'b1')]);
    expect(identities.personOf('b1')).toBe('bob');
    expect(changes).toEqual(['a1=ann', 'b1=bob']);
  });

  it('T-100 presence counts as what the endpoint says', () => {
    identities.meet('a1', 'ann');
    expect(identities.personOf('a1')).toBeNull();
    identities.follow([listed('ann', 'a1')]);
    expect(identities.personOf('a1')).toBe('ann');
  });

  it('T-100 an endpoint that says another nonce, or a claim that is taken back, ends it', () => {
    meetAnn();
    identities.hear('a1', claim('something else'));
    expect(identities.personOf('a1')).toBeNull();
    identities.hear('a1', claim('nonce-ann'));
    identities.follow([listed('ann')]);
    expect(identities.personOf('a1')).toBeNull();
    expect(changes).toEqual(['a1=ann', 'a1=null', 'a1=ann', 'a1=null']);
  });

  it('T-100 an endpoint is known before presence tells of it, and stays known when the local link is replaced', () => {
    identities.follow([listed('ann', 'a1')]);
    identities.hear('a1', claim('nonce-ann'));
    expect(identities.personOf('a1')).toBe('ann');
    identities.take([], [], false);
    expect(identities.personOf('a1')).toBe('ann');
  });

  it('T-100 a link that takes over knows at once whom its presence and what was said before prove', () => {
    meetAnn();
    identities.follow([listed('ann', 'a1'), listed('cy', 'c1')]);
    changes.length = 0;
    const present = [
      { endpointId: 'a1', personId: null },
      { endpointId: 'c1', personId: 'cy' },
      { endpointId: 'b1', personId: 'bob' },
    ];
    identities.take(present, [], false);
    expect(changes).toEqual(['c1=cy']);
    identities.take(present, [], true);
    expect(changes).toEqual(['c1=cy', 'b1=bob']);
  });

  it('T-101 where the deployment enforces identity, presence alone counts, and nothing else overrules it', () => {
    identities.take([], [], true);
    identities.meet('a1', 'ann');
    expect(identities.personOf('a1')).toBe('ann');
    identities.follow([listed('bob', 'a1')]);
    identities.hear('a1', claim('nonce-bob'));
    expect(identities.personOf('a1')).toBe('ann');
    identities.take([], [], false);
    // Nobody is here who would name ann.
    expect(identities.personOf('a1')).toBe('bob');
  });
});

describe('strangers', () => {
  it('T-102 a stranger who replays a nonce, even before its owner says it, is taken for no person', () => {
    identities.meet('a1', null);
    identities.meet('mallory', null);
    identities.follow([listed('ann', 'a1')]);
    identities.hear('mallory', claim('nonce-ann'));
    expect(identities.personOf('mallory')).toBeNull();
    expect(identities.personOf('a1')).toBeNull();
    identities.hear('a1', claim('nonce-ann'));
    expect([identities.personOf('mallory'), identities.personOf('a1')]).toEqual([null, 'ann']);
  });

  it('T-102 a person who claims the endpoint of another has it neither before nor after its owner speaks', () => {
    const people = [listed('mallory', 'a1'), listed('ann', 'a1')];
    identities.meet('a1', null);
    identities.follow(people);
    identities.hear('a1', claim('nonce-ann'));
    expect(identities.personOf('a1')).toBe('ann');
    identities.follow([listed('mallory', 'a1', 'another'), listed('ann', 'a1')]);
    expect(identities.personOf('a1')).toBe('ann');
    // Ann has left the roster; her endpoint does not pass to the one who claims it too.
    identities.follow([listed('mallory', 'a1', 'another')]);
    expect(identities.personOf('a1')).toBeNull();
  });

  it('T-102 a stranger who forges an identity in presence is taken for no person', () => {
    identities.follow([listed('ann', 'a1')]);
    identities.meet('mallory', 'ann');
    expect(identities.personOf('mallory')).toBeNull();
    identities.follow([listed('ann', 'a1'), listed('mallory-herself', 'mallory')]);
    expect(identities.personOf('mallory')).toBeNull();
  });

  it('T-103 an endpoint that takes the id of one that has left is unknown until there is a new claim', () => {
    meetAnn();
    identities.part('a1');
    expect(identities.personOf('a1')).toBeNull();
    identities.meet('a1', 'ann');
    identities.hear('a1', claim('nonce-ann'));
    identities.follow([listed('ann', 'a1')]);
    expect(identities.personOf('a1')).toBeNull();
    identities.follow([listed('ann', 'a1', 'new')]);
    identities.hear('a1', claim('new'));
    expect(identities.personOf('a1')).toBe('ann');
  });

  it('T-103 a claim that is first heard of after its endpoint has left is as old as that endpoint', () => {
    identities.meet('a1', null);
    identities.part('a1');
    identities.follow([listed('ann', 'a1')]);
    identities.meet('a1', null);
    identities.hear('a1', claim('nonce-ann'));
    expect(identities.personOf('a1')).toBeNull();
  });

  it('T-103 what an endpoint said before it left does not count for the next one of that id', () => {
    identities.meet('a1', null);
    identities.hear('a1', claim('nonce-ann'));
    identities.part('a1');
    identities.meet('a1', null);
    identities.follow([listed('ann', 'a1')]);
    expect(identities.personOf('a1')).toBeNull();
  });

  it('T-103 an endpoint that left while another link was in use is unknown when it comes back', () => {
    meetAnn();
    changes.length = 0;
    identities.take([{ endpointId: 'a1', personId: 'ann' }], ['a1'], false);
    identities.hear('a1', claim('nonce-ann'));
    expect(identities.personOf('a1')).toBeNull();
    identities.take([], ['a1'], false);
    expect(changes).toEqual(['a1=null']);
  });

  it('T-102 messages of any kind are dropped, and those of others are left alone', () => {
    for (const payload of [claim(''), claim('x'.repeat(65)), { parleyClaim: 7 }, { parleyClaim: null }, ASKED]) {
      expect(identities.hear('a1', payload)).toBe(true);
    }
    for (const payload of [null, undefined, 'parleyClaim', 7, [], { parley: 'QQ' }, { parleyEcho: 1 }]) {
      expect(identities.hear('a1', payload)).toBe(false);
    }
    identities.follow([listed('ann', 'a1', 'x'.repeat(65))]);
    expect(identities.personOf('a1')).toBeNull();
  });
});

describe('a person with another endpoint', () => {
  /** Ann comes back as a2. Her old session lingers. */
  function comeBack(): void {
    identities.meet('a2', null);
    identities.follow([listed('ann', 'a2', 'new'), listed('bob')]);
    identities.hear('a2', claim('new'));
  }

  it('T-108 a newer claim that its endpoint confirms supersedes the older endpoint, until that leaves', () => {
    meetAnn();
    identities.meet('a2', null);
    identities.follow([listed('ann', 'a2', 'new')]);
    expect(identities.isSuperseded('a1')).toBe(false);
    identities.hear('a2', claim('new'));
    expect(changes).toEqual(['a1=ann', 'a1=null', 'a2=ann', 'a1 superseded']);
    expect([identities.isSuperseded('a1'), identities.isSuperseded('a2')]).toEqual([true, false]);
    identities.hear('a1', claim('nonce-ann'));
    identities.meet('a1', 'ann');
    expect(identities.isSuperseded('a1')).toBe(true);
    identities.part('a1');
    expect(identities.isSuperseded('a1')).toBe(false);
  });

  it('T-108 the same where presence names the person of both; the newer one counts before it is claimed', () => {
    identities.take([], [], true);
    identities.meet('a1', 'ann');
    identities.follow([listed('ann', 'a1')]);
    enter('own');
    identities.meet('a2', 'ann');
    expect(changes).toEqual(['a1=ann', 'a2=ann']);
    identities.follow([listed('ann', 'a2', 'new')]);
    expect(changes).toEqual(['a1=ann', 'a2=ann', 'a1 superseded']);
  });

  it('T-108 an endpoint that was here before the local one is the older one if another is claimed, until it is claimed itself', () => {
    identities.take([], [], true);
    identities.meet('a1', 'ann');
    identities.meet('a2', 'ann');
    identities.follow([listed('ann', 'a2')]);
    expect(changes).toEqual(['a1=ann', 'a2=ann', 'a1 superseded']);
    identities.follow([listed('ann', 'a1', 'new')]);
    expect(changes.slice(3)).toEqual(['a1 back', 'a2 superseded']);
  });

  it('T-108 a link that takes over meets the older endpoint as superseded, also where it is the first to tell of both', () => {
    meetAnn();
    comeBack();
    const present = ['a1', 'a2'].map((endpointId) => ({ endpointId, personId: null }));
    identities.take(present, [], false);
    expect([identities.isSuperseded('a1'), identities.isSuperseded('a2')]).toEqual([true, false]);
  });

  it('T-108 a stranger supersedes nobody, whatever it claims, says and shows', () => {
    meetAnn();
    const mallory = listed('mallory', 'm1', 'of mallory');
    identities.meet('m1', 'ann');
    identities.follow([listed('ann', 'a1'), mallory]);
    for (const nonce of ['nonce-ann', 'of mallory', 'nonce-ann']) identities.hear('m1', claim(nonce));
    identities.follow([listed('ann', 'a1'), listed('mallory', 'a1', 'of mallory')]);
    expect([identities.isSuperseded('a1'), identities.personOf('a1')]).toEqual([false, 'ann']);
  });

  it('T-108 an endpoint counts again if its person claims it again', () => {
    meetAnn();
    comeBack();
    identities.follow([listed('ann', 'a1', 'third')]);
    identities.hear('a1', claim('third'));
    expect(changes.slice(-4)).toEqual(['a2=null', 'a1 back', 'a1=ann', 'a2 superseded']);
  });

  it('T-108 earlier endpoints of the local person are superseded, by id or by claim', async () => {
    enter('own');
    identities.take([], [], false);
    expect(identities.isSuperseded('own')).toBe(true);
    enter('own2');
    answers.get('own2')!.resolve('mine');
    await settle();
    expect([identities.isSuperseded('own'), identities.isSuperseded('own2')]).toEqual([true, false]);
    // Another tab of the same person, which this one has replaced.
    identities.take([{ endpointId: 'tab', personId: 'me' }], [], true);
    enter('own3');
    clock.advance(1_000);
    identities.tick();
    answers.get('own3')!.resolve('mine too');
    await settle();
    identities.follow([listed('me', 'own3', 'another')]);
    expect(identities.isSuperseded('tab')).toBe(false);
    identities.follow([listed('me', 'own3', 'mine too')]);
    expect(identities.isSuperseded('tab')).toBe(true);
  });
});

describe('the session behind an endpoint', () => {
  it('T-109 a claim that names a session is agreed to by no other session under the same id', () => {
    const people = [listed('ann', 'a1', 'nonce', 'session of ann')];
    identities.follow(people);
    identities.meet('a1', 'ann');
    identities.noteOccupant('a1', 'session of mallory');
    identities.hear('a1', claim('nonce'));
    expect(identities.personOf('a1')).toBeNull();
    identities.part('a1');
    identities.meet('a1', null);
    identities.noteOccupant('a1', 'session of ann');
    identities.follow([listed('ann', 'a1', 'fresh', 'session of ann')]);
    identities.hear('a1', claim('fresh'));
    expect(identities.personOf('a1')).toBe('ann');
  });

  it('T-109 an endpoint of which presence has not told yet, or without sessions’ names, is judged by the rest', () => {
    identities.follow([listed('ann', 'a1', 'x', 'session of ann'), listed('bob', 'b1', 'y')]);
    identities.hear('a1', claim('x'));
    identities.hear('b1', claim('y'));
    identities.noteOccupant('b1', 'any');
    expect([identities.personOf('a1'), identities.personOf('b1')]).toEqual(['ann', 'bob']);
    identities.noteOccupant('a1', 'session of mallory');
    expect(identities.personOf('a1')).toBeNull();
  });

  it('T-109 the local endpoint is reported with its session', () => {
    enter('own', 'session of mine');
    expect(claims).toEqual(['own session of mine']);
  });
});
