import type { MeetingRole } from '@/lib/core/meeting';
import { type HeadlessOptions, HeadlessTransport } from '@/lib/transport/headless/headlessTransport';
import type { JitsiPass } from '@/lib/transport/link';
import type { HubOptions } from '@/server/hub/hub';
import type { MediaSettings } from '@/server/hub/media/mediaContract';
import type { TransportHarness } from '@/tests/contract/transport';
import { startTestHub, type TestHub } from '@/tests/server/hub/testHub';

/** Media that stays on this machine. */
export const LOOPBACK_MEDIA: MediaSettings = { addresses: ['127.0.0.1'], ports: null, announcedAddresses: null };

/** A pass into a test hub's room for one more session of `personId`. */
export function passInto(
  world: TestHub,
  personId: string | null,
  { room = 'tavern', role = 'participant' as MeetingRole } = {},
): JitsiPass {
  return {
    coordinates: {
      libUrl: '',
      xmppWebSocketUrl: `ws://127.0.0.1:${world.port}/xmpp-websocket`,
      xmppDomain: 'parley.local',
      mucDomain: 'conference.parley.local',
      focusDomain: 'focus.parley.local',
      room,
    },
    joinToken: world.tokens.issue(personId ?? 'nobody', { room, role }),
  };
}

/** A hub, and headless participants in it; all are gone after `close`. */
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
  create(personId: string, options: Partial<HeadlessOptions> & { role?: MeetingRole } = {}): HeadlessTransport {
    const { role, ...rest } = options;
    const fetchPass = async () => passInto(this.hub, personId, { role });
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

  /** Ends every bridge channel without a farewell. */
  async cutChannels(): Promise<void> {
    for (const transport of this.opened) transport.cutChannel();
  }

  /** Lets no bridge channel be heard any more, though it stays open. */
  async silenceChannels(): Promise<void> {
    for (const { url, socket } of this.hub.upgrades) if (url.startsWith('/colibri-ws')) socket.pause();
    // A data channel that is cut is just that: nobody says goodbye over UDP.
    for (const transport of this.opened) if (transport.channelKind === 'datachannel') transport.cutChannel();
  }

  /** Ends every XMPP socket without a farewell, at the server's end. */
  async cutSignalling(): Promise<void> {
    for (const { url, socket } of this.hub.upgrades) if (url.startsWith('/xmpp-websocket')) socket.destroy();
  }

  /** Another hub at the same address, which knows nothing of the one before. */
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

/** What the contract of transports asks of a conference, over a hub of these options. */
export async function headlessHarness(
  hubOptions: Partial<HubOptions>,
  options: Partial<HeadlessOptions> = {},
): Promise<TransportHarness> {
  const world = await HeadlessWorld.start(hubOptions);
  return {
    create: async (personId) => world.create(personId ?? 'nobody', options),
    close: () => world.hub.close(),
    cutChannels: () => world.cutChannels(),
    silenceChannels: () => world.silenceChannels(),
    cutSignalling: () => world.cutSignalling(),
    restartServer: () => world.restartServer(),
  };
}
