import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { Admission } from '@/lib/core/admission';
import { createConsoleLog } from '@/lib/core/log';
import { Hub } from '@/server/hub/hub';
import type { MediaSettings } from '@/server/hub/media/mediaContract';
import { BENCH_DOMAIN } from './servers';

/** Believes tokens of the form `tokenOf` makes: the hub is measured, not the signature. */
const admission: Admission = {
  async verify(token) {
    const [room, personId, tokenId] = (token ?? '').split('~');
    if (!room || !personId || !tokenId) return { ok: false, reason: 'tokenInvalid' };
    return { ok: true, admitted: { room, personId, name: personId, role: 'participant', tokenId } };
  },
};

const MEDIA: MediaSettings = { addresses: ['127.0.0.1'], ports: null, announcedAddresses: null };

/** The hub alone behind a plain HTTP server, with the limits it has in production. */
export async function createHubServer(hasMedia: boolean): Promise<Server> {
  const hub = new Hub({
    domain: BENCH_DOMAIN,
    admission,
    libJitsiMeetPath: createRequire(import.meta.url).resolve('lib-jitsi-meet/dist/umd/lib-jitsi-meet.min.js'),
    media: hasMedia ? MEDIA : null,
    bridgeChannel: 'websocket',
    log: createConsoleLog('warn'),
  });
  await hub.ready;
  const server = createServer((request, response) => {
    if (!hub.handleRequest(request, response)) response.writeHead(404).end();
  });
  server.on('upgrade', (request, socket, head) => {
    if (!hub.handleUpgrade(request, socket, head)) socket.destroy();
  });
  return server;
}
