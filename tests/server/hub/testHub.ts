import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Admission, AdmissionResult, Admitted, Presence } from '@/lib/core/admission';
import type { MeetingRole } from '@/lib/core/meeting';
import { Hub, type HubOptions } from '@/server/hub/hub';
import type { MediaSettings } from '@/server/hub/media/mediaContract';

/** Media that stays on this machine. */
export const LOOPBACK_MEDIA: MediaSettings = {
  addresses: ['127.0.0.1'],
  port: 0,
  mayFallBack: false,
  announcedAddresses: null,
};

/** A hub that drops no packet (H-36) because a busy machine holds it up. */
export const PATIENT_HUB = { limits: { receiverAgeMaxMs: 60_000 } } satisfies Partial<HubOptions>;

/** The library file that the hub serves: the one the application ships. */
export const LIBRARY_FILE = 'node_modules/lib-jitsi-meet/dist/umd/lib-jitsi-meet.min.js';

/** A table of known tokens. `issue` adds one, `expire` lets it expire. */
export class TokenTable implements Admission {
  private readonly known = new Map<string, Admitted>();
  private readonly expired = new Set<string>();
  private readonly over = new Set<string>();
  /** What the hub last asked about. */
  reviewed: readonly Presence[] = [];
  /** Whether nothing can be known of stays now. */
  isAway = false;
  private count = 0;

  issue(
    personId: string,
    { room = 'tavern', role = 'participant' as MeetingRole, name = `Name of ${personId}` } = {},
  ): string {
    this.count += 1;
    const token = `token-${this.count}`;
    const stayId = `stay-of-${token}`;
    this.known.set(token, { room, personId, stayId, name, role, tokenId: `jti-${this.count}` });
    return token;
  }

  /** Adds a token that another table has issued, as after a restart. */
  adopt(token: string, personId: string, room = 'tavern'): void {
    this.known.set(token, {
      room,
      personId,
      stayId: `stay-of-${token}`,
      name: personId,
      role: 'participant',
      tokenId: token,
    });
  }

  /** Ends the stay of a token without telling the hub. */
  endStay(token: string): void {
    this.over.add(`stay-of-${token}`);
  }

  async review(present: readonly Presence[]): Promise<string[]> {
    this.reviewed = present;
    if (this.isAway) throw new Error('the stays are out of reach');
    return present.map(({ stayId }) => stayId).filter((stayId) => this.over.has(stayId));
  }

  expire(token: string): void {
    this.expired.add(token);
  }

  async verify(token: string | null): Promise<AdmissionResult> {
    const admitted = token === null ? undefined : this.known.get(token);
    if (!admitted) {
      return { ok: false, reason: 'tokenInvalid', fault: { kind: token === null ? 'missing' : 'signature' } };
    }
    if (token !== null && this.expired.has(token)) {
      return { ok: false, reason: 'tokenExpired', fault: { kind: 'expired', sinceS: 32, lifeS: 300 }, admitted };
    }
    return { ok: true, admitted };
  }
}

/** A connection that asked for an upgrade: its path, and the server's end of it. */
interface Upgrade {
  readonly url: string;
  readonly socket: Duplex;
}

/** A hub on its own port. */
export interface TestHub {
  readonly hub: Hub;
  readonly tokens: TokenTable;
  readonly port: number;
  /** Errors the hub reported. It must not report any, whatever it receives. */
  readonly errors: string[];
  /** Every requested upgrade, oldest first. */
  readonly upgrades: readonly Upgrade[];
  /** Cuts the connections of a path, and those that are asked for within `forMs`. */
  block(path: string, forMs: number): void;
  close(): Promise<void>;
}

type Page = (request: IncomingMessage, response: ServerResponse) => void;

const notFound: Page = (_request, response) => {
  response.writeHead(404).end();
};

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** Starts a hub behind a plain HTTP server on loopback. `page` answers requests that are not the hub's. */
export async function startTestHub(
  options: Partial<HubOptions> = {},
  { page = notFound, port = 0, tokens = new TokenTable() } = {},
): Promise<TestHub> {
  const errors: string[] = [];
  const quiet = () => {};
  const log = {
    debug: quiet,
    info: quiet,
    warn: quiet,
    error: (message: string, fields?: object) => errors.push(`${message} ${JSON.stringify(fields)}`),
  };
  // Only pages load the library from their hub, and compressing it is most of what a start costs.
  const libJitsiMeetPath = page === notFound ? null : LIBRARY_FILE;
  const hub = new Hub({ domain: 'parley.local', admission: tokens, libJitsiMeetPath, log, ...options });
  const upgrades: Upgrade[] = [];
  let blocked: string | null = null;
  const block = (path: string, forMs: number) => {
    blocked = path;
    setTimeout(() => {
      blocked = null;
    }, forMs);
    for (const { url, socket } of upgrades) if (url.startsWith(path)) socket.destroy();
  };
  const server = createServer((request, response) => {
    if (!hub.handleRequest(request, response)) page(request, response);
  });
  server.on('upgrade', (request, socket, head) => {
    const url = request.url ?? '';
    upgrades.push({ url, socket });
    if (blocked && url.startsWith(blocked)) socket.destroy();
    else if (!hub.handleUpgrade(request, socket, head)) socket.destroy();
  });
  const boundPort = await listen(server, port);
  const close = async () => {
    await hub.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { hub, tokens, port: boundPort, errors, upgrades, block, close };
}
