import { check, checkEqual, eventually, eventuallyEqual } from './transportChecks';
import { RECOVERY_CASES } from './transportRecoveryCases';
import {
  allHearAll,
  endpointOf,
  type Fault,
  hiddenOf,
  listen,
  peopleOf,
  type TransportWorld,
  watchStates,
} from './transportWorld';

/** One thing that every transport must do; runs in Node and in a page. Ids are the rules of lib/transport/SPEC.md. */
export interface TransportCase {
  readonly id: string;
  readonly title: string;
  /** What the harness must be able to do to the conference. */
  readonly needs?: Fault;
  run(world: TransportWorld): Promise<void>;
}

const PACKET_CASES: readonly TransportCase[] = [
  {
    id: 'T-1',
    title: 'is idle before, and live once connect resolves',
    async run(world) {
      const [ann] = await world.open('ann');
      const states = watchStates(ann);
      checkEqual(ann.state, 'idle', 'state before');
      await ann.connect();
      checkEqual(ann.state, 'live', 'state after');
      checkEqual(states, ['connecting', 'live'], 'states told');
    },
  },
  {
    id: 'T-2',
    title: 'knows who else is here, by the person the conference vouches for',
    async run(world) {
      const [ann, bob, cy] = await world.openLive('ann', 'bob', 'cy');
      checkEqual(peopleOf(ann), ['bob', 'cy'], 'people ann knows');
      checkEqual(peopleOf(bob), ['ann', 'cy'], 'people bob knows');
      checkEqual(peopleOf(cy), ['ann', 'bob'], 'people cy knows');
    },
  },
  {
    id: 'T-3',
    title: 'tells of somebody who joins and leaves',
    async run(world) {
      const [ann, bob] = await world.open('ann', 'bob');
      await ann.connect();
      const told: string[] = [];
      ann.events.on('joined', ({ personId }) => told.push(`joined ${personId}`));
      ann.events.on('left', ({ personId }) => told.push(`left ${personId}`));
      await bob.connect();
      await eventuallyEqual(() => told, ['joined bob'], 'told');
      await bob.disconnect();
      await eventuallyEqual(() => told, ['joined bob', 'left bob'], 'told');
      checkEqual(ann.endpoints.size, 0, 'people left');
    },
  },
  {
    id: 'T-4',
    title: 'carries every byte value to everybody else, and says who sent it',
    async run(world) {
      const [ann, bob, cy] = await world.openLive('ann', 'bob', 'cy');
      const all = Uint8Array.from({ length: 256 }, (_, value) => value);
      const [ofAnn, ofBob, ofCy] = [listen(ann), listen(bob), listen(cy)];
      checkEqual(ann.broadcast(all, all.length), 'sent', 'outcome');
      for (const heard of [ofBob, ofCy]) {
        await eventuallyEqual(() => heard.length, 1, 'packets heard');
        checkEqual(heard[0]?.bytes, Array.from(all), 'bytes');
        checkEqual(heard[0]?.from.personId, 'ann', 'sender');
      }
      const from = ofBob[0]?.from;
      checkEqual(from && bob.endpoints.get(from.endpointId), from, 'sender among the people');
      checkEqual(ofAnn, [], 'heard by the sender itself');
    },
  },
  {
    id: 'T-5',
    title: 'sends only the first sizeBytes, and has done with the buffer when broadcast returns',
    async run(world) {
      const [ann, bob] = await world.openLive('ann', 'bob');
      const heard = listen(bob);
      const buffer = new Uint8Array(1024);
      for (let k = 1; k <= 5; k += 1) {
        buffer.fill(k);
        checkEqual(ann.broadcast(buffer, k), 'sent', 'outcome');
      }
      buffer.fill(99);
      await eventuallyEqual(() => heard.length, 5, 'packets heard');
      const expected = [[1], [2, 2], [3, 3, 3], [4, 4, 4, 4], [5, 5, 5, 5, 5]];
      checkEqual(
        heard.map(({ bytes }) => bytes),
        expected,
        'bytes',
      );
    },
  },
  {
    id: 'T-6',
    title: 'carries 1024 bytes and refuses 64 KiB',
    async run(world) {
      const [ann, bob] = await world.openLive('ann', 'bob');
      const heard = listen(bob);
      checkEqual(ann.broadcast(new Uint8Array(65_536), 65_536), 'tooLarge', 'outcome of 64 KiB');
      checkEqual(ann.broadcast(new Uint8Array(1024).fill(7), 1024), 'sent', 'outcome of 1024 bytes');
      await eventuallyEqual(() => heard.length, 1, 'packets heard');
      checkEqual(heard[0]?.bytes.length, 1024, 'size heard');
    },
  },
  {
    id: 'T-7',
    title: 'sends nothing before it is live or after it has left',
    async run(world) {
      const [ann, bob] = await world.open('ann', 'bob');
      await bob.connect();
      const heard = listen(bob);
      checkEqual(ann.broadcast(Uint8Array.of(1), 1), 'notOpen', 'outcome before');
      await ann.connect();
      await eventuallyEqual(() => [peopleOf(ann), peopleOf(bob)], [['bob'], ['ann']], 'people known');
      await allHearAll([ann, bob]);
      checkEqual(ann.broadcast(Uint8Array.of(2), 1), 'sent', 'outcome while live');
      await eventuallyEqual(() => heard.map(({ bytes }) => bytes), [[2]], 'heard');
      await ann.disconnect();
      checkEqual(ann.broadcast(Uint8Array.of(3), 1), 'notOpen', 'outcome after');
    },
  },
  {
    id: 'T-8',
    title: 'keeps the order of one sender, and loses nothing while nothing is wrong',
    async run(world) {
      const [ann, bob] = await world.openLive('ann', 'bob');
      const heard = listen(bob);
      for (let k = 0; k < 40; k += 1) checkEqual(ann.broadcast(Uint8Array.of(k), 1), 'sent', 'outcome');
      await eventuallyEqual(() => heard.length, 40, 'packets heard');
      checkEqual(
        heard.map(({ bytes }) => bytes[0]),
        Array.from({ length: 40 }, (_, k) => k),
        'order',
      );
    },
  },
  {
    id: 'T-9',
    title: 'goes on after a listener that throws',
    async run(world) {
      const [ann, bob] = await world.openLive('ann', 'bob');
      const error = console.error;
      const reported: unknown[] = [];
      console.error = (value: unknown) => reported.push(value);
      try {
        const broken = new Error('a broken listener');
        bob.events.on('packet', () => {
          throw broken;
        });
        const heard = listen(bob);
        for (const value of [1, 2]) checkEqual(ann.broadcast(Uint8Array.of(value), 1), 'sent', 'outcome');
        await eventuallyEqual(() => heard.length, 2, 'packets heard');
        check(reported.includes(broken), 'the error is reported');
      } finally {
        console.error = error;
      }
    },
  },
  {
    id: 'T-10',
    title: 'closes once and for all, and knows nobody then',
    async run(world) {
      const [ann] = await world.openLive('ann', 'bob');
      const states = watchStates(ann);
      await ann.disconnect();
      await ann.disconnect();
      checkEqual(states, ['closed'], 'states told');
      checkEqual([ann.state, ann.endpoints.size], ['closed', 0], 'state and people');
    },
  },
  {
    id: 'T-11',
    title: 'lets a person in again, who then is there once or twice, and never comes back in turns',
    async run(world) {
      const [first, bob] = await world.openLive('ann', 'bob');
      const states = watchStates(first);
      const [again] = await world.open('ann');
      await again.connect();
      await eventually(() => peopleOf(bob).length === 2 || first.state === 'failed', 'the first stays or is told');
      await allHearAll(first.state === 'failed' ? [again, bob] : [first, again, bob]);
      checkEqual(again.state, 'live', 'state of the second');
      check(!states.includes('reconnecting'), 'the first does not come back');
    },
  },
  {
    id: 'T-12',
    title: 'sends to one alone, who hears from whom; to nobody where there is nobody, and nothing too large',
    async run(world) {
      const [ann, bob, cy] = await world.openLive('ann', 'bob', 'cy');
      const [ofBob, ofCy] = [listen(bob), listen(cy)];
      const bytes = Uint8Array.of(1, 2, 3, 4);
      const bobId = endpointOf(ann, 'bob');
      checkEqual(ann.sendTo(bobId, bytes, 3), 'sent', 'outcome');
      checkEqual(ann.broadcast(bytes, 1), 'sent', 'outcome of what follows');
      await eventuallyEqual(() => [ofBob.length, ofCy.length], [2, 1], 'packets heard');
      checkEqual([ofBob[0]?.bytes, ofBob[0]?.from.personId, ofCy[0]?.bytes], [[1, 2, 3], 'ann', [1]], 'what is heard');
      checkEqual(ann.sendTo('nobody', bytes, 1), 'notOpen', 'outcome to nobody');
      checkEqual(ann.sendTo(bobId, new Uint8Array(65_536), 65_536), 'tooLarge', 'outcome of 64 KiB');
    },
  },
  {
    id: 'T-13',
    title: 'tells when its channel opens: what is sent at that moment leaves; and that it is closed after leaving',
    async run(world) {
      const [ann, bob] = await world.open('ann', 'bob');
      await bob.connect();
      const heard = listen(bob);
      const told: boolean[] = [];
      const outcomes: string[] = [];
      ann.events.on('channel', ({ isOpen }) => {
        told.push(isOpen);
        if (isOpen) outcomes.push(ann.broadcast(Uint8Array.of(5), 1));
      });
      checkEqual(ann.isChannelOpen, false, 'open before');
      await ann.connect();
      await eventuallyEqual(() => [told, ann.isChannelOpen, outcomes], [[true], true, ['sent']], 'channel told');
      // Bob's own may open later than Ann's.
      await allHearAll([ann, bob]);
      ann.broadcast(Uint8Array.of(6), 1);
      await eventuallyEqual(() => heard.at(-1)?.bytes, [6], 'heard');
      await ann.disconnect();
      checkEqual([told, ann.isChannelOpen], [[true, false], false], 'channel after');
    },
  },
  {
    id: 'T-14',
    title: 'knows the id by which the others know it',
    async run(world) {
      const [ann, bob] = await world.open('ann', 'bob');
      checkEqual(ann.endpointId, '', 'id before');
      await ann.connect();
      await bob.connect();
      await eventually(() => bob.endpoints.size === 1, 'ann is known');
      checkEqual(ann.endpointId, endpointOf(bob, 'ann'), 'id');
      await ann.disconnect();
      checkEqual(ann.endpointId, '', 'id after');
    },
  },
  {
    id: 'T-15',
    title: 'knows how much waits to be sent: nothing, once all has left; and does not know it without a channel',
    async run(world) {
      const [ann, bob] = await world.open('ann', 'bob');
      checkEqual(ann.backlogBytes, null, 'backlog before');
      await ann.connect();
      await bob.connect();
      await allHearAll([ann, bob]);
      ann.broadcast(new Uint8Array(1024), 1024);
      const { backlogBytes } = ann;
      check(backlogBytes !== null && backlogBytes >= 0 && backlogBytes < 32 * 1024, `backlog ${backlogBytes}`);
      await eventuallyEqual(() => ann.backlogBytes, 0, 'backlog in the end');
      checkEqual(ann.downlinkBps, null, 'what no bridge has said');
      await ann.disconnect();
      checkEqual(ann.backlogBytes, null, 'backlog after');
    },
  },
];

