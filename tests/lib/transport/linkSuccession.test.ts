import { describe, expect, it } from 'vitest';
import { wrapPacket } from '@/lib/transport/bridgeMessage';
import { peopleOf } from '../../contract/transportWorld';
import { connect, error, lose, pass, type Script, type ScriptedTransport, withTransport } from './linkWorld';

let script: Script;
let transport: ScriptedTransport;

/** Everything that the transport reports from now on. */
function watchAll(): string[] {
  const told: string[] = [];
  const { events } = transport;
  events.on('state', ({ state }) => told.push(state));
  events.on('joined', ({ endpointId }) => told.push(`joined ${endpointId}`));
  events.on('left', ({ endpointId }) => told.push(`left ${endpointId}`));
  events.on('channel', ({ isOpen }) => told.push(isOpen ? 'channel open' : 'channel closed'));
  events.on('trouble', ({ trouble }) => told.push(`trouble ${trouble}`));
  events.on('packet', ({ bytes }) => told.push(`packet ${bytes[0]}`));
  return told;
}

const packet = (value: number) => wrapPacket(Uint8Array.of(value), 1);

describe('a transport whose XMPP connection is cut', () => {
  withTransport((fresh) => {
    transport = fresh;
    script = fresh.script;
  });

  /** Connects, cuts XMPP, and lets `ms` pass while no server answers. */
  async function cut(ms: number): Promise<string[]> {
    await connect(transport);
    const told = watchAll();
    script.opens = async () => {
      throw error('unreachable');
    };
    transport.latest.events.onSignalling(false);
    await pass(ms);
    return told;
  }

  it('T-55 says so within two seconds, and no longer once it has resumed', async () => {
    const told = await cut(1_300);
    expect(told).toEqual([]);
    await pass(700);
    expect([told, transport.trouble]).toEqual([['trouble signalling'], 'signalling']);
    transport.latest.events.onSignalling(true);
    await pass(10_000);
    expect([told, transport.trouble]).toEqual([['trouble signalling', 'trouble none'], 'none']);
    expect(transport.links).toHaveLength(1);
  });

  it('T-56 makes a fresh link beside it after five seconds, over which it goes on once that carries packets', async () => {
    const told = await cut(4_500);
    const [old] = transport.links;
    expect(transport.links).toHaveLength(1);
    await pass(5_000);
    old!.events.onMessage('b0b', packet(1));
    expect(transport.broadcast(Uint8Array.of(7), 1)).toBe('sent');
    expect([told, old!.sent, old!.closed]).toEqual([['trouble signalling', 'packet 1'], [7], 0]);

    script.opens = async () => {};
    await pass(1_000);
    expect(told.slice(2)).toEqual(['channel closed', 'channel open', 'trouble none']);
    expect([old!.closed, transport.latest.taken, transport.state]).toEqual([1, 1, 'live']);
    transport.broadcast(Uint8Array.of(8), 1);
    expect([old!.sent, transport.latest.sent]).toEqual([[7], [8]]);
    expect(peopleOf(transport)).toEqual(['bob']);
  });

  it('T-56 uses the old channel until the fresh one carries packets, and takes no packet twice', async () => {
    const told = await cut(5_500);
    const [old] = transport.links;
    Object.assign(script, { opens: async () => {}, opensChannel: false });
    await pass(1_000);
    const fresh = transport.latest;
    expect(fresh).not.toBe(old);
    old!.events.onMessage('b0b', packet(1));
    fresh.events.onMessage('b0b', packet(2));
    expect([told.at(-1), fresh.taken, transport.broadcast(Uint8Array.of(7), 1)]).toEqual(['packet 1', 0, 'sent']);
    fresh.events.onChannel(true);
    await pass(0);
    expect([old!.closed, fresh.taken]).toEqual([1, 1]);
    old!.events.onMessage('b0b', packet(3));
    fresh.events.onMessage('b0b', packet(4));
    expect(told.filter((what) => what.startsWith('packet'))).toEqual(['packet 1', 'packet 4']);
  });

  it('T-56 knows those who are in the conference of the fresh link, with one event for each change', async () => {
    const told = await cut(5_500);
    Object.assign(script, { opens: async () => {}, opensChannel: false });
    await pass(1_000);
    const fresh = transport.latest;
    fresh.events.onJoined({ endpointId: 'c1', personId: 'cy' });
    fresh.events.onHidden('c1', true);
    fresh.events.onLeft('b0b');
    fresh.events.onJoined({ endpointId: 'b0b2', personId: 'bob' });
    expect(peopleOf(transport)).toEqual(['bob']);
    fresh.events.onChannel(true);
    await pass(0);
    expect(told.filter((what) => /joined|left/.test(what))).toEqual(['left b0b', 'joined c1', 'joined b0b2']);
    expect([...transport.hidden]).toEqual(['c1']);
  });

  it('T-56 keeps its link if that resumes first', async () => {
    const told = await cut(5_500);
    const [old] = transport.links;
    script.opens = () => new Promise(() => {});
    await pass(2_000);
    expect(transport.links.length).toBeGreaterThan(1);
    old!.events.onSignalling(true);
    await pass(60_000);
    expect(told).toEqual(['trouble signalling', 'trouble none']);
    expect(transport.links.map(({ closed }) => closed > 0)).toEqual(transport.links.map((link) => link !== old));
    script.opens = async () => {};
  });

  it('T-56 goes on over the old channel for hours, as long as it is let in', async () => {
    const told = await cut(2 * 3_600_000);
    transport.links[0]!.events.onMessage('b0b', packet(1));
    expect([told, transport.state]).toEqual([['trouble signalling', 'packet 1'], 'live']);
    script.opens = async () => {};
    await pass(21_000);
    expect([transport.links[0]!.closed, transport.state, transport.trouble]).toEqual([1, 'live', 'none']);
  });

  it('T-56 goes on over the old channel when the link says that it is down for good', async () => {
    const told = await cut(3_000);
    transport.latest.events.onDown(error('lost'));
    await pass(3_000);
    expect(transport.broadcast(Uint8Array.of(7), 1)).toBe('sent');
    expect(told).toEqual(['trouble signalling']);
    script.opens = async () => {};
    await pass(1_000);
    expect([told.at(-1), transport.state]).toEqual(['trouble none', 'live']);
    expect(transport.links[0]!.closed).toBe(1);
  });

  it('T-56 reconnects if the old channel is lost too, over the link that is being made', async () => {
    const told = await cut(5_500);
    const [old] = transport.links;
    let comeUp = () => {};
    script.opens = () =>
      new Promise((resolve) => {
        comeUp = resolve;
      });
    await pass(1_000);
    const count = transport.links.length;
    old!.events.onChannel(false);
    expect(transport.state).toBe('reconnecting');
    comeUp();
    await pass(100);
    expect([transport.state, transport.links.length, old!.closed]).toEqual(['live', count, 1]);
    expect(told).toEqual([
      'trouble signalling',
      'channel closed',
      'left b0b',
      'trouble none',
      'reconnecting',
      'joined b0b',
      'channel open',
      'live',
    ]);
    script.opens = async () => {};
  });

  it('T-56 makes another link if the fresh one is lost before it has taken over', async () => {
    await cut(5_500);
    Object.assign(script, { opens: async () => {}, opensChannel: false });
    await pass(1_000);
    const fresh = transport.latest;
    fresh.events.onDown(error('lost'));
    script.opensChannel = true;
    await pass(2_000);
    expect([transport.state, fresh.closed, fresh.taken]).toEqual(['live', 1, 0]);
    expect(transport.latest.taken).toBe(1);
  });

  it('T-10 leaves both links when it disconnects', async () => {
    await cut(5_500);
    Object.assign(script, { opens: async () => {}, opensChannel: false });
    await pass(1_000);
    await transport.disconnect();
    await pass(60_000);
    expect(transport.links.every(({ closed }) => closed > 0)).toBe(true);
    expect([transport.state, peopleOf(transport), transport.trouble]).toEqual(['closed', [], 'none']);
  });
});

