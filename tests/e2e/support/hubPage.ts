import type { ServerResponse } from 'node:http';
import type { Page } from 'playwright-core';

/** One event that a client raised, with its arguments as text. */
type Heard = readonly [event: string, ...args: string[]];

/** Another participant, as the library reports it. */
interface PersonSeen {
  readonly id: string;
  readonly personId: string | null;
  readonly name: string | null;
  readonly group: string | null;
  readonly displayName: string;
}

/** What arrived by RTP from one source. */
export interface Inbound {
  readonly kind: 'audio' | 'video';
  /** Endpoint id. */
  readonly from: string;
  readonly packets: number;
  readonly lost: number;
  /** `totalAudioEnergy`: grows while sound arrives. */
  readonly energy: number;
  readonly framesDecoded: number;
}

/** What the page offers to the test: connections through the unmodified library. */
interface HubClientPage {
  /**
   * Connects to the hub at `port` and joins its room as `key`. Resolves with the endpoint id, once the bridge channel is open if
   * `awaitChannel`.
   */
  join(key: string, port: number, token: string, awaitChannel: boolean): Promise<string>;
  heard(key: string): Heard[];
  people(key: string): PersonSeen[];
  received(key: string): { from: string; payload: unknown }[];
  send(key: string, payload: object, to: string): string;
  /** Broadcasts `{ n: 0 .. count-1 }`, one every `everyMs`. */
  sendSeries(key: string, count: number, everyMs: number): Promise<void>;
  leave(key: string): Promise<string>;
  /** Leaves with every client of the hub at `port`, and forgets them. */
  leaveAll(port: number): Promise<void>;
  /** Sends the microphone. */
  speak(key: string): Promise<void>;
  setMuted(key: string, muted: boolean): Promise<void>;
  /** Sends a drawn, moving picture as a shared screen. */
  share(key: string): Promise<void>;
  unshare(key: string): Promise<void>;
  inbound(key: string): Promise<Inbound[]>;
  showProperty(key: string, name: string, value: string): void;
  propertyOf(key: string, id: string, name: string): string | null;
}

