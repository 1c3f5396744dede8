import { fileURLToPath } from 'node:url';
import { ProcessLink } from './processLink';

/** The servers that are measured: the hub, and its peers at the same work. */
export const SERVER_KINDS = ['hub', 'ws', 'socket.io'] as const;

export type ServerKind = (typeof SERVER_KINDS)[number];

/** XMPP domain of the hub under test. */
export const BENCH_DOMAIN = 'parley.local';

/** What a server's process has used since it started. */
export interface ServerUsage {
  /** User and system time, all threads. */
  readonly cpuMs: number;
  readonly rssBytes: number;
}

/** How to start the server of a measurement. */
export interface ServerSettings {
  readonly kind: ServerKind;
  /** 0 for any free port. */
  readonly port: number;
  /** Whether the hub carries voices. */
  readonly hasMedia: boolean;
}

export type ServerOrder = { readonly do: 'listen'; readonly settings: ServerSettings } | { readonly do: 'usage' };

export type ServerAnswer = { readonly port: number } | ServerUsage;

/** A join token that names conference and person; the hub under test accepts it. */
export function tokenOf(conference: string, personId: string): string {
  return `${conference}~${personId}~${Math.random().toString(36).slice(2)}`;
}

const MODULE = fileURLToPath(new URL('serverProcess.ts', import.meta.url));

/** A server in its own process. */
export class ServerUnderTest {
  private constructor(
    private readonly link: ProcessLink<ServerOrder, ServerAnswer>,
    readonly port: number,
  ) {}

  /** Resolves once it listens. */
  static async start(settings: ServerSettings): Promise<ServerUnderTest> {
    const link = ProcessLink.start<ServerOrder, ServerAnswer>(MODULE, []);
    const answer = await link.ask({ do: 'listen', settings });
    if (!('port' in answer)) throw new Error('the server gave no port');
    return new ServerUnderTest(link, answer.port);
  }

  async usage(): Promise<ServerUsage> {
    const answer = await this.link.ask({ do: 'usage' });
    if (!('cpuMs' in answer)) throw new Error('the server gave no usage');
    return answer;
  }

  /** Kills it as `kill -9` does. */
  kill(): Promise<void> {
    return this.link.kill();
  }
}
