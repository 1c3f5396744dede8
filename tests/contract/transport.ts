import { afterEach, describe, expect, it } from 'vitest';
import type { Endpoint, Transport } from '@/lib/transport/transport';

/** What a transport's tests bring along. */
export interface TransportHarness {
  /** An endpoint of `personId`, not yet connected, in one conference with all others of this harness. */
  create(personId: string | null): Promise<Transport>;
  /** Frees the conference. Endpoints are disconnected before. */
  close(): Promise<void>;
}

/** Longest that a real conference may take to pass something on. */
const ARRIVES_WITHIN = { timeout: 5000, interval: 20 };

interface Heard {
  readonly from: Endpoint;
  readonly bytes: number[];
}

/** Sent until everybody hears everybody: a conference may be live before its channel is open. Tests don't hear it. */
const PROBE = Uint8Array.of(0xfa, 0xfb, 0xfc);

function isProbe(bytes: Uint8Array): boolean {
  return bytes.length === PROBE.length && bytes.every((value, k) => value === PROBE[k]);
}

function listen(transport: Transport): Heard[] {
  const heard: Heard[] = [];
  transport.events.on('packet', ({ from, bytes }) => {
    if (!isProbe(bytes)) heard.push({ from, bytes: Array.from(bytes) });
  });
  return heard;
}

/** Resolves once each of `transports` has heard from all the others. */
async function openChannels(transports: readonly Transport[]): Promise<void> {
  const heardBy = transports.map((transport) => {
    const senders = new Set<string>();
    const stop = transport.events.on('packet', ({ from }) => senders.add(from.endpointId));
    return { senders, stop };
  });
  const allHear = () => {
    for (const transport of transports) transport.broadcast(PROBE, PROBE.length);
    return heardBy.every(({ senders }) => senders.size >= transports.length - 1);
  };
  await expect.poll(allHear, ARRIVES_WITHIN).toBe(true);
  for (const { stop } of heardBy) stop();
}

const peopleOf = (transport: Transport) => [...transport.endpoints.values()].map(({ personId }) => personId).sort();

/**
 * What every transport must do. `waitFor` polls: implementations deliver when they can. A packet that must not arrive is
 * checked once a later one, which must, has come: the order of one sender's packets is kept.
 */
