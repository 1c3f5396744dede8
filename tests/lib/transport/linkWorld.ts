import { afterEach, beforeEach, expect, vi } from 'vitest';
import type { EndpointIdentities } from '@/lib/transport/endpointIdentities';
import type { JitsiPass, Link, LinkEvents, LinkOutcome } from '@/lib/transport/link';
import { LinkedTransport } from '@/lib/transport/linkedTransport';
import type { MediaPhase } from '@/lib/transport/mediaPath';
import { TransportError, type TransportErrorReason } from '@/lib/transport/transport';
import { watchStates } from '../../contract/transportWorld';

export const PASS: JitsiPass = {
  coordinates: {
    libUrl: '',
    xmppWebSocketUrl: '',
    xmppDomain: '',
    mucDomain: '',
    focusDomain: '',
    room: 'tavern',
    identity: 'enforced',
  },
  joinToken: '',
};

const BOB = { endpointId: 'b0b', personId: 'bob' };
export const OWN_ID = '5e1f';

export const error = (reason: TransportErrorReason) => new TransportError(reason, reason);

/** How links behave by default: they come up at once, answer echoes, and know bob. */
export class Script {
  fetchPass: () => Promise<JitsiPass> = async () => PASS;
  opens: () => Promise<void> = async () => {};
  isAlone = false;
  opensChannel = true;
  echoes = true;
  reopensChannel = false;
  canRestart = false;
  /** Whether the focus offers a fresh session when asked. */
  offersSession = true;
  closes: () => Promise<void> = async () => {};
  mediaPhase: MediaPhase = 'none';
  mediaPort: number | null = null;
}

class ScriptedLink implements Link {
  endpointId = '';
  readonly occupantId = null;
  closed = 0;
  restarts = 0;
  taken = 0;
  readonly hiddenSaid: boolean[] = [];
  readonly unheardSaid: boolean[] = [];
  readonly sent: number[] = [];
  readonly told: Array<{ endpointId: string; payload: unknown }> = [];
  readonly sentTo: Array<{ endpointId: string; bytes: number[] }> = [];
  backlogBytes: number | null = 7;

  constructor(
    readonly events: LinkEvents,
    private readonly script: Script,
  ) {}

  get reopensChannel(): boolean {
    return this.script.reopensChannel;
  }

  get canRestart(): boolean {
    return this.script.canRestart;
  }

  get mediaPhase(): MediaPhase {
    return this.script.mediaPhase;
  }

  get mediaPort(): number | null {
    return this.script.mediaPort;
  }

  begin(): void {
    this.taken += 1;
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

  tell(endpointId: string, payload: unknown): LinkOutcome {
    if (endpointId !== OWN_ID) this.told.push({ endpointId, payload });
    else if (this.script.echoes) queueMicrotask(() => this.events.onMessage(OWN_ID, payload));
    return 'sent';
  }

  setHidden(isHidden: boolean): void {
    this.hiddenSaid.push(isHidden);
  }

  setUnheard(isUnheard: boolean): void {
    this.unheardSaid.push(isUnheard);
  }

  restart(): void {
    this.restarts += 1;
    this.events.onChannel(false);
    if (this.script.offersSession) queueMicrotask(() => this.events.onChannel(true));
  }

  async close(): Promise<void> {
    this.closed += 1;
    await this.script.closes();
  }
}

/** A transport whose links behave as the script says. */
export class ScriptedTransport extends LinkedTransport {
  readonly links: ScriptedLink[] = [];

  constructor(
    readonly script: Script,
    identities?: EndpointIdentities,
  ) {
    super({ fetchPass: () => script.fetchPass(), identities });
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

/** Gives each test of a block a transport of its own on vitest's timers, of which none may be left after it has disconnected. */
export function withTransport(take: (transport: ScriptedTransport) => void): void {
  let transport: ScriptedTransport;
  beforeEach(() => {
    vi.useFakeTimers();
    transport = new ScriptedTransport(new Script());
    take(transport);
  });
  afterEach(async () => {
    await transport.disconnect();
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });
}

/** Lets time pass; timers are vitest's. */
export const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

/** Connects. Resolves with the states that follow, once it is live. */
export async function connect(transport: ScriptedTransport): Promise<string[]> {
  await transport.connect();
  const states = watchStates(transport);
  await pass(500);
  expect(transport.state).toBe('live');
  return states;
}

/** The latest link is lost, and its channel with it. */
export function lose(transport: ScriptedTransport): void {
  transport.latest.events.onChannel(false);
  transport.latest.events.onDown(error('lost'));
}
