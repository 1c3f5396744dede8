import { CHANNEL_CASES } from './transportChannelCases';
import {
  allHearAll,
  check,
  checkEqual,
  collectErrors,
  endpointOf,
  eventually,
  eventuallyEqual,
  hiddenOf,
  listen,
  peopleOf,
  type TransportCase,
  unheardOf,
  watchStates,
} from './transportWorld';

/** What concerns the conference alone, whatever its bridge channels run over. */
const CONFERENCE_CASES: readonly TransportCase[] = [
  {
    id: 'T-1',
    title: 'a transport is idle before connect, and live once it resolves',
    async run(world) {
      const [ann] = await world.open('ann');
      const states = watchStates(ann);
      checkEqual(ann.state, 'idle', 'state before');
      await ann.connect();
      checkEqual(ann.state, 'live', 'state after');
      checkEqual(states, ['connecting', 'live'], 'states reported');
    },
  },
  {
    id: 'T-2',
    title: 'a transport knows every other endpoint by the person who is proven to be behind it',
    async run(world) {
      const [ann, bob, cy] = await world.openLive('ann', 'bob', 'cy');
      await eventuallyEqual(() => peopleOf(ann), ['bob', 'cy'], 'people that ann knows');
      await eventuallyEqual(() => peopleOf(bob), ['ann', 'cy'], 'people that bob knows');
      await eventuallyEqual(() => peopleOf(cy), ['ann', 'bob'], 'people that cy knows');
    },
  },
  {
    id: 'T-3',
    title: 'endpoints that join and leave are reported',
    async run(world) {
      const [ann, bob] = await world.open('ann', 'bob');
      await ann.connect();
      const told: string[] = [];
      // Where presence names nobody, an endpoint is reported once before its person is proven.
      ann.events.on('joined', ({ personId }) => personId !== null && told.push(`joined ${personId}`));
      ann.events.on('left', ({ personId }) => told.push(`left ${personId}`));
      await bob.connect();
      await eventuallyEqual(() => told, ['joined bob'], 'reported');
      await bob.disconnect();
      await eventuallyEqual(() => told, ['joined bob', 'left bob'], 'reported');
      checkEqual(ann.endpoints.size, 0, 'people left');
    },
  },
  {
    id: 'T-9',
    title: 'a listener that throws disturbs no other',
    async run(world) {
      const [ann, bob] = await world.openLive('ann', 'bob');
      const { reported, stop } = collectErrors();
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
        stop();
      }
    },
  },
  {
    id: 'T-10',
    title: 'disconnect is final and leaves no endpoint known',
    async run(world) {
      const [ann] = await world.openLive('ann', 'bob');
      const states = watchStates(ann);
      await ann.disconnect();
      await ann.disconnect();
      checkEqual(states, ['closed'], 'states reported');
      checkEqual([ann.state, ann.endpoints.size], ['closed', 0], 'state and people');
    },
  },
  {
    id: 'T-11',
    title: 'a person who enters again is let in, and the two do not replace each other in turns',
    async run(world) {
      const [first, bob] = await world.openLive('ann', 'bob');
      const states = watchStates(first);
      const [again] = await world.open('ann');
      await again.connect();
      await eventually(() => bob.endpoints.get(again.endpointId)?.personId === 'ann', 'the second is ann');
      await allHearAll([again, bob]);
      checkEqual(again.state, 'live', 'state of the second');
      check(!states.includes('reconnecting'), 'the first does not come back');
    },
  },
  {
    id: 'T-14',
    title: 'endpointId is the id by which the other endpoints know this one',
    async run(world) {
      const [ann, bob] = await world.open('ann', 'bob');
      checkEqual(ann.endpointId, '', 'id before');
      await ann.connect();
      await bob.connect();
      await eventually(() => endpointOf(bob, 'ann') !== '', 'ann is known');
      checkEqual(ann.endpointId, endpointOf(bob, 'ann'), 'id');
      await ann.disconnect();
      checkEqual(ann.endpointId, '', 'id after');
    },
  },
  {
    id: 'T-20',
    title: 'a page that is hidden and shown again is reported',
    async run(world) {
      const [ann, bob] = await world.openLive('ann', 'bob');
      const told: string[] = [];
      bob.events.on('hidden', ({ endpoint, isHidden }) => told.push(`${endpoint.personId} ${isHidden}`));
      ann.setHidden(true);
      await eventuallyEqual(() => hiddenOf(bob), ['ann'], 'hidden pages');
      ann.setHidden(false);
      await eventuallyEqual(() => hiddenOf(bob), [], 'hidden pages');
      checkEqual(told, ['ann true', 'ann false'], 'reported');
      checkEqual(hiddenOf(ann), [], 'the own page is not reported');
    },
  },
  {
    id: 'T-21',
    title: 'endpoints that join later know hidden pages, also one hidden before it joined',
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
    title: 'a hidden page is forgotten when its endpoint leaves',
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
    title: 'wake does nothing if nothing is wrong, in any state',
    async run(world) {
      const [ann, bob] = await world.open('ann', 'bob');
      ann.wake();
      checkEqual(ann.state, 'idle', 'state before');
      await ann.connect();
      await bob.connect();
      await allHearAll([ann, bob]);
      const states = watchStates(ann);
      for (let k = 0; k < 3; k += 1) ann.wake();
      // Long enough for an unanswered echo request to count.
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      await allHearAll([ann, bob]);
      checkEqual(states, [], 'states reported');
      await ann.disconnect();
      ann.wake();
      checkEqual(ann.state, 'closed', 'state after');
    },
  },
];

/** What concerns media, which need not come through for everything else to work. */
export const MEDIA_CASES: readonly TransportCase[] = [
  {
    id: 'T-24',
    title: 'media that does not come through is told to all others, also to those who join later, and packets go on',
    needs: 'blockMedia',
    async run(world) {
      const [ann, bob] = await world.openLive('ann', 'bob');
      const states = watchStates(ann);
      const told: string[] = [];
      ann.events.on('media', ({ state }) => told.push(state));
      await world.harness.blockMedia!(ann);
      await eventuallyEqual(() => ann.mediaPath.state, 'blocked', 'media of ann');
      await eventually(() => unheardOf(bob).includes('ann'), 'ann is unheard');
      checkEqual(told.at(-1), 'blocked', 'reported');
      await allHearAll([ann, bob]);
      checkEqual(states, [], 'states reported');
      const [cy] = await world.open('cy');
      await cy.connect();
      await eventually(() => unheardOf(cy).includes('ann'), 'ann is unheard for the third');
      await ann.disconnect();
      await eventually(() => !unheardOf(bob).includes('ann') && !peopleOf(bob).includes('ann'), 'ann is forgotten');
    },
  },
];

/** Everything that a transport must do. */
export const TRANSPORT_CASES: readonly TransportCase[] = [...CONFERENCE_CASES, ...MEDIA_CASES, ...CHANNEL_CASES];