export function transportContract(name: string, createHarness: () => Promise<TransportHarness>): void {
  describe(`the transport contract: ${name}`, () => {
    const opened: Array<{ harness: TransportHarness; transports: Transport[] }> = [];

    async function open(...people: Array<string | null>): Promise<Transport[]> {
      const harness = await createHarness();
      const transports: Transport[] = [];
      opened.push({ harness, transports });
      for (const personId of people) transports.push(await harness.create(personId));
      return transports;
    }

    async function openLive(...people: Array<string | null>): Promise<Transport[]> {
      const transports = await open(...people);
      for (const transport of transports) await transport.connect();
      await expect
        .poll(() => transports.every(({ endpoints }) => endpoints.size === transports.length - 1), ARRIVES_WITHIN)
        .toBe(true);
      await openChannels(transports);
      return transports;
    }

    afterEach(async () => {
      for (const { harness, transports } of opened.splice(0)) {
        for (const transport of transports) await transport.disconnect();
        await harness.close();
      }
    });

    it('is idle before, and live once connect resolves', async () => {
      const [transport] = await open('ann');
      const states: string[] = [];
      transport!.events.on('state', ({ state }) => states.push(state));
      expect(transport!.state).toBe('idle');
      await transport!.connect();
      expect(transport!.state).toBe('live');
      expect(states[0]).toBe('connecting');
      expect(states.at(-1)).toBe('live');
    });

    it('knows who else is here, by the person the conference vouches for', async () => {
      const [ann, bob, cy] = await openLive('ann', 'bob', 'cy');
      expect(peopleOf(ann!)).toEqual(['bob', 'cy']);
      expect(peopleOf(bob!)).toEqual(['ann', 'cy']);
      expect(peopleOf(cy!)).toEqual(['ann', 'bob']);
    });

    it('tells of somebody who joins and leaves', async () => {
      const [ann, bob] = await open('ann', 'bob');
      await ann!.connect();
      const told: string[] = [];
      ann!.events.on('joined', ({ personId }) => told.push(`joined ${personId}`));
      ann!.events.on('left', ({ personId }) => told.push(`left ${personId}`));
      await bob!.connect();
      await expect.poll(() => told, ARRIVES_WITHIN).toEqual(['joined bob']);
      await bob!.disconnect();
      await expect.poll(() => told, ARRIVES_WITHIN).toEqual(['joined bob', 'left bob']);
      expect(ann!.endpoints.size).toBe(0);
    });

    it('carries every byte value to everybody else, and says who sent it', async () => {
      const [ann, bob, cy] = await openLive('ann', 'bob', 'cy');
      const all = Uint8Array.from({ length: 256 }, (_, value) => value);
      const heard = [ann!, bob!, cy!].map(listen);
      expect(ann!.broadcast(all, all.length)).toBe('sent');
      for (const ofOther of heard.slice(1)) {
        await expect.poll(() => ofOther.length, ARRIVES_WITHIN).toBe(1);
        expect(ofOther[0]!.bytes).toEqual(Array.from(all));
        expect(ofOther[0]!.from.personId).toBe('ann');
      }
      expect(bob!.endpoints.get(heard[1]![0]!.from.endpointId)).toEqual(heard[1]![0]!.from);
      expect(heard[0]).toEqual([]);
    });

    it('sends only the first sizeBytes, and has done with the buffer when broadcast returns', async () => {
      const [ann, bob] = await openLive('ann', 'bob');
      const heard = listen(bob!);
      const buffer = new Uint8Array(1024);
      for (let k = 1; k <= 5; k += 1) {
        buffer.fill(k);
        expect(ann!.broadcast(buffer, k)).toBe('sent');
      }
      buffer.fill(99);
      await expect.poll(() => heard.length, ARRIVES_WITHIN).toBe(5);
      expect(heard.map(({ bytes }) => bytes)).toEqual([[1], [2, 2], [3, 3, 3], [4, 4, 4, 4], [5, 5, 5, 5, 5]]);
    });

    it('carries 1024 bytes and refuses 64 KiB', async () => {
      const [ann, bob] = await openLive('ann', 'bob');
      const heard = listen(bob!);
      expect(ann!.broadcast(new Uint8Array(65_536), 65_536)).toBe('tooLarge');
      expect(ann!.broadcast(new Uint8Array(1024).fill(7), 1024)).toBe('sent');
      await expect.poll(() => heard.length, ARRIVES_WITHIN).toBe(1);
      expect(heard[0]!.bytes).toHaveLength(1024);
    });

    it('sends nothing before it is live or after it has left', async () => {
      const [ann, bob] = await open('ann', 'bob');
      await bob!.connect();
      const heard = listen(bob!);
      expect(ann!.broadcast(Uint8Array.of(1), 1)).toBe('notOpen');
      await ann!.connect();
      await expect.poll(() => peopleOf(ann!), ARRIVES_WITHIN).toEqual(['bob']);
      await expect.poll(() => peopleOf(bob!), ARRIVES_WITHIN).toEqual(['ann']);
      await openChannels([ann!, bob!]);
      expect(ann!.broadcast(Uint8Array.of(2), 1)).toBe('sent');
      await expect.poll(() => heard.length, ARRIVES_WITHIN).toBe(1);
      expect(heard[0]!.bytes).toEqual([2]);
      await ann!.disconnect();
      expect(ann!.broadcast(Uint8Array.of(3), 1)).toBe('notOpen');
    });

    it('goes on after a listener that throws', async () => {
      const [ann, bob] = await openLive('ann', 'bob');
      const error = console.error;
      const reported: unknown[] = [];
      console.error = (value: unknown) => reported.push(value);
      try {
        const broken = new Error('a broken listener');
        bob!.events.on('packet', () => {
          throw broken;
        });
        const heard = listen(bob!);
        expect(ann!.broadcast(Uint8Array.of(1), 1)).toBe('sent');
        expect(ann!.broadcast(Uint8Array.of(2), 1)).toBe('sent');
        await expect.poll(() => heard.length, ARRIVES_WITHIN).toBe(2);
        expect(reported).toContain(broken);
      } finally {
        console.error = error;
      }
    });

    it('closes once and for all, and knows nobody then', async () => {
      const [ann] = await openLive('ann', 'bob');
      const states: string[] = [];
      ann!.events.on('state', ({ state }) => states.push(state));
      await ann!.disconnect();
      await ann!.disconnect();
      expect(states).toEqual(['closed']);
      expect(ann!.state).toBe('closed');
      expect(ann!.endpoints.size).toBe(0);
    });

    it('takes the same person in twice, as two endpoints', async () => {
      const [ann, again] = await openLive('ann', 'ann', 'bob');
      expect(peopleOf(ann!)).toEqual(['ann', 'bob']);
      expect([...ann!.endpoints.keys()]).not.toEqual([...again!.endpoints.keys()]);
    });
  });
}
