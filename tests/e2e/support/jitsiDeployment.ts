import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { wallClock } from '@/lib/core/clock';
import { Hub, type HubOptions } from '@/server/hub/hub';
import { createVerifier } from '@/server/services/tokens/joinTokens';
import { LIBRARY_FILE } from '@/tests/server/hub/testHub';

const APP_ID = 'parley-tests';
const APP_SECRET = 'a secret of the deployment';
const DOMAIN = 'meet.example';

/** A hub that stands in for a deployment: another origin, which knows tokens only. */
export interface JitsiDeployment {
  readonly hub: Hub;
  readonly url: string;
  /** How a site is set up to use it. */
  readonly settings: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Starts one on loopback, in this process. */
export async function startDeployment(options: Partial<HubOptions>): Promise<JitsiDeployment> {
  const authority = { issuer: APP_ID, audience: APP_ID, subject: DOMAIN, secret: APP_SECRET };
  const admission = { ...createVerifier(authority, wallClock), review: async () => [] };
  const hub = new Hub({ domain: DOMAIN, admission, libJitsiMeetPath: LIBRARY_FILE, ...options });
  const server = createServer((request, response) => {
    if (!hub.handleRequest(request, response)) response.writeHead(404).end();
  });
  server.on('upgrade', (request, socket, head) => {
    if (!hub.handleUpgrade(request, socket, head)) socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    hub,
    url,
    settings: { JITSI_URL: url, JITSI_XMPP_DOMAIN: DOMAIN, JITSI_APP_ID: APP_ID, JITSI_APP_SECRET: APP_SECRET },
    async close() {
      await hub.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
