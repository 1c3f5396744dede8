import type { IncomingMessage, ServerResponse } from 'node:http';
import { build } from 'esbuild';
import type { JitsiPass } from '@/lib/transport/link';
import type { HubOptions } from '@/server/hub/hub';
import { type Fault, SIGNALLING_AWAY_MS } from '@/tests/contract/transportWorld';
import { LIBRARY_FILE, startTestHub, type TestHub } from '@/tests/server/hub/testHub';
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

/** Serves a build of lib-jitsi-meet, by default the one that the application ships, and a page with `script`. */
export function servePage(script: string, library: string = LIBRARY_FILE): Promise<TestHub> {
  const page = (request: IncomingMessage, response: ServerResponse) => {
    const isScript = request.url === '/script.js';
    response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' });
    response.end(isScript ? script : '<!doctype html><meta charset="utf-8"><script src="/script.js"></script>');
  };
  return startTestHub({ libJitsiMeetPath: library }, { page });
}

/** A conference for one case. */
export interface ContractServer {
  /** Errors that the servers reported. */
  readonly errors: readonly string[];
  /** A pass for a page that loads the library from `libUrl`. */
  passFor(personId: string | null, libUrl: string): JitsiPass;
  doFault(fault: Fault): Promise<void>;
  close(): Promise<void>;
}

/** A hub that keeps its address over restarts. */
export class HubContractServer implements ContractServer {
  private constructor(
    private hub: TestHub,
    private readonly options: Partial<HubOptions>,
  ) {}

  static async start(options: Partial<HubOptions>): Promise<ContractServer> {
    return new HubContractServer(await startTestHub(options), options);
  }

  get errors(): readonly string[] {
    return this.hub.errors;
  }

  passFor(personId: string | null, libUrl: string): JitsiPass {
    const { jicofo } = this.options;
    return {
      coordinates: {
        libUrl,
        xmppWebSocketUrl: `ws://localhost:${this.hub.port}/xmpp-websocket`,
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
    this.hub = await startTestHub(this.options, { port, tokens });
  }
}

/** A Jitsi whose XMPP server is Prosody. */
export async function startProsodyContract(): Promise<ContractServer> {
  const jitsi = await ProsodyJitsi.start({ channel: 'websocket' });
  return {
    errors: jitsi.errors,
    passFor: (_personId, libUrl) => ({ coordinates: { ...jitsi.coordinates(ROOM), libUrl }, joinToken: '' }),
    async doFault(fault) {
      if (fault === 'cutSignalling') jitsi.cutXmpp();
      if (fault === 'blockSignalling') jitsi.blockXmpp(SIGNALLING_AWAY_MS);
    },
    close: () => jitsi.close(),
  };
}
