import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { wrapPacket } from '@/lib/transport/bridgeMessage';
import type { JitsiPass, Link, LinkEvents, LinkOutcome } from '@/lib/transport/link';
import { LinkedTransport } from '@/lib/transport/linkedTransport';
import type { MediaPhase } from '@/lib/transport/mediaPath';
import { TransportError, type TransportErrorReason } from '@/lib/transport/transport';
import { hiddenOf, peopleOf, watchStates } from '../../contract/transportWorld';

const PASS: JitsiPass = {
  coordinates: { libUrl: '', xmppWebSocketUrl: '', xmppDomain: '', mucDomain: '', focusDomain: '', room: 'tavern' },
  joinToken: '',
};

const BOB = { endpointId: 'b0b', personId: 'bob' };
const OWN_ID = '5e1f';

const error = (reason: TransportErrorReason) => new TransportError(reason, reason);

/** How links behave by default: they come up at once, answer echoes, and know bob. */
class Script {
  opens: () => Promise<void> = async () => {};
  isAlone = false;
  opensChannel = true;
  echoes = true;
  reopensChannel = false;
  closes: () => Promise<void> = async () => {};
  mediaPhase: MediaPhase = 'none';
  mediaPort: number | null = null;
}

class ScriptedLink implements Link {
  endpointId = '';
  closed = 0;
  readonly hiddenSaid: boolean[] = [];
  readonly unheardSaid: boolean[] = [];
  readonly sent: number[] = [];
  readonly sentTo: Array<{ endpointId: string; bytes: number[] }> = [];
  backlogBytes: number | null = 7;

  constructor(
    readonly events: LinkEvents,
    private readonly script: Script,
  ) {}

  get reopensChannel(): boolean {
    return this.script.reopensChannel;
  }

  get mediaPhase(): MediaPhase {
    return this.script.mediaPhase;
  }

  get mediaPort(): number | null {
    return this.script.mediaPort;
  }

  async open(): Promise<void> {
    await this.script.opens();
    this.endpointId = OWN_ID;
    if (!this.script.isAlone) this.events.onJoined(BOB);
    if (this.script.opensChannel) this.events.onChannel(true);
  }

  broadcast(bytes: Uint8Array, sizeBytes: number): LinkOutcome {
    this.sent.push(...bytes.subarray(0, sizeBytes));
    return 'sent';
  }

  sendTo(endpointId: string, bytes: Uint8Array, sizeBytes: number): LinkOutcome {
    this.sentTo.push({ endpointId, bytes: Array.from(bytes.subarray(0, sizeBytes)) });
    return 'sent';
  }

  echo(payload: unknown): LinkOutcome {
    if (this.script.echoes) queueMicrotask(() => this.events.onMessage(OWN_ID, payload));
    return 'sent';
  }

  setHidden(isHidden: boolean): void {
    this.hiddenSaid.push(isHidden);
  }

  setUnheard(isUnheard: boolean): void {
    this.unheardSaid.push(isUnheard);
  }

  async close(): Promise<void> {
    this.closed += 1;
    await this.script.closes();
  }
}

class ScriptedTransport extends LinkedTransport {
  readonly links: ScriptedLink[] = [];

  constructor(
    readonly script: Script,
    fetchPass: () => Promise<JitsiPass>,
  ) {
    super({ fetchPass });
  }

  get latest(): ScriptedLink {
    return this.links.at(-1)!;
  }

  protected async createLink(_pass: JitsiPass, events: LinkEvents): Promise<Link> {
    const link = new ScriptedLink(events, this.script);
    this.links.push(link);
    return link;
  }
}

let script: Script;
let fetchPass: () => Promise<JitsiPass>;
let transport: ScriptedTransport;

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

async function connect(): Promise<string[]> {
  await transport.connect();
  const states = watchStates(transport);
  await pass(500);
  expect(transport.state).toBe('live');
  return states;
}

