import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type RawData, WebSocket, WebSocketServer } from 'ws';

/** What the hub stamps into presence. The identities of disco#info have no content. */
const STAMPED = /<identity><user>.*?<\/identity>/g;

/** Sockets that pass through to a hub, without the identities that it writes into presence. */
export interface PlainPresence {
  readonly port: number;
  /** From now on the presence of `endpointId` names `personId`, as its client could write it itself. */
  forge(endpointId: string, personId: string): void;
  close(): Promise<void>;
}

/**
 * Makes a hub look like a Jitsi without Prosody's mod_presence_identity: nobody is named in presence but by what a client
 * writes itself. XMPP and bridge channels pass through it.
 */
export async function startPlainPresence(hubPort: () => number): Promise<PlainPresence> {
  const forged = new Map<string, string>();
  const plain = (text: string): string => {
    const unnamed = text.replaceAll(STAMPED, '');
    const endpointId = /^<presence [^>]*from="[^"/]*\/([^"]*)"/.exec(unnamed)?.[1] ?? '';
    const personId = forged.get(endpointId);
    if (personId === undefined) return unnamed;
    return unnamed.replace('</presence>', `<identity><user><id>${personId}</id></user></identity></presence>`);
  };
  const server = createServer();
  const sockets = new WebSocketServer({ server, handleProtocols: (protocols) => [...protocols][0] ?? false });
  sockets.on('connection', (client, { url = '', headers }) => {
    const protocols = headers['sec-websocket-protocol']?.split(/, */) ?? [];
    const hub = new WebSocket(`ws://127.0.0.1:${hubPort()}${url}`, protocols, { headers: { host: headers.host } });
    const waiting: RawData[] = [];
    client.on('message', (data) =>
      hub.readyState === WebSocket.OPEN ? hub.send(data.toString()) : waiting.push(data),
    );
    hub.on('open', () => {
      for (const data of waiting) hub.send(data.toString());
    });
    hub.on('message', (data) => client.send(plain(data.toString())));
    for (const [one, other] of [
      [client, hub],
      [hub, client],
    ] as const) {
      one.on('error', () => {});
      one.on('close', () => other.terminate());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    forge: (endpointId, personId) => forged.set(endpointId, personId),
    async close() {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
