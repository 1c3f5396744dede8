import { beforeEach, describe, expect, it } from 'vitest';
import type { SeatedPerson } from '@/lib/core/meeting';
import { EndpointIdentities } from '@/lib/transport/endpointIdentities';
import { ManualClock } from '@/tests/support/manualClock';

type Listed = Pick<SeatedPerson, 'id' | 'endpoint'>;

const listed = (id: string, endpointId?: string, nonce?: string, occupantId: string | null = null): Listed => ({
  id,
  endpoint: endpointId === undefined ? null : { id: endpointId, occupantId, nonce: nonce ?? `nonce-${id}` },
});

const ASKED = { parleyClaimAsked: 1 };
const claim = (nonce: string) => ({ parleyClaim: nonce });

let clock: ManualClock;
/** What the local endpoint has said, oldest first. */
let told: Array<{ to: string; payload: unknown }>;
/** Whom the transport was told to be behind which endpoint. */
let changes: string[];
/** Answers of the API, by endpoint. */
let answers: Map<string, { resolve(nonce: string | null): void; reject(error: Error): void }>;
let claims: string[];
let identities: EndpointIdentities;

beforeEach(() => {
  clock = new ManualClock();
  told = [];
  changes = [];
  claims = [];
  answers = new Map();
  identities = new EndpointIdentities({
    clock,
    claim: ({ endpointId, occupantId }) => {
      claims.push(occupantId === null ? endpointId : `${endpointId} ${occupantId}`);
      return new Promise((resolve, reject) => answers.set(endpointId, { resolve, reject }));
    },
  });
  identities.bind({
    tell: (to, payload) => told.push({ to, payload }),
    onPerson: (endpointId, personId) => changes.push(`${endpointId}=${personId}`),
    onSuperseded: (endpointId, isSuperseded) => changes.push(`${endpointId} ${isSuperseded ? 'superseded' : 'back'}`),
  });
  identities.take([], [], false);
});

const enter = (endpointId: string, occupantId: string | null = null) => identities.enter({ endpointId, occupantId });
const settle = () => new Promise((resolve) => setImmediate(resolve));
const questionsTo = (endpointId: string) =>
  told.filter(({ to, payload }) => to === endpointId && JSON.stringify(payload) === JSON.stringify(ASKED)).length;
const saidTo = (endpointId: string) =>
  told.flatMap(({ to, payload }) => (to === endpointId && 'parleyClaim' in (payload as object) ? [payload] : []));

/** Ann has the endpoint a1, and both say so. */
function meetAnn(): void {
  identities.meet('a1', null);
  identities.follow([listed('ann', 'a1')]);
  identities.hear('a1', claim('nonce-ann'));
}

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
