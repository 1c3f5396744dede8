import {
  allHearAll,
  checkEqual,
  endpointOf,
  eventually,
  eventuallyEqual,
  peopleOf,
  type TransportCase,
} from './transportWorld';

/** Cases for conferences that say nothing of who is who, or let clients say it. Their harness has `createStranger`. */
export const IDENTITY_CASES: readonly TransportCase[] = [
  {
    id: 'T-107',
    title:
      'endpoints know each other where presence names no one, and a stranger who repeats everything is taken for neither',
    async run(world) {
      const [ann, bob] = await world.openLive('ann', 'bob');
      await eventuallyEqual(() => [peopleOf(ann), peopleOf(bob)], [['bob'], ['ann']], 'people known');
      const annAtBob = endpointOf(bob, 'ann');
      const stranger = await world.openStranger('ann');
      await stranger.connect();
      await allHearAll([ann, bob, stranger]);
      checkEqual(peopleOf(bob), ['ann', null], 'people that bob knows');
      checkEqual(peopleOf(ann), ['bob', null], 'people that ann knows');
      checkEqual(endpointOf(bob, 'ann'), annAtBob, 'endpoint of ann');
      checkEqual(peopleOf(stranger), [null, null], 'people that a stranger knows, without the roster');
      await stranger.disconnect();
      await eventuallyEqual(() => peopleOf(bob), ['ann'], 'people after the stranger has left');
    },
  },
  {
    id: 'T-107',
    title: 'endpoints know each other again after a server has restarted, by new claims',
    async run(world) {
      const people = await world.openLive('ann', 'bob', 'cy');
      const known = () => people.map(peopleOf);
      const all = [
        ['bob', 'cy'],
        ['ann', 'cy'],
        ['ann', 'bob'],
      ];
      await eventuallyEqual(known, all, 'people known');
      const before = people.map(({ endpointId }) => endpointId);
      await world.harness.restartServer!();
      const isNew = () => people.every(({ endpointId }) => endpointId !== '' && !before.includes(endpointId));
      await eventually(isNew, 'the endpoints are new');
      await eventuallyEqual(known, all, 'people known again');
    },
  },
];