const PAGE_CASES: readonly TransportCase[] = [
  {
    id: 'T-20',
    title: 'tells of a page that is hidden and shown again',
    async run(world) {
      const [ann, bob] = await world.openLive('ann', 'bob');
      const told: string[] = [];
      bob.events.on('hidden', ({ endpoint, isHidden }) => told.push(`${endpoint.personId} ${isHidden}`));
      ann.setHidden(true);
      await eventuallyEqual(() => hiddenOf(bob), ['ann'], 'hidden pages');
      ann.setHidden(false);
      await eventuallyEqual(() => hiddenOf(bob), [], 'hidden pages');
      checkEqual(told, ['ann true', 'ann false'], 'told');
      checkEqual(hiddenOf(ann), [], "one's own page is not told of");
    },
  },
  {
    id: 'T-21',
    title: 'tells those who join later of hidden pages, also of one hidden before it joined itself',
    async run(world) {
      const [ann, bob, cy] = await world.open('ann', 'bob', 'cy');
      ann.setHidden(true);
      await ann.connect();
      await bob.connect();
      await eventuallyEqual(() => hiddenOf(bob), ['ann'], 'hidden pages, by the second');
      await cy.connect();
      await eventuallyEqual(() => hiddenOf(cy), ['ann'], 'hidden pages, by the third');
    },
  },
  {
    id: 'T-22',
    title: 'forgets that a page was hidden when its person leaves',
    async run(world) {
      const [ann, bob] = await world.openLive('ann', 'bob');
      ann.setHidden(true);
      await eventuallyEqual(() => hiddenOf(bob), ['ann'], 'hidden pages');
      await ann.disconnect();
      await eventuallyEqual(() => [peopleOf(bob), bob.hidden.size], [[], 0], 'people and hidden pages');
    },
  },
  {
    id: 'T-23',
    title: 'takes a wake for what it is: nothing where nothing is wrong, in any state',
    async run(world) {
      const [ann, bob] = await world.open('ann', 'bob');
      ann.wake();
      checkEqual(ann.state, 'idle', 'state before');
      await ann.connect();
      await bob.connect();
      await allHearAll([ann, bob]);
      const states = watchStates(ann);
      for (let k = 0; k < 3; k += 1) ann.wake();
      // Longer than an unanswered question takes to be one.
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      await allHearAll([ann, bob]);
      checkEqual(states, [], 'states told');
      await ann.disconnect();
      ann.wake();
      checkEqual(ann.state, 'closed', 'state after');
    },
  },
];

/** Everything that a transport must do. */
export const TRANSPORT_CASES: readonly TransportCase[] = [...PACKET_CASES, ...PAGE_CASES, ...RECOVERY_CASES];