/** The script of the page. It runs in the browser and may use nothing from this module. */
function clientScript(): void {
  // biome-ignore lint/suspicious/noExplicitAny: the library has no types
  type Anything = any;
  interface Client {
    port: number;
    connection: Anything;
    conference: Anything;
    heard: string[][];
    received: { from: string; payload: unknown }[];
    /** Plays remote tracks: without a player nothing is decoded. */
    players: HTMLMediaElement[];
    local: Anything[];
    stopPicture: () => void;
  }
  const library: Anything = (globalThis as Anything).JitsiMeetJS;
  const clients = new Map<string, Client>();
  const domain = 'parley.local';
  library.setLogLevel(library.logLevels.ERROR);
  library.init({ disableThirdPartyRequests: true, disableAudioLevels: true, enableAnalyticsLogging: false });

  const asText = (value: Anything) => (value?.getId ? `participant ${value.getId()}` : String(value));
  const of = (key: string) => {
    const client = clients.get(key);
    if (!client) throw new Error(`no client ${key}`);
    return client;
  };
  const listen = (target: Anything, on: string, names: Record<string, string>, heard: string[][]) => {
    for (const name of new Set(Object.values(names))) {
      if (name !== library.events.conference.ENDPOINT_MESSAGE_RECEIVED) {
        target[on](name, (...args: Anything[]) => heard.push([name, ...args.map(asText)]));
      }
    }
  };

  const connect = (key: string, port: number, token: string) =>
    new Promise<Client>((resolve, reject) => {
      const connection = new library.JitsiConnection(null, token, {
        hosts: { domain, muc: `conference.${domain}`, focus: `focus.${domain}` },
        serviceUrl: `ws://localhost:${port}/xmpp-websocket`,
        p2p: { enabled: false, stunServers: [] },
      });
      const client: Client = {
        port,
        connection,
        conference: null,
        heard: [],
        received: [],
        players: [],
        local: [],
        stopPicture: () => {},
      };
      clients.set(key, client);
      const events = library.events.connection;
      listen(connection, 'addEventListener', events, client.heard);
      connection.addEventListener(events.CONNECTION_ESTABLISHED, () => resolve(client));
      connection.addEventListener(events.CONNECTION_FAILED, (...args: Anything[]) =>
        reject(new Error(args.slice(0, 2).map(asText).join(' '))),
      );
      connection.connect();
    });

  const enter = (client: Client, awaitChannel: boolean) =>
    new Promise<string>((resolve, reject) => {
      const conference = client.connection.initJitsiConference('tavern', {
        openBridgeChannel: 'websocket',
        p2p: { enabled: false },
        disableSimulcast: true,
        e2eping: { pingInterval: -1 },
        disableThirdPartyRequests: true,
      });
      client.conference = conference;
      const events = library.events.conference;
      listen(conference, 'on', events, client.heard);
      conference.on(events.ENDPOINT_MESSAGE_RECEIVED, (participant: Anything, payload: unknown) => {
        client.received.push({ from: participant.getId(), payload });
      });
      conference.on(events.TRACK_ADDED, (track: Anything) => {
        if (track.isLocal()) return;
        const player = document.createElement(track.getType() === 'audio' ? 'audio' : 'video');
        player.autoplay = true;
        document.body.append(player);
        track.attach(player);
        client.players.push(player);
      });
      conference.on(events.CONFERENCE_FAILED, (...args: Anything[]) => reject(new Error(args.map(asText).join(' '))));
      conference.on(awaitChannel ? events.DATA_CHANNEL_OPENED : events.CONFERENCE_JOINED, () =>
        resolve(conference.myUserId()),
      );
      conference.join();
    });

  (globalThis as Anything).hubClient = {
    join: async (key: string, port: number, token: string, awaitChannel: boolean) =>
      enter(await connect(key, port, token), awaitChannel),
    heard: (key: string) => of(key).heard,
    people: (key: string) =>
      of(key)
        .conference.getParticipants()
        .map((participant: Anything) => {
          const identity = participant.getIdentity?.() ?? participant._identity;
          return {
            id: participant.getId(),
            personId: identity?.user?.id ?? null,
            name: identity?.user?.name ?? null,
            group: identity?.group ?? null,
            displayName: participant.getDisplayName(),
          };
        }),
    received: (key: string) => of(key).received,
    send: (key: string, payload: object, to: string) => {
      try {
        of(key).conference.sendMessage(payload, to, true);
        return 'sent';
      } catch (error) {
        return String(error);
      }
    },
    sendSeries: (key: string, count: number, everyMs: number) =>
      new Promise<void>((resolve) => {
        let n = 0;
        const timer = setInterval(() => {
          of(key).conference.sendMessage({ n }, '', true);
          n += 1;
          if (n < count) return;
          clearInterval(timer);
          resolve();
        }, everyMs);
      }),
    speak: async (key: string) => {
      const client = of(key);
      const [track] = await library.createLocalTracks({ devices: ['audio'] });
      client.local.push(track);
      await client.conference.addTrack(track);
    },
    setMuted: async (key: string, muted: boolean) => {
      const track = of(key).local.find((own) => own.getType() === 'audio');
      await (muted ? track.mute() : track.unmute());
    },
    share: async (key: string) => {
      const client = of(key);
      const canvas = document.createElement('canvas');
      const pen = canvas.getContext('2d') as CanvasRenderingContext2D;
      let n = 0;
      const timer = setInterval(() => {
        pen.fillStyle = `hsl(${(n * 7) % 360} 80% 50%)`;
        pen.fillRect(0, 0, canvas.width, canvas.height);
        n += 1;
      }, 66);
      client.stopPicture = () => clearInterval(timer);
      // There is no screen to choose from, but the library asks the browser for one.
      navigator.mediaDevices.getDisplayMedia = async () => canvas.captureStream(15);
      const [track] = await library.createLocalTracks({ devices: ['desktop'] });
      client.local.push(track);
      await client.conference.addTrack(track);
    },
    unshare: async (key: string) => {
      const client = of(key);
      const track = client.local.find((own) => own.getType() === 'video');
      client.local = client.local.filter((own) => own !== track);
      client.stopPicture();
      await client.conference.removeTrack(track);
    },
    inbound: async (key: string) => {
      const session = of(key).conference.jvbJingleSession;
      const peer = session.peerconnection;
      const report = await peer.peerconnection.getStats();
      return [...report.values()]
        .filter(({ type }: Anything) => type === 'inbound-rtp')
        .map((entry: Anything) => ({
          kind: entry.kind,
          from: peer.signalingLayer.getSSRCOwner(entry.ssrc) ?? '',
          packets: entry.packetsReceived ?? 0,
          lost: entry.packetsLost ?? 0,
          energy: entry.totalAudioEnergy ?? 0,
          framesDecoded: entry.framesDecoded ?? 0,
        }));
    },
    showProperty: (key: string, name: string, value: string) => {
      of(key).conference.setLocalParticipantProperty(name, value);
    },
    propertyOf: (key: string, id: string, name: string) =>
      of(key).conference.getParticipantById(id)?.getProperty(name) ?? null,
    leave: async (key: string) => {
      const client = of(key);
      try {
        await client.conference.leave();
      } catch (error) {
        return String(error);
      } finally {
        await client.connection.disconnect();
      }
      return 'left';
    },
    leaveAll: async (port: number) => {
      for (const [key, client] of [...clients].filter(([, { port: of }]) => of === port)) {
        clients.delete(key);
        client.stopPicture();
        for (const track of client.local) await track.dispose();
        for (const player of client.players) player.remove();
        // It may have left, or lost its connection.
        await client.conference?.leave().catch(() => {});
        await Promise.resolve(client.connection.disconnect()).catch(() => {});
      }
    },
  };
}

/** The page itself, for every path of a hub, which serves the library beside it. Its clients may join other hubs. */
export function serveClientPage(_request: unknown, response: ServerResponse): void {
  const script = `(${clientScript.toString()})()`;
  response.writeHead(200, { 'content-type': 'text/html' });
  response.end(
    `<!doctype html><meta charset="utf-8"><title>hub client</title><script src="/libs/lib-jitsi-meet.min.js"></script><script>${script}</script>`,
  );
}

/** Calls one of the page's functions. */
export function call<Name extends keyof HubClientPage>(
  page: Page,
  name: Name,
  ...args: Parameters<HubClientPage[Name]>
): Promise<Awaited<ReturnType<HubClientPage[Name]>>> {
  return page.evaluate(
    ([fn, parameters]) => {
      const client = (globalThis as unknown as { hubClient: Record<string, (...rest: unknown[]) => unknown> })
        .hubClient;
      return client[fn]?.(...parameters);
    },
    [name, args] as const,
  ) as Promise<Awaited<ReturnType<HubClientPage[Name]>>>;
}
