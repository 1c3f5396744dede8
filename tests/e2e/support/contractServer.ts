import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import type { JitsiPass } from '@/lib/transport/link';
import type { HubOptions } from '@/server/hub/hub';
import { type Fault, SIGNALLING_AWAY_MS } from '@/tests/contract/transportWorld';
import { startTestHub, type TestHub } from '@/tests/server/hub/testHub';
import { ProsodyJitsi } from '@/tests/support/prosody/prosodyJitsi';

const ROOM = 'tavern';
/** How long a restarted server is away. */
const AWAY_MS = 500;

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

type Page = (request: IncomingMessage, response: ServerResponse) => void;

function pageWith(script: string): Page {
  return (request, response) => {
    const isScript = request.url === '/script.js';
    response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' });
    response.end(isScript ? script : '<!doctype html><meta charset="utf-8"><script src="/script.js"></script>');
  };
}

/** A conference for one case, and the page that runs it. */
export interface ContractServer {
  /** Of the page. */
  readonly origin: string;
  /** Errors that the servers reported. */
  readonly errors: readonly string[];
  passFor(personId: string | null): JitsiPass;
  doFault(fault: Fault): Promise<void>;
  close(): Promise<void>;
}

/** A hub that keeps its address over restarts, and serves a page with a script. */
export class HubContractServer implements ContractServer {
  private constructor(
    private hub: TestHub,
    private readonly options: Partial<HubOptions>,
    private readonly page: Page,
  ) {}

  static async start(script: string, options: Partial<HubOptions>): Promise<ContractServer> {
    const page = pageWith(script);
    return new HubContractServer(await startTestHub(options, { page }), options, page);
  }

  get origin(): string {
    return `http://localhost:${this.hub.port}`;
  }

  get errors(): readonly string[] {
    return this.hub.errors;
  }

  passFor(personId: string | null): JitsiPass {
    const { jicofo } = this.options;
    return {
      coordinates: {
        libUrl: `${this.origin}/libs/lib-jitsi-meet.min.js`,
        xmppWebSocketUrl: `${this.origin.replace('http', 'ws')}/xmpp-websocket`,
        xmppDomain: 'parley.local',
        mucDomain: 'conference.parley.local',
        focusDomain: 'focus.parley.local',
        room: ROOM,
        identity: jicofo && !jicofo.identity ? 'claimed' : 'enforced',
      },
      joinToken: this.hub.tokens.issue(personId ?? 'nobody', { room: ROOM }),
    };
  }

  async doFault(fault: Fault): Promise<void> {
    if (fault === 'cutChannels') this.cut('/colibri-ws');
    if (fault === 'silenceChannels') this.silence('/colibri-ws');
    if (fault === 'cutSignalling') this.cut('/xmpp-websocket');
    if (fault === 'blockSignalling') this.hub.block('/xmpp-websocket', SIGNALLING_AWAY_MS);
    if (fault === 'restartServer') await this.restart();
  }

  close(): Promise<void> {
    return this.hub.close();
  }

  /** Cuts the TCP connections of a path. */
  private cut(path: string): void {
    for (const { url, socket } of this.hub.upgrades) if (url.startsWith(path)) socket.destroy();
  }

  /** Stops reading from the TCP connections of a path, which stay open. */
  private silence(path: string): void {
    for (const { url, socket } of this.hub.upgrades) if (url.startsWith(path)) socket.pause();
  }

  /** Replaces the hub with a fresh one at the same address. It knows the tokens and nothing else. */
  private async restart(): Promise<void> {
    const { port, tokens } = this.hub;
    await this.hub.close();
    await new Promise((resolve) => setTimeout(resolve, AWAY_MS));
    this.hub = await startTestHub(this.options, { page: this.page, port, tokens });
  }
}

/** A Jitsi whose XMPP server is Prosody, beside a page with a script. */
export async function startProsodyContract(script: string): Promise<ContractServer> {
  const jitsi = await ProsodyJitsi.start({ channel: 'websocket' });
  const pages = createServer(pageWith(script));
  await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://localhost:${(pages.address() as AddressInfo).port}`,
    errors: jitsi.errors,
    passFor: () => ({ coordinates: jitsi.coordinates(ROOM), joinToken: '' }),
    async doFault(fault) {
      if (fault === 'cutSignalling') jitsi.cutXmpp();
      if (fault === 'blockSignalling') jitsi.blockXmpp(SIGNALLING_AWAY_MS);
    },
    async close() {
      pages.closeAllConnections();
      await Promise.all([new Promise((resolve) => pages.close(resolve)), jitsi.close()]);
    },
  };
}
