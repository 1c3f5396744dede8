import type { TransportCase } from './transportCases';
import { check, checkEqual, eventuallyEqual } from './transportChecks';
import { allHearAll, hiddenOf, peopleOf, watchStates } from './transportWorld';

/** Bounds of the drills: a lost channel carries poses again, and a restarted server's people move again. */
const CHANNEL_BACK_WITHIN_MS = 5_000;
const NOTICED_WITHIN_MS = 2_000;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** What must happen when something breaks; needs a harness that can break it. */
export const RECOVERY_CASES: readonly TransportCase[] = [
  {
    id: 'T-30',
    title: 'a bridge channel that is cut is noticed within 2 s, and carries packets again within 5 s',
    needs: 'cutChannels',
    async run(world) {
      const [ann, bob] = await world.openLive('ann', 'bob');
      const states = watchStates(ann);
      await world.harness.cutChannels?.();
      await eventuallyEqual(() => states[0], 'reconnecting', 'first state told', NOTICED_WITHIN_MS);
      await allHearAll([ann, bob], CHANNEL_BACK_WITHIN_MS);
      await eventuallyEqual(() => [ann.state, bob.state], ['live', 'live'], 'states');
      await eventuallyEqual(() => [peopleOf(ann), peopleOf(bob)], [['bob'], ['ann']], 'each is here once');
    },
  },
  {
    id: 'T-31',
    title: 'what was said of a hidden page holds after the channel has come back',
    needs: 'cutChannels',
    async run(world) {
      const [ann, bob] = await world.openLive('ann', 'bob');
      ann.setHidden(true);
      await eventuallyEqual(() => hiddenOf(bob), ['ann'], 'hidden pages');
      await world.harness.cutChannels?.();
      await allHearAll([ann, bob], CHANNEL_BACK_WITHIN_MS);
      await eventuallyEqual(() => hiddenOf(bob), ['ann'], 'hidden pages after');
    },
  },
  {
    id: 'T-32',
    title: 'an XMPP socket that is cut alone disturbs nothing, and nobody is there twice',
    needs: 'cutSignalling',
    async run(world) {
      const [ann, bob] = await world.openLive('ann', 'bob');
      const states = watchStates(ann);
      const left: string[] = [];
      bob.events.on('left', ({ endpointId }) => left.push(endpointId));
      await world.harness.cutSignalling?.();
      await allHearAll([ann, bob], NOTICED_WITHIN_MS);
      // Past every resumption's first attempt.
      await pause(4_000);
      await allHearAll([ann, bob], NOTICED_WITHIN_MS);
      checkEqual([states, left], [[], []], 'states told and people who left');
      checkEqual(peopleOf(bob), ['ann'], 'people');
    },
  },
  {
    id: 'T-35',
    title: 'a bridge channel that falls silent, though open, is noticed within 2 s, and packets go on within 5 s',
    needs: 'silenceChannels',
    async run(world) {
      const [ann, bob] = await world.openLive('ann', 'bob');
      const states = watchStates(ann);
      await world.harness.silenceChannels?.();
      await eventuallyEqual(() => states[0], 'reconnecting', 'first state told', NOTICED_WITHIN_MS);
      await allHearAll([ann, bob], CHANNEL_BACK_WITHIN_MS);
      await eventuallyEqual(() => [ann.state, bob.state], ['live', 'live'], 'states');
      await eventuallyEqual(() => [peopleOf(ann), peopleOf(bob)], [['bob'], ['ann']], 'each is here once');
    },
  },
  {
    id: 'T-33',
    title: 'a server that comes back knowing nothing has everybody again, by themselves',
    needs: 'restartServer',
    async run(world) {
      const [ann, bob, cy] = await world.openLive('ann', 'bob', 'cy');
      const states = watchStates(ann);
      await world.harness.restartServer?.();
      await eventuallyEqual(() => states[0], 'reconnecting', 'first state told');
      await allHearAll([ann, bob, cy], CHANNEL_BACK_WITHIN_MS);
      await eventuallyEqual(() => peopleOf(ann), ['bob', 'cy'], 'each is here once');
      await eventuallyEqual(() => [ann.state, bob.state, cy.state], ['live', 'live', 'live'], 'states');
    },
  },
  {
    id: 'T-34',
    title: 'leaving while it comes back ends it',
    needs: 'restartServer',
    async run(world) {
      const [ann] = await world.openLive('ann', 'bob');
      // By the event: who comes back within milliseconds is not seen reconnecting by looking now and then.
      const left = new Promise<void>((resolve) => {
        ann.events.on('state', ({ state }) => {
          if (state === 'reconnecting') resolve(ann.disconnect());
        });
      });
      await world.harness.restartServer?.();
      await left;
      await pause(1_000);
      checkEqual(ann.state, 'closed', 'state');
      check(ann.endpoints.size === 0, 'knows nobody');
    },
  },
  {
    id: 'T-36',
    title: 'tells that its channel has closed and opened again: what is sent at that moment leaves',
    needs: 'cutChannels',
    async run(world) {
      const [ann] = await world.openLive('ann', 'bob');
      const told: Array<boolean | string> = [];
      ann.events.on('channel', ({ isOpen }) => told.push(isOpen, ann.broadcast(Uint8Array.of(1), 1)));
      await world.harness.cutChannels?.();
      await eventuallyEqual(() => told, [false, 'notOpen', true, 'sent'], 'told', CHANNEL_BACK_WITHIN_MS);
    },
  },
];
