import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { silentLog } from '@/lib/core/log';
import { HubProcess } from '@/server/hubProcess/hubProcess';
import { LIBRARY_FILE, TokenTable } from '@/tests/server/hub/testHub';

/** What the process says: the port, once it listens, and that it is free again after the time it was told to be busy. */
export type BusyServerNews = { readonly port: number } | { readonly free: true };

/** How long the process does nothing else, ms. */
const BUSY_MS = 3_000;

const tokens = new TokenTable();
for (const personId of ['ann', 'ben']) tokens.adopt(personId, personId);

const hub = await HubProcess.start({
  settings: { domain: 'parley.local', logLevel: 'error' },
  admission: tokens,
  libJitsiMeetPath: LIBRARY_FILE,
  log: silentLog,
});
const server = createServer();
server.on('upgrade', (request, socket, head) => hub.handleUpgrade(request, socket, head));
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));

process.on('message', () => {
  const untilMs = performance.now() + BUSY_MS;
  while (performance.now() < untilMs);
  process.send?.({ free: true });
});
process.on('disconnect', () => process.exit(0));
