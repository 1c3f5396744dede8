import type { MeetingRole } from '@/lib/core/meeting';
import { type HeadlessOptions, HeadlessTransport } from '@/lib/transport/headless/headlessTransport';
import type { JitsiPass } from '@/lib/transport/link';
import type { HubOptions } from '@/server/hub/hub';
import { Roster } from '@/tests/contract/roster';
import type { TransportHarness } from '@/tests/contract/transport';
import { SIGNALLING_AWAY_MS } from '@/tests/contract/transportWorld';
import { LOOPBACK_MEDIA, PATIENT_HUB, startTestHub, type TestHub } from '@/tests/server/hub/testHub';
import { Stranger } from './stranger';

type Identity = JitsiPass['coordinates']['identity'];

/** A pass into a test hub's room for another session of `personId`. */
export function passInto(
  world: TestHub,
  personId: string | null,
  { room = 'tavern', role = 'participant' as MeetingRole, identity = 'enforced' as Identity } = {},
): JitsiPass {
  return {
    coordinates: {
      libUrl: '',
      xmppWebSocketUrl: `ws://127.0.0.1:${world.port}/xmpp-websocket`,
      xmppDomain: 'parley.local',
      mucDomain: 'conference.parley.local',
      focusDomain: 'focus.parley.local',
      room,
      identity,
    },
    joinToken: world.tokens.issue(personId ?? 'nobody', { room, role }),
  };
}

interface WorldOptions {
  readonly role?: MeetingRole;
  readonly identity?: Identity;
}

/** A hub with headless participants. All are gone after `close`. */
export class HeadlessWorld {
  private readonly opened: HeadlessTransport[] = [];

  private constructor(
    private readonly options: Partial<HubOptions>,
    public hub: TestHub,
  ) {}

  static async start(options: Partial<HubOptions> = {}): Promise<HeadlessWorld> {
    return new HeadlessWorld(options, await startTestHub(options));
  }

  /** A participant that is not yet connected. */
  create(personId: string, options: Partial<HeadlessOptions> & WorldOptions = {}): HeadlessTransport {
    const { role, identity, ...rest } = options;
    const fetchPass = async () => passInto(this.hub, personId, { role, identity });
    const transport = new HeadlessTransport({ fetchPass, ...rest });
    this.opened.push(transport);
    return transport;
  }

  /** Participants that are in the conference. */
  async live(people: readonly string[], options: Partial<HeadlessOptions> = {}): Promise<HeadlessTransport[]> {
    const transports = people.map((personId) => this.create(personId, options));
    await Promise.all(transports.map((transport) => transport.connect()));
    return transports;
  }

  /** Cuts every bridge channel. */
  async cutChannels(): Promise<void> {
    for (const transport of this.opened) transport.cutChannel();
  }

  /** Silences every bridge channel, but leaves it open. */
  async silenceChannels(): Promise<void> {
    for (const { url, socket } of this.hub.upgrades) if (url.startsWith('/colibri-ws')) socket.pause();
    // A data channel that is cut falls silent, since UDP has no way to tell.
    for (const transport of this.opened) if (transport.channelKind === 'datachannel') transport.cutChannel();
  }

  /** Cuts every XMPP socket at the server's end. */
  async cutSignalling(): Promise<void> {
    for (const { url, socket } of this.hub.upgrades) if (url.startsWith('/xmpp-websocket')) socket.destroy();
  }

  /** Cuts every XMPP socket, old and new, for a while. */
  async blockSignalling(): Promise<void> {
    this.hub.block('/xmpp-websocket', SIGNALLING_AWAY_MS);
  }

  /** Replaces the hub with a fresh one at the same address. */
  async restartServer(): Promise<void> {
    const { port, tokens } = this.hub;
    await this.hub.close();
    this.hub = await startTestHub(this.options, { port, tokens });
  }

  async close(): Promise<void> {
    for (const transport of this.opened) await transport.disconnect();
    await this.hub.close();
  }
}

/** The harness of the transport contract, over a hub with these options. */
export async function headlessHarness(
  hubOptions: Partial<HubOptions>,
  options: Partial<HeadlessOptions> = {},
): Promise<TransportHarness> {
  const world = await HeadlessWorld.start({ ...PATIENT_HUB, ...hubOptions });
  return harnessOf(world, (personId) => world.create(personId, options));
}

/** The same over the hub as a stock Jitsi, where people claim their endpoints. */
export async function stockHarness(jicofo: NonNullable<HubOptions['jicofo']>): Promise<TransportHarness> {
  const world = await HeadlessWorld.start({ ...PATIENT_HUB, jicofo, media: LOOPBACK_MEDIA });
  const roster = new Roster();
  const identity = jicofo.identity ? 'enforced' : 'claimed';
  const create = (personId: string) => world.create(personId, { identity, identities: roster.identitiesOf(personId) });
  return {
    ...harnessOf(world, create),
    createStranger: async (personId) => {
      // Mallory has a seat of her own, by which she claims the endpoint of another.
      roster.claim('mallory', { endpointId: roster.endpointOf(personId), occupantId: null });
      return new Stranger({
        personId,
        fetchPass: async () => passInto(world.hub, 'mallory', { identity }),
        noncesToSay: () => roster.nonces,
      });
    },
  };
}

function harnessOf(world: HeadlessWorld, create: (personId: string) => HeadlessTransport): TransportHarness {
  return {
    create: async (personId) => create(personId ?? 'nobody'),
    close: () => world.hub.close(),
    cutChannels: () => world.cutChannels(),
    silenceChannels: () => world.silenceChannels(),
    cutSignalling: () => world.cutSignalling(),
    blockSignalling: () => world.blockSignalling(),
    restartServer: () => world.restartServer(),
  };
}
