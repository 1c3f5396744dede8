import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { silentLog } from '@/lib/core/log';
import { HubProcess } from '@/server/hubProcess/hubProcess';
import { LIBRARY_FILE, TokenTable } from '@/tests/server/hub/testHub';

/** What the process says: the port, once it listens, that it is about to be blocked, and that it is free again. */
export type BusyServerNews = { readonly port: number } | 'blocked' | 'free';

const tokens = new TokenTable();
for (const personId of ['ann', 'ben']) tokens.adopt(personId, personId);

const hub = await HubProcess.start({
  settings: { domain: 'parley.local', log: { level: 'error', format: 'text' }, statsEveryMs: 50, recordings: null },
  admission: tokens,
  libJitsiMeetPath: LIBRARY_FILE,
  log: silentLog,
});
const server = createServer();
server.on('upgrade', (request, socket, head) => hub.handleUpgrade(request, socket, head));
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));

/** Does nothing until there is a file of this name. */
process.on('message', (name: string) => {
  process.send?.('blocked', () => {
    const never = new Int32Array(new SharedArrayBuffer(4));
    while (!existsSync(name)) Atomics.wait(never, 0, 0, 20);
    process.send?.('free');
  });
});
process.on('disconnect', () => process.exit(0));
