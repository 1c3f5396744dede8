import { describe, expect, it } from 'vitest';
import { wrapPacket } from '@/lib/transport/bridgeMessage';
import { loginRefused, loginUnanswered, roomRefused } from '@/lib/transport/refusals';
import { TransportError } from '@/lib/transport/transport';
import { hiddenOf, peopleOf, watchStates } from '../../contract/transportWorld';
import {
  connect,
  error,
  lose,
  OWN_ID,
  PASS,
  pass,
  type Script,
  type ScriptedTransport,
  withTransport,
} from './linkWorld';

let script: Script;
let transport: ScriptedTransport;

describe('a transport over replaceable links', () => {
  withTransport((fresh) => {
    transport = fresh;
    script = fresh.script;
  });

  it('T-40 channelCheck tells how a dead channel would be noticed', async () => {
    script.echoes = false;
    await connect(transport);
    expect(transport.channelCheck).toBe('none');
    script.echoes = true;
    transport.latest.events.onMessage(OWN_ID, {});
    expect(transport.channelCheck).toBe('echo');
  });

  it('T-40 a transport whose channel falls silent notices within 2 s and reconnects at once over a fresh link', async () => {
    const states = await connect(transport);
    script.echoes = false;
    await pass(2_000);
    expect(states).toEqual(['reconnecting']);
    script.echoes = true;
    await pass(250);
    expect(states).toEqual(['reconnecting', 'live']);
    expect(transport.links).toHaveLength(2);
    expect(transport.links[0]!.closed).toBe(1);
    expect(peopleOf(transport)).toEqual(['bob']);
  });

  it('T-53 a transport whose channel falls silent asks for a fresh session, and keeps its link and the others', async () => {
    script.canRestart = true;
    const states = await connect(transport);
    const told: boolean[] = [];
    transport.events.on('channel', ({ isOpen }) => told.push(isOpen));
    script.echoes = false;
    await pass(1_400);
    script.echoes = true;
    await pass(600);
    expect(states).toEqual(['reconnecting', 'live']);
    expect([transport.links.length, transport.latest.restarts, peopleOf(transport)]).toEqual([1, 1, ['bob']]);
    expect(told).toEqual([false, true]);
  });

  it('T-53 a transport that is offered no fresh session reconnects over a fresh link', async () => {
    Object.assign(script, { canRestart: true, offersSession: false, reopensChannel: true });
    const states = await connect(transport);
    script.echoes = false;
    await pass(1_600);
    script.echoes = true;
    expect([transport.links.length, transport.latest.restarts]).toEqual([1, 1]);
    await pass(5_500);
    expect([states, transport.links.length]).toEqual([['reconnecting', 'live'], 2]);
  });

  it('T-54 a channel that keeps falling silent leads to ever fewer fresh links', async () => {
    await connect(transport);
    // Silent for two seconds of every four, as on a machine that is far too busy.
    for (let k = 0; k < 60; k += 1) {
      script.echoes = k % 2 === 1;
      await pass(2_000);
    }
    expect(transport.links.length).toBeLessThanOrEqual(1 + 5);
    script.echoes = true;
    await pass(2_000);
    expect(transport.state).toBe('live');
  });

  it('T-41 a transport without echoes and messages stays as it is', async () => {
    script.echoes = false;
    const states = await connect(transport);
    await pass(120_000);
    expect([states, transport.links.length]).toEqual([[], 1]);
  });

  it('T-45 a transport waits for a link that reopens its channel, and is live once that carries messages', async () => {
    script.reopensChannel = true;
    const states = await connect(transport);
    transport.latest.events.onChannel(false);
    expect(states).toEqual(['reconnecting']);
    await pass(1_000);
    transport.latest.events.onChannel(true);
    await pass(0);
    expect(states).toEqual(['reconnecting', 'live']);
    expect(transport.links).toHaveLength(1);
  });

  it('T-46 a transport does not wait for a channel if the XMPP connection is gone too', async () => {
    script.reopensChannel = true;
    const states = await connect(transport);
    transport.latest.events.onChannel(false);
    transport.latest.events.onSignalling(false);
    await pass(200);
    expect(states).toEqual(['reconnecting', 'live']);
    expect(transport.links).toHaveLength(2);
  });

  it('T-47 a transport ignores the loss of the XMPP connection alone', async () => {
    const states = await connect(transport);
    transport.latest.events.onSignalling(false);
    await pass(3_000);
    transport.latest.events.onSignalling(true);
    await pass(3_000);
    expect([states, transport.links.length]).toEqual([[], 1]);
  });

  it('T-44 after a loss a transport that is not alone is live only once its channel carries messages', async () => {
    const states = await connect(transport);
    script.opensChannel = false;
    lose(transport);
    await pass(2_000);
    expect(states).toEqual(['reconnecting']);
    transport.latest.events.onChannel(true);
    await pass(0);
    expect(states).toEqual(['reconnecting', 'live']);
  });

  it('T-44 after a loss a transport that is alone is live as soon as it has joined', async () => {
    const states = await connect(transport);
    Object.assign(script, { opensChannel: false, isAlone: true });
    lose(transport);
    await pass(200);
    expect(states).toEqual(['reconnecting', 'live']);
  });

  it('T-43 a transport retries until the server is back', async () => {
    const states = await connect(transport);
    script.opens = async () => {
      throw error('unreachable');
    };
    lose(transport);
    await pass(10_000);
    expect(transport.links.length).toBeGreaterThan(8);
    script.opens = async () => {};
    await pass(1_100);
    expect(states).toEqual(['reconnecting', 'live']);
    expect(transport.links.slice(0, -1).every(({ closed }) => closed > 0)).toBe(true);
  });

  /** The faults of the deployment that are told from now on. */
  function watchFaults(): string[] {
    const told: string[] = [];
    transport.events.on('fault', ({ fault, said }) => told.push(`${fault}: ${said}`));
    return told;
  }

  it('T-87 an owner is told once, whichever link notices it', async () => {
    await connect(transport);
    const told = watchFaults();
    transport.latest.events.onOwner('b0b');
    lose(transport);
    await pass(500);
    transport.latest.events.onOwner(OWN_ID);
    expect([told, transport.links.length]).toEqual([['owner: '], 2]);
  });

  it('T-87 what a server refuses is told with its words, at the entry and when the link goes down, before that fails', async () => {
    const told = watchFaults();
    const states = watchStates(transport);
    script.opens = async () => {
      throw loginRefused('Invalid signature');
    };
    transport.events.on('state', ({ state }) => told.push(state));
    await expect(transport.connect()).rejects.toMatchObject({ refusal: 'signature' });
    expect([told, states]).toEqual([
      ['connecting', 'signature: Invalid signature', 'failed'],
      ['connecting', 'failed'],
    ]);
  });

  it('T-87 each thing that is refused again and again is told once, and what just fails is not', async () => {
    await connect(transport);
    const told = watchFaults();
    script.opens = async () => {
      throw loginUnanswered();
    };
    lose(transport);
    await pass(30_000);
    script.opens = async () => {
      throw error('unreachable');
    };
    await pass(30_000);
    transport.latest.events.onDown(error('lost'));
    expect(told).toEqual(['unanswered: ']);
    script.opens = async () => {};
    await pass(10_000);
    transport.latest.events.onDown(roomRefused('registration-required'));
    expect(told).toEqual(['unanswered: ', 'membersOnly: registration-required']);
  });

  it('T-43 a transport gives up in the end, and says why', async () => {
    await connect(transport);
    let why: TransportError | undefined;
    transport.events.on('state', (change) => {
      if (change.state === 'failed') why = change.error;
    });
    script.fetchPass = async () => {
      throw error('unreachable');
    };
    lose(transport);
    await pass(620_000);
    expect([transport.state, why?.reason]).toEqual(['failed', 'unreachable']);
  });

  it('T-43 a transport that is let in goes on trying for hours, at longer pauses', async () => {
    const states = await connect(transport);
    script.opens = async () => {
      throw error('unreachable');
    };
    lose(transport);
    await pass(3 * 3_600_000);
    expect(states).toEqual(['reconnecting']);
    const { length } = transport.links;
    await pass(60_000);
    expect(transport.links.length - length).toBeLessThanOrEqual(7);
    script.opens = async () => {};
    await pass(20_000);
    expect(states).toEqual(['reconnecting', 'live']);
  });

  it('T-43 an attempt that takes too long does not prevent the next one', async () => {
    const states = await connect(transport);
    script.fetchPass = () => new Promise(() => {});
    lose(transport);
    await pass(5_000);
    script.fetchPass = async () => PASS;
    await pass(7_000);
    expect(states).toEqual(['reconnecting', 'live']);
  });

  it('T-43 a transport that is lost again at once keeps its pauses', async () => {
    await connect(transport);
    transport.events.on('state', ({ state }) => {
      if (state === 'live') queueMicrotask(() => lose(transport));
    });
    lose(transport);
    await pass(10_000);
    expect(transport.links.length).toBeLessThan(30);
  });

  it('T-49 wake makes a waiting attempt at once', async () => {
    await connect(transport);
    script.fetchPass = async () => {
      throw error('unreachable');
    };
    lose(transport);
    await pass(100_000);
    script.fetchPass = async () => PASS;
    transport.wake();
    await pass(0);
    expect(transport.state).toBe('live');
  });

  it('T-49 wake calls off an attempt over a network that is gone', async () => {
    await connect(transport);
    script.fetchPass = () => new Promise(() => {});
    lose(transport);
    await pass(5_000);
    script.fetchPass = async () => PASS;
    transport.wake();
    await pass(200);
    expect(transport.state).toBe('live');
  });

  it('T-49 wake asks a silent channel for an echo, and judges soon', async () => {
    const states = await connect(transport);
    script.echoes = false;
    transport.wake();
    await pass(1_300);
    expect(states[0]).toBe('reconnecting');
  });

  it.each(['kicked', 'conferenceDestroyed', 'notAllowed'] as const)(
    'T-50 a transport does not reconnect after %s',
    async (reason) => {
      const states = await connect(transport);
      transport.latest.events.onDown(error(reason));
      await pass(60_000);
      transport.wake();
      await pass(60_000);
      expect([states, transport.links.length, peopleOf(transport)]).toEqual([['failed'], 1, []]);
    },
  );

  it('T-50 a transport stops reconnecting once it is refused', async () => {
    const states = await connect(transport);
    script.opens = async () => {
      throw error('notAllowed');
    };
    lose(transport);
    await pass(60_000);
    expect([states, transport.links.length]).toEqual([['reconnecting', 'failed'], 2]);
  });

  it('T-51 a link that does not close delays nothing', async () => {
    const states = await connect(transport);
    script.closes = () => new Promise(() => {});
    lose(transport);
    await pass(200);
    expect(states).toEqual(['reconnecting', 'live']);
    script.closes = async () => {};
  });

  it('T-51 events of a dropped link are ignored', async () => {
    await connect(transport);
    const old = transport.latest;
    old.events.onDown(error('lost'));
    await pass(500);
    const states = watchStates(transport);
    const heard: number[] = [];
    transport.events.on('packet', ({ bytes }) => heard.push(...bytes));
    old.events.onJoined({ endpointId: 'late', personId: 'late' });
    old.events.onMessage('b0b', wrapPacket(Uint8Array.of(1), 1));
    old.events.onChannel(false);
    old.events.onDown(error('kicked'));
    await pass(5_000);
    expect([heard, states, peopleOf(transport)]).toEqual([[], [], ['bob']]);
  });

  it('T-12 sendTo passes packets for known endpoints to the link, and none for unknown ones', async () => {
    await connect(transport);
    expect(transport.sendTo('b0b', Uint8Array.of(1, 2, 3), 2)).toBe('sent');
    expect(transport.sendTo('c1', Uint8Array.of(1), 1)).toBe('notOpen');
    expect(transport.latest.sentTo).toEqual([{ endpointId: 'b0b', bytes: [1, 2] }]);
  });

  it('T-13 channel reports each change, across links, and backlogBytes is known while it is open', async () => {
    const told: boolean[] = [];
    transport.events.on('channel', ({ isOpen }) => told.push(isOpen));
    await connect(transport);
    transport.latest.events.onChannel(true);
    expect([told, transport.isChannelOpen, transport.backlogBytes]).toEqual([[true], true, 7]);
    script.opensChannel = false;
    lose(transport);
    expect([told, transport.isChannelOpen, transport.backlogBytes]).toEqual([[true, false], false, null]);
    await pass(500);
    transport.latest.events.onChannel(true);
    expect(told).toEqual([true, false, true]);
  });

  it('T-52 downlinkBps is the bridge’s estimate until the channel closes', async () => {
    script.reopensChannel = true;
    await connect(transport);
    transport.latest.events.onDownlink(640_000);
    expect(transport.downlinkBps).toBe(640_000);
    transport.latest.events.onChannel(false);
    transport.latest.events.onChannel(true);
    expect(transport.downlinkBps).toBeNull();
  });

  it('T-20 a hidden page is announced again after reconnecting', async () => {
    await connect(transport);
    transport.setHidden(true);
    transport.latest.events.onHidden('b0b', true);
    expect(hiddenOf(transport)).toEqual(['bob']);
    lose(transport);
    expect(hiddenOf(transport)).toEqual([]);
    await pass(500);
    expect(transport.latest.hiddenSaid).toEqual([true]);
  });

  it('T-10 a transport that disconnects while it reconnects is closed for good', async () => {
    await connect(transport);
    script.opens = () => new Promise(() => {});
    lose(transport);
    await pass(1_000);
    await transport.disconnect();
    await pass(60_000);
    expect(transport.state).toBe('closed');
    expect(transport.links.every(({ closed }) => closed > 0)).toBe(true);
    script.opens = async () => {};
  });

  it('T-1 a connect that is left before it is done rejects and frees the link', async () => {
    script.opens = () => new Promise(() => {});
    const connecting = transport.connect();
    const rejected = expect(connecting).rejects.toThrow(TransportError);
    await pass(100);
    await transport.disconnect();
    await rejected;
    expect([transport.state, transport.latest.closed]).toEqual(['closed', 1]);
    script.opens = async () => {};
  });

  it('T-1 a connect that takes too long rejects', async () => {
    script.opens = () => new Promise(() => {});
    const rejected = expect(transport.connect()).rejects.toMatchObject({ reason: 'unreachable' });
    await pass(31_000);
    await rejected;
    expect(transport.state).toBe('failed');
    script.opens = async () => {};
  });
});
