import type { IncomingMessage, ServerResponse } from 'node:http';
import { build } from 'esbuild';
import type { JitsiPass } from '@/lib/transport/link';
import type { HubOptions } from '@/server/hub/hub';
import { startTestHub, type TestHub } from '@/tests/server/hub/testHub';

const ROOM = 'tavern';

/** Bundles a script of these tests for a page. */
export async function bundleForPage(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    tsconfig: 'tsconfig.json',
    // Scripts use it to find their workers, which tests pass in instead.
    logOverride: { 'empty-import-meta': 'silent' },
  });
  return outputFiles[0]!.text;
}

/** A hub that keeps its address over restarts, and serves a page with a script. */
export class ContractServer {
  private constructor(
    private hub: TestHub,
    private readonly options: Partial<HubOptions>,
    private readonly page: (request: IncomingMessage, response: ServerResponse) => void,
  ) {}

  static async start(script: string, options: Partial<HubOptions>): Promise<ContractServer> {
    const page = (request: IncomingMessage, response: ServerResponse) => {
      const isScript = request.url === '/script.js';
      response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' });
      response.end(isScript ? script : '<!doctype html><meta charset="utf-8"><script src="/script.js"></script>');
    };
    return new ContractServer(await startTestHub(options, { page }), options, page);
  }

  get origin(): string {
    return `http://localhost:${this.hub.port}`;
  }

  /** Errors that the hub reported. */
  get errors(): readonly string[] {
    return this.hub.errors;
  }

  get current(): TestHub {
    return this.hub;
  }

  passFor(personId: string | null): JitsiPass {
    return {
      coordinates: {
        libUrl: `${this.origin}/libs/lib-jitsi-meet.min.js`,
        xmppWebSocketUrl: `${this.origin.replace('http', 'ws')}/xmpp-websocket`,
        xmppDomain: 'parley.local',
        mucDomain: 'conference.parley.local',
        focusDomain: 'focus.parley.local',
        room: ROOM,
        identity: 'enforced',
      },
      joinToken: this.hub.tokens.issue(personId ?? 'nobody', { room: ROOM }),
    };
  }

  /** Cuts the TCP connections of a path. */
  cut(path: string): void {
    for (const { url, socket } of this.hub.upgrades) if (url.startsWith(path)) socket.destroy();
  }

  /** Stops reading from the TCP connections of a path, which stay open. */
  silence(path: string): void {
    for (const { url, socket } of this.hub.upgrades) if (url.startsWith(path)) socket.pause();
  }

  /** Replaces the hub with a fresh one at the same address after `awayMs`. It knows the tokens and nothing else. */
  async restart(awayMs: number): Promise<void> {
    const { port, tokens } = this.hub;
    await this.hub.close();
    await new Promise((resolve) => setTimeout(resolve, awayMs));
    this.hub = await startTestHub(this.options, { page: this.page, port, tokens });
  }

  close(): Promise<void> {
    return this.hub.close();
  }
}