describe('a transport over replaceable links', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    script = new Script();
    fetchPass = async () => PASS;
    transport = new ScriptedTransport(script, () => fetchPass());
  });

  afterEach(async () => {
    await transport.disconnect();
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  it('T-40 channelCheck tells how a dead channel would be noticed', async () => {
    script.echoes = false;
    await connect();
    expect(transport.channelCheck).toBe('none');
    script.echoes = true;
    transport.latest.events.onMessage(OWN_ID, {});
    expect(transport.channelCheck).toBe('echo');
  });

  it('T-40 a transport whose channel falls silent notices within 2 s and reconnects at once over a fresh link', async () => {
    const states = await connect();
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

  it('T-41 a transport without echoes and messages stays as it is', async () => {
    script.echoes = false;
    const states = await connect();
    await pass(120_000);
    expect([states, transport.links.length]).toEqual([[], 1]);
  });

  it('T-45 a transport waits for a link that reopens its channel, and is live once that carries messages', async () => {
    script.reopensChannel = true;
    const states = await connect();
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
    const states = await connect();
    transport.latest.events.onChannel(false);
    transport.latest.events.onSignalling(false);
    await pass(200);
    expect(states).toEqual(['reconnecting', 'live']);
    expect(transport.links).toHaveLength(2);
  });

  it('T-47 a transport ignores the loss of the XMPP connection alone', async () => {
    const states = await connect();
    transport.latest.events.onSignalling(false);
    await pass(3_000);
    transport.latest.events.onSignalling(true);
    await pass(3_000);
    expect([states, transport.links.length]).toEqual([[], 1]);
  });

  it('T-44 after a loss a transport that is not alone is live only once its channel carries messages', async () => {
    const states = await connect();
    script.opensChannel = false;
    transport.latest.events.onDown(error('lost'));
    await pass(2_000);
    expect(states).toEqual(['reconnecting']);
    transport.latest.events.onChannel(true);
    await pass(0);
    expect(states).toEqual(['reconnecting', 'live']);
  });

  it('T-44 after a loss a transport that is alone is live as soon as it has joined', async () => {
    const states = await connect();
    Object.assign(script, { opensChannel: false, isAlone: true });
    transport.latest.events.onDown(error('lost'));
    await pass(200);
    expect(states).toEqual(['reconnecting', 'live']);
  });

  it('T-43 a transport retries until the server is back', async () => {
    const states = await connect();
    script.opens = async () => {
      throw error('unreachable');
    };
    transport.latest.events.onDown(error('lost'));
    await pass(10_000);
    expect(transport.links.length).toBeGreaterThan(8);
    script.opens = async () => {};
    await pass(1_100);
    expect(states).toEqual(['reconnecting', 'live']);
    expect(transport.links.slice(0, -1).every(({ closed }) => closed > 0)).toBe(true);
  });

  it('T-43 a transport gives up in the end, and says why', async () => {
    await connect();
    let why: TransportError | undefined;
    transport.events.on('state', (change) => {
      if (change.state === 'failed') why = change.error;
    });
    fetchPass = async () => {
      throw error('unreachable');
    };
    transport.latest.events.onDown(error('lost'));
    await pass(620_000);
    expect([transport.state, why?.reason]).toEqual(['failed', 'unreachable']);
  });

  it('T-43 an attempt that takes too long does not prevent the next one', async () => {
    const states = await connect();
    fetchPass = () => new Promise(() => {});
    transport.latest.events.onDown(error('lost'));
    await pass(5_000);
    fetchPass = async () => PASS;
    await pass(7_000);
    expect(states).toEqual(['reconnecting', 'live']);
  });

  it('T-43 a transport that is lost again at once keeps its pauses', async () => {
    await connect();
    transport.events.on('state', ({ state }) => {
      if (state === 'live') queueMicrotask(() => transport.latest.events.onDown(error('lost')));
    });
    transport.latest.events.onDown(error('lost'));
    await pass(10_000);
    expect(transport.links.length).toBeLessThan(30);
  });

  it('T-49 wake makes a waiting attempt at once', async () => {
    await connect();
    fetchPass = async () => {
      throw error('unreachable');
    };
    transport.latest.events.onDown(error('lost'));
    await pass(100_000);
    fetchPass = async () => PASS;
    transport.wake();
    await pass(0);
    expect(transport.state).toBe('live');
  });

  it('T-49 wake calls off an attempt over a network that is gone', async () => {
    await connect();
    fetchPass = () => new Promise(() => {});
    transport.latest.events.onDown(error('lost'));
    await pass(5_000);
    fetchPass = async () => PASS;
    transport.wake();
    await pass(200);
    expect(transport.state).toBe('live');
  });

  it('T-49 wake asks a silent channel for an echo, and judges soon', async () => {
    const states = await connect();
    script.echoes = false;
    transport.wake();
    await pass(1_300);
    expect(states[0]).toBe('reconnecting');
  });

  it.each(['kicked', 'conferenceDestroyed', 'notAllowed'] as const)(
    'T-50 a transport does not reconnect after %s',
    async (reason) => {
      const states = await connect();
      transport.latest.events.onDown(error(reason));
      await pass(60_000);
      transport.wake();
      await pass(60_000);
      expect([states, transport.links.length, peopleOf(transport)]).toEqual([['failed'], 1, []]);
    },
  );

  it('T-50 a transport stops reconnecting once it is refused', async () => {
    const states = await connect();
    script.opens = async () => {
      throw error('notAllowed');
    };
    transport.latest.events.onDown(error('lost'));
    await pass(60_000);
    expect([states, transport.links.length]).toEqual([['reconnecting', 'failed'], 2]);
  });

  it('T-51 a link that does not close delays nothing', async () => {
    const states = await connect();
    script.closes = () => new Promise(() => {});
    transport.latest.events.onDown(error('lost'));
    await pass(200);
    expect(states).toEqual(['reconnecting', 'live']);
    script.closes = async () => {};
  });

  it('T-51 events of a dropped link are ignored', async () => {
    await connect();
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
    await connect();
    expect(transport.sendTo('b0b', Uint8Array.of(1, 2, 3), 2)).toBe('sent');
    expect(transport.sendTo('c1', Uint8Array.of(1), 1)).toBe('notOpen');
    expect(transport.latest.sentTo).toEqual([{ endpointId: 'b0b', bytes: [1, 2] }]);
  });

  it('T-13 channel reports each change, across links, and backlogBytes is known while it is open', async () => {
    const told: boolean[] = [];
    transport.events.on('channel', ({ isOpen }) => told.push(isOpen));
    await connect();
    transport.latest.events.onChannel(true);
    expect([told, transport.isChannelOpen, transport.backlogBytes]).toEqual([[true], true, 7]);
    script.opensChannel = false;
    transport.latest.events.onDown(error('lost'));
    expect([told, transport.isChannelOpen, transport.backlogBytes]).toEqual([[true, false], false, null]);
    await pass(500);
    transport.latest.events.onChannel(true);
    expect(told).toEqual([true, false, true]);
  });

  it('T-52 downlinkBps is the bridge’s estimate until the channel closes', async () => {
    script.reopensChannel = true;
    await connect();
    transport.latest.events.onDownlink(640_000);
    expect(transport.downlinkBps).toBe(640_000);
    transport.latest.events.onChannel(false);
    transport.latest.events.onChannel(true);
    expect(transport.downlinkBps).toBeNull();
  });

  /** What `media` has reported so far. */
  function watchMedia(): string[] {
    const told: string[] = [];
    transport.events.on('media', ({ state, udpPort }) => told.push(`${state} ${udpPort}`));
    return told;
  }

  it('T-70 media that is not connected within ten seconds is blocked, which the others are told once', async () => {
    const told = watchMedia();
    await connect();
    script.mediaPhase = 'connecting';
    script.mediaPort = 10_000;
    await pass(9_500);
    expect([told, transport.mediaPath.state]).toEqual([[], 'connecting']);
    await pass(60_000);
    expect(told).toEqual(['blocked 10000']);
    expect(transport.latest.unheardSaid).toEqual([true]);
    expect(transport.state).toBe('live');
  });

  it('T-70 a media connection that fails is blocked at once', async () => {
    const told = watchMedia();
    await connect();
    script.mediaPhase = 'failed';
    await pass(300);
    expect(told).toEqual(['blocked null']);
  });

  it('T-71 blocked media stays blocked over fresh sessions and links until it comes through', async () => {
    const told = watchMedia();
    await connect();
    script.mediaPhase = 'failed';
    await pass(300);
    for (const phase of ['none', 'connecting', 'none', 'connecting', 'failed'] as const) {
      script.mediaPhase = phase;
      await pass(7_000);
    }
    script.mediaPhase = 'connecting';
    transport.latest.events.onDown(error('lost'));
    await pass(1_000);
    expect(transport.links).toHaveLength(2);
    expect(transport.latest.unheardSaid).toEqual([true]);
    expect(told).toEqual(['blocked null']);
    script.mediaPhase = 'connected';
    await pass(300);
    expect(told).toEqual(['blocked null', 'through null']);
    expect(transport.latest.unheardSaid).toEqual([true, false]);
  });

  it('T-71 sessions that end before ten seconds are over count together, so that offers without end hide nothing', async () => {
    const told = watchMedia();
    await connect();
    for (let offer = 0; offer < 3; offer += 1) {
      script.mediaPhase = 'connecting';
      await pass(5_000);
      script.mediaPhase = 'none';
      await pass(1_000);
    }
    expect(told).toEqual(['blocked null']);
  });

  it('T-72 a break of media is no news before ten seconds, and media without a session is not known', async () => {
    const told = watchMedia();
    await connect();
    script.mediaPhase = 'connected';
    await pass(300);
    script.mediaPhase = 'connecting';
    await pass(9_000);
    script.mediaPhase = 'connected';
    await pass(300);
    script.mediaPhase = 'connecting';
    await pass(9_000);
    expect(told).toEqual(['through null']);
    script.mediaPhase = 'none';
    await pass(60_000);
    expect(told).toEqual(['through null', 'connecting null']);
  });

  it('T-24 an endpoint that media does not come through to is known until it comes through or leaves', async () => {
    const told: string[] = [];
    transport.events.on('unheard', ({ endpoint, isUnheard }) => told.push(`${endpoint.personId} ${isUnheard}`));
    await connect();
    transport.latest.events.onUnheard('b0b', true);
    transport.latest.events.onUnheard('nobody', true);
    expect([...transport.unheard]).toEqual(['b0b']);
    transport.latest.events.onUnheard('b0b', false);
    transport.latest.events.onUnheard('b0b', true);
    transport.latest.events.onLeft('b0b');
    expect([...transport.unheard]).toEqual([]);
    expect(told).toEqual(['bob true', 'bob false', 'bob true', 'bob false']);
  });

  it('T-20 a hidden page is announced again after reconnecting', async () => {
    await connect();
    transport.setHidden(true);
    transport.latest.events.onHidden('b0b', true);
    expect(hiddenOf(transport)).toEqual(['bob']);
    transport.latest.events.onDown(error('lost'));
    expect(hiddenOf(transport)).toEqual([]);
    await pass(500);
    expect(transport.latest.hiddenSaid).toEqual([true]);
  });

  it('T-10 a transport that disconnects while it reconnects is closed for good', async () => {
    await connect();
    script.opens = () => new Promise(() => {});
    transport.latest.events.onDown(error('lost'));
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
