import {
  allHearAll,
  check,
  checkEqual,
  endpointOf,
  eventuallyEqual,
  hiddenOf,
  listen,
  peopleOf,
  type TransportCase,
  watchStates,
} from './transportWorld';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** What sends over the bridge channel or may lose it: these cases depend on what the channel runs over. */
export const CHANNEL_CASES: readonly TransportCase[] = [
  {
    id: 'T-4',
    title: 'every byte value reaches every other endpoint, with its sender',
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
    title: 'only the first sizeBytes are sent, and the buffer is free once broadcast returns',
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
    title: '1024 bytes pass and 64 KiB are refused',
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
    title: 'a transport sends nothing before it is live or after it has left',
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
    title: 'packets of one sender keep their order, and none is lost while nothing is wrong',
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
    id: 'T-12',
    title: 'sendTo reaches one endpoint; to none it is notOpen, and a packet that is too large is refused',
    async run(world) {
      const [ann, bob, cy] = await world.openLive('ann', 'bob', 'cy');
      const [ofBob, ofCy] = [listen(bob), listen(cy)];
      const bytes = Uint8Array.of(1, 2, 3, 4);
      const bobId = endpointOf(ann, 'bob');
      checkEqual(ann.sendTo(bobId, bytes, 3), 'sent', 'outcome');
      checkEqual(ann.broadcast(bytes, 1), 'sent', 'outcome of the broadcast after it');
      await eventuallyEqual(() => [ofBob.length, ofCy.length], [2, 1], 'packets heard');
      checkEqual([ofBob[0]?.bytes, ofBob[0]?.from.personId, ofCy[0]?.bytes], [[1, 2, 3], 'ann', [1]], 'packets heard');
      checkEqual(ann.sendTo('nobody', bytes, 1), 'notOpen', 'outcome to an unknown endpoint');
      checkEqual(ann.sendTo(bobId, new Uint8Array(65_536), 65_536), 'tooLarge', 'outcome of 64 KiB');
    },
  },
  {
    id: 'T-13',
    title: 'channel reports an opened channel, on which packets leave at once, and a closed one after leaving',
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
      await eventuallyEqual(() => [told, ann.isChannelOpen, outcomes], [[true], true, ['sent']], 'channel reported');
      // Bob's channel may open later than Ann's.
      await allHearAll([ann, bob]);
      ann.broadcast(Uint8Array.of(6), 1);
      await eventuallyEqual(() => heard.at(-1)?.bytes, [6], 'heard');
      await ann.disconnect();
      checkEqual([told, ann.isChannelOpen], [[true, false], false], 'channel after');
    },
  },
  {
    id: 'T-15',
    title: 'backlogBytes is what is queued, 0 once all has left, and null without a channel',
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
      checkEqual(ann.downlinkBps, null, 'estimate that no bridge has sent');
      await ann.disconnect();
      checkEqual(ann.backlogBytes, null, 'backlog after');
    },
  },
  {
    id: 'T-30',
    title: 'a cut bridge channel is noticed and carries packets again',
    needs: 'cutChannels',
    async run(world) {
      const [ann, bob] = await world.openLive('ann', 'bob');
      const states = watchStates(ann);
      await world.harness.cutChannels?.();
      await eventuallyEqual(() => states[0], 'reconnecting', 'first state reported');
      await allHearAll([ann, bob]);
      await eventuallyEqual(() => [ann.state, bob.state], ['live', 'live'], 'states');
      await eventuallyEqual(() => [peopleOf(ann), peopleOf(bob)], [['bob'], ['ann']], 'each is here once');
    },
  },
  {
    id: 'T-31',
    title: 'a hidden page is still known as hidden after the channel has come back',
    needs: 'cutChannels',
    async run(world) {
      const [ann, bob] = await world.openLive('ann', 'bob');
      ann.setHidden(true);
      await eventuallyEqual(() => hiddenOf(bob), ['ann'], 'hidden pages');
      await world.harness.cutChannels?.();
      await allHearAll([ann, bob]);
      await eventuallyEqual(() => hiddenOf(bob), ['ann'], 'hidden pages after');
    },
  },
  {
    id: 'T-32',
    title: 'an XMPP socket that is cut alone disturbs nothing and duplicates no endpoint',
    needs: 'cutSignalling',
    async run(world) {
      const [ann, bob] = await world.openLive('ann', 'bob');
      const states = watchStates(ann);
      const left: string[] = [];
      bob.events.on('left', ({ endpointId }) => left.push(endpointId));
      await world.harness.cutSignalling?.();
      await allHearAll([ann, bob]);
      // Longer than the first attempt to resume takes.
      await pause(4_000);
      await allHearAll([ann, bob]);
      checkEqual([states, left], [[], []], 'states reported and people who left');
      checkEqual(peopleOf(bob), ['ann'], 'people');
    },
  },
  {
    id: 'T-56',
    title: 'XMPP that is away for longer is told, packets go on meanwhile, and in the end everyone is here once',
    needs: 'blockSignalling',
    async run(world) {
      const [ann, bob] = await world.openLive('ann', 'bob');
      const troubles: string[] = [];
      ann.events.on('trouble', ({ trouble }) => troubles.push(trouble));
      await world.harness.blockSignalling?.();
      await eventuallyEqual(() => troubles, ['signalling'], 'trouble reported');
      await allHearAll([ann, bob]);
      checkEqual([ann.state, bob.state, ann.trouble], ['live', 'live', 'signalling'], 'states and trouble meanwhile');
      await eventuallyEqual(() => [ann.trouble, bob.trouble], ['none', 'none'], 'trouble in the end');
      await allHearAll([ann, bob]);
      await eventuallyEqual(() => [ann.state, bob.state], ['live', 'live'], 'states in the end');
      await eventuallyEqual(() => [peopleOf(ann), peopleOf(bob)], [['bob'], ['ann']], 'each is here once');
      checkEqual(troubles, ['signalling', 'none'], 'all trouble reported');
    },
  },
  {
    id: 'T-33',
    title: 'after a restarted server has lost its state, every endpoint comes back by itself',
    needs: 'restartServer',
    async run(world) {
      const [ann, bob, cy] = await world.openLive('ann', 'bob', 'cy');
      const states = watchStates(ann);
      await world.harness.restartServer?.();
      await eventuallyEqual(() => states[0], 'reconnecting', 'first state reported');
      await allHearAll([ann, bob, cy]);
      await eventuallyEqual(() => peopleOf(ann), ['bob', 'cy'], 'each is here once');
      await eventuallyEqual(() => [ann.state, bob.state, cy.state], ['live', 'live', 'live'], 'states');
    },
  },
  {
    id: 'T-34',
    title: 'a transport that leaves while it reconnects stays away',
    needs: 'restartServer',
    async run(world) {
      const [ann] = await world.openLive('ann', 'bob');
      // By the event: polling would miss a transport that reconnects within milliseconds.
      const left = new Promise<void>((resolve) => {
        ann.events.on('state', ({ state }) => {
          if (state === 'reconnecting') resolve(ann.disconnect());
        });
      });
      await world.harness.restartServer?.();
      await left;
      await pause(1_000);
      checkEqual(ann.state, 'closed', 'state');
      check(ann.endpoints.size === 0, 'knows no endpoint');
    },
  },
  {
    id: 'T-35',
    title: 'a bridge channel that falls silent while open is noticed, and packets go on',
    needs: 'silenceChannels',
    async run(world) {
      const [ann, bob] = await world.openLive('ann', 'bob');
      const states = watchStates(ann);
      await world.harness.silenceChannels?.();
      await eventuallyEqual(() => states[0], 'reconnecting', 'first state reported');
      await allHearAll([ann, bob]);
      await eventuallyEqual(() => [ann.state, bob.state], ['live', 'live'], 'states');
      await eventuallyEqual(() => [peopleOf(ann), peopleOf(bob)], [['bob'], ['ann']], 'each is here once');
    },
  },
  {
    id: 'T-36',
    title: 'channel reports that its channel has closed and opened again, on which packets leave at once',
    needs: 'cutChannels',
    async run(world) {
      const [ann] = await world.openLive('ann', 'bob');
      const told: Array<boolean | string> = [];
      ann.events.on('channel', ({ isOpen }) => told.push(isOpen, ann.broadcast(Uint8Array.of(1), 1)));
      await world.harness.cutChannels?.();
      await eventuallyEqual(() => told, [false, 'notOpen', true, 'sent'], 'reported');
    },
  },
];
