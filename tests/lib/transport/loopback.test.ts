import { describe, expect, it } from 'vitest';
import { TransportError } from '@/lib/transport/transport';
import { LoopbackConference, type LoopbackTransport } from '@/tests/support/loopback';
import { ManualClock } from '@/tests/support/manualClock';
import { transportContract } from '../../contract/transport';

transportContract('loopback', async () => {
  const conference = new LoopbackConference();
  return {
    create: async (personId) => conference.createEndpoint(personId),
    close: async () => {},
    blockMedia: async (transport) => (transport as LoopbackTransport).setMedia('blocked'),
  };
});

describe('a loopback conference', () => {
  it('a loopback endpoint may have no person', async () => {
    const conference = new LoopbackConference();
    const [ann, stranger] = [conference.createEndpoint('ann'), conference.createEndpoint(null)];
    await ann.connect();
    await stranger.connect();
    expect([...ann.endpoints.values()][0]!.personId).toBeNull();
  });

  it('a loopback network delays packets by its clock and loses those it is told to lose', async () => {
    const clock = new ManualClock();
    const delays = [30, 10, 20];
    let sent = 0;
    const conference = new LoopbackConference({
      clock,
      delayMs: () => delays.shift()!,
      isLost: () => {
        sent += 1;
        return sent === 3;
      },
    });
    const [ann, bob] = [conference.createEndpoint('ann'), conference.createEndpoint('bob')];
    await ann.connect();
    await bob.connect();
    const heard: number[] = [];
    bob.events.on('packet', ({ bytes }) => heard.push(bytes[0]!));
    for (const value of [1, 2, 3, 4]) ann.broadcast(Uint8Array.of(value), 1);
    conference.deliverDue();
    expect(heard).toEqual([]);
    clock.advance(20);
    conference.deliverDue();
    expect(heard).toEqual([2, 4]);
    clock.advance(10);
    conference.deliverDue();
    expect(heard).toEqual([2, 4, 1]);
  });

  it('a loopback endpoint connects only once', async () => {
    const endpoint = new LoopbackConference().createEndpoint('ann');
    await endpoint.connect();
    await expect(endpoint.connect()).rejects.toThrow(TransportError);
  });
});