describe('a transport whose focus has no bridge', () => {
  withTransport((fresh) => {
    transport = fresh;
    script = fresh.script;
  });

  it('T-57 says so, and makes a fresh link every five to ten seconds until a channel carries packets', async () => {
    await connect(transport);
    const told = watchAll();
    script.opensChannel = false;
    transport.latest.events.onBridgeAway(true);
    lose(transport);
    await pass(62_000);
    expect(told.filter((what) => what.startsWith('trouble'))).toEqual(['trouble bridge']);
    expect(transport.links.length).toBeGreaterThanOrEqual(6);
    expect(transport.links.length).toBeLessThanOrEqual(14);
    script.opensChannel = true;
    await pass(11_000);
    expect([told.at(-1), transport.state, transport.trouble]).toEqual(['live', 'live', 'none']);
  });

  it('T-57 goes on for hours, says all the time that the bridge is away, and is back within thirty seconds', async () => {
    await connect(transport);
    const told = watchAll();
    script.opensChannel = false;
    transport.latest.events.onBridgeAway(true);
    lose(transport);
    await pass(2 * 3_600_000);
    expect(told.filter((what) => /trouble|live|reconnecting|failed/.test(what))).toEqual([
      'trouble bridge',
      'reconnecting',
    ]);
    const { length } = transport.links;
    await pass(300_000);
    expect(transport.links.length - length).toBeGreaterThanOrEqual(10);
    expect(transport.links.length - length).toBeLessThanOrEqual(20);
    script.opensChannel = true;
    await pass(30_000);
    expect([transport.state, transport.trouble]).toEqual(['live', 'none']);
  });

  it('T-57 is in no trouble while it is alone, and asks a focus without a bridge for no session', async () => {
    Object.assign(script, { canRestart: true, reopensChannel: true });
    await connect(transport);
    const told = watchAll();
    transport.latest.events.onBridgeAway(true);
    expect(told).toEqual(['trouble bridge']);
    script.echoes = false;
    await pass(1_600);
    expect(transport.links[0]!.restarts).toBe(0);
    script.echoes = true;
    await pass(1_000);
    transport.latest.events.onBridgeAway(true);
    transport.latest.events.onLeft('b0b');
    await pass(300);
    expect(transport.trouble).toBe('none');
  });

  it('T-57 waits for a channel no longer than ten seconds once it hears that there is no bridge', async () => {
    await connect(transport);
    script.opensChannel = false;
    lose(transport);
    // Two links without a channel: the third would wait for 40 s.
    await pass(31_500);
    const { length } = transport.links;
    transport.latest.events.onBridgeAway(true);
    await pass(11_000);
    expect(transport.links.length).toBeGreaterThan(length);
  });
});
