import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { wrapPacket } from '@/lib/transport/bridgeMessage';
import { EndpointIdentities } from '@/lib/transport/endpointIdentities';
import { peopleOf } from '../../contract/transportWorld';
import { connect, error, OWN_ID, PASS, pass, Script, ScriptedTransport } from './linkWorld';

const CLAIMED = { ...PASS, coordinates: { ...PASS.coordinates, identity: 'claimed' as const } };
const ann = (nonce = 'nonce') => [{ id: 'ann', endpoint: { id: 'a11', occupantId: null, nonce } }];

describe('who is behind an endpoint of a transport', () => {
  let script: Script;
  let transport: ScriptedTransport;
  let identities: EndpointIdentities;
  let claim: (endpointId: string) => Promise<string | null>;
  let claims: string[];

  beforeEach(() => {
    vi.useFakeTimers();
    script = new Script();
    script.fetchPass = async () => CLAIMED;
    claims = [];
    claim = async () => 'mine';
    identities = new EndpointIdentities({
      claim: ({ endpointId }) => {
        claims.push(endpointId);
        return claim(endpointId);
      },
    });
    transport = new ScriptedTransport(script, identities);
  });

  afterEach(async () => {
    await transport.disconnect();
    vi.useRealTimers();
  });

  it('T-100 an endpoint is raised again with its person once that is proven, and with none once it is not', async () => {
    await connect(transport);
    const told: string[] = [];
    const from: Array<string | null> = [];
    transport.events.on('joined', ({ endpointId, personId }) => told.push(`${endpointId} ${personId}`));
    transport.events.on('packet', (packet) => from.push(packet.from.personId));
    const { events } = transport.latest;
    const speak = () => events.onMessage('a11', wrapPacket(Uint8Array.of(1), 1));
    events.onJoined({ endpointId: 'a11', personId: null });
    speak();
    identities.follow(ann());
    events.onMessage('a11', { parleyClaim: 'nonce' });
    speak();
    identities.follow([]);
    speak();
    expect(told).toEqual(['a11 null', 'a11 ann', 'a11 null']);
    expect(from).toEqual([null, 'ann', null]);
  });

  it('T-100 packets of an endpoint that roster and bridge prove count before presence tells of it', async () => {
    await connect(transport);
    const from: Array<string | null> = [];
    transport.events.on('packet', (packet) => from.push(packet.from.personId));
    const { events } = transport.latest;
    const speak = () => events.onMessage('a11', wrapPacket(Uint8Array.of(1), 1));
    speak();
    identities.follow(ann());
    events.onMessage('a11', { parleyClaim: 'nonce' });
    speak();
    expect(from).toEqual(['ann']);
    expect(peopleOf(transport)).toEqual(['ann', null]);
    const told: string[] = [];
    transport.events.on('joined', ({ endpointId }) => told.push(endpointId));
    events.onJoined({ endpointId: 'a11', personId: null });
    expect(told).toEqual([]);
    events.onLeft('a11');
    speak();
    expect(from).toEqual(['ann']);
  });

  it('T-101 an identity in presence counts alone only where it is enforced', async () => {
    await connect(transport);
    expect(peopleOf(transport)).toEqual([null]);
    script.fetchPass = async () => PASS;
    const enforced = new ScriptedTransport(script);
    await connect(enforced);
    expect(peopleOf(enforced)).toEqual(['bob']);
    await enforced.disconnect();
  });

  it('T-103 an endpoint that left and came back is unknown, whatever it says', async () => {
    await connect(transport);
    identities.follow(ann());
    const { events } = transport.latest;
    events.onJoined({ endpointId: 'a11', personId: null });
    events.onMessage('a11', { parleyClaim: 'nonce' });
    expect(peopleOf(transport)).toEqual(['ann', null]);
    events.onLeft('a11');
    events.onJoined({ endpointId: 'a11', personId: 'ann' });
    events.onMessage('a11', { parleyClaim: 'nonce' });
    expect(peopleOf(transport)).toEqual([null, null]);
  });

  it('T-108 of a person with two endpoints the one that is claimed is here, once it is proven; packets of the other are dropped', async () => {
    await connect(transport);
    const told: string[] = [];
    transport.events.on('joined', ({ endpointId, personId }) => told.push(`joined ${endpointId} ${personId}`));
    transport.events.on('left', ({ endpointId }) => told.push(`left ${endpointId}`));
    transport.events.on('packet', ({ from }) => told.push(`packet of ${from.endpointId}`));
    const { events } = transport.latest;
    const speak = (endpointId: string) => events.onMessage(endpointId, wrapPacket(Uint8Array.of(1), 1));
    identities.follow(ann());
    events.onJoined({ endpointId: 'a11', personId: null });
    events.onMessage('a11', { parleyClaim: 'nonce' });
    events.onJoined({ endpointId: 'a22', personId: null });
    identities.follow([{ id: 'ann', endpoint: { id: 'a22', occupantId: null, nonce: 'new' } }]);
    speak('a11');
    events.onMessage('a22', { parleyClaim: 'new' });
    for (const endpointId of ['a11', 'a22']) speak(endpointId);
    events.onHidden('a11', true);
    events.onJoined({ endpointId: 'a11', personId: 'ann' });
    expect(peopleOf(transport)).toEqual(['ann', null]);
    events.onLeft('a11');
    expect(told).toEqual([
      'joined a11 null',
      'joined a11 ann',
      'joined a22 null',
      'joined a11 null',
      'packet of a11',
      'joined a22 ann',
      'left a11',
      'packet of a22',
    ]);
    expect(transport.hidden.size).toBe(0);
    expect(transport.sendTo('a11', Uint8Array.of(1), 1)).toBe('notOpen');
  });

  it('T-108 a fresh link does not tell of endpoints that its own person has left behind', async () => {
    await connect(transport);
    transport.latest.events.onDown(error('lost'));
    script.fetchPass = async () => ({ ...CLAIMED });
    await pass(500);
    transport.latest.events.onJoined({ endpointId: 'c1', personId: null });
    identities.follow([]);
    expect(peopleOf(transport)).toEqual([null, null]);
    expect(transport.endpoints.has('c1')).toBe(true);
  });

  it('T-109 the session that the server names is claimed, and is known for those whom a fresh link tells of', async () => {
    await connect(transport);
    identities.follow([{ id: 'ann', endpoint: { id: 'a11', occupantId: 'of ann', nonce: 'nonce' } }]);
    const { events } = transport.latest;
    events.onJoined({ endpointId: 'a11', personId: 'ann' });
    expect(peopleOf(transport)).toEqual(['ann', null]);
    events.onOccupant('a11', 'of mallory');
    expect(peopleOf(transport)).toEqual([null, null]);
  });

  it('T-104 nothing waits for a claim: a transport is live, and sends, while the API gives no answer', async () => {
    claim = () => new Promise(() => {});
    const states = await connect(transport);
    expect(states).toEqual([]);
    expect(transport.broadcast(Uint8Array.of(1), 1)).toBe('sent');
    expect(claims).toEqual([OWN_ID]);
    expect(transport.latest.told).toEqual([]);
  });

  it('T-104 every link claims its endpoint, and says its nonce over its channel', async () => {
    await connect(transport);
    expect(transport.latest.told).toContainEqual({ endpointId: '', payload: { parleyClaim: 'mine' } });
    script.echoes = false;
    await pass(2_000);
    script.echoes = true;
    await pass(500);
    expect(transport.links.length).toBe(2);
    expect(claims).toEqual([OWN_ID, OWN_ID]);
    expect(transport.latest.told).toContainEqual({ endpointId: '', payload: { parleyClaim: 'mine' } });
  });

  it('T-105 what endpoints say of who they are is no packet', async () => {
    await connect(transport);
    const heard: unknown[] = [];
    transport.events.on('packet', (packet) => heard.push(packet));
    transport.latest.events.onMessage('b0b', { parleyClaim: 'x', ...wrapPacket(Uint8Array.of(1), 1) });
    transport.latest.events.onMessage('b0b', { parleyClaimAsked: 1 });
    expect(heard).toEqual([]);
    expect(transport.latest.told).toContainEqual({ endpointId: 'b0b', payload: { parleyClaim: 'mine' } });
  });

  it('T-106 an endpoint whose packets come although no person is known behind it is asked, here or not, the local one never', async () => {
    await connect(transport);
    transport.latest.told.length = 0;
    transport.latest.events.onMessage('b0b', wrapPacket(Uint8Array.of(1), 1));
    transport.latest.events.onMessage('unseen', wrapPacket(Uint8Array.of(1), 1));
    await pass(500);
    const asked = transport.latest.told.map(({ endpointId }) => endpointId);
    expect(asked.sort()).toEqual(['b0b', 'unseen']);
  });
});
