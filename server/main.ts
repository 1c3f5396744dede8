import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import next from 'next';
import type { Admission } from '@/lib/core/admission';
import { wallClock } from '@/lib/core/clock';
import type { Log } from '@/lib/core/log';
import { DEFAULT_MEDIA_PORT, type MediaSettings } from '@/server/hub/media/mediaContract';
import { ApiHandler } from './api/apiHandler';
import { type Env, readEnv } from './env';
import { AvatarFiles } from './files/avatarFiles';
import { RecordingFiles } from './files/recordingFiles';
import { CaptureFiles, NoticesFile, siteAvatars } from './files/siteFiles';
import { createHttpServer } from './http/httpServer';
import { pageFiles } from './http/pageGate';
import { findLibrary } from './hub/clientLibrary';
import { HubProcess } from './hubProcess/hubProcess';
import { Operations } from './metrics/operations';
import { SpectatorRecorder } from './recorder/spectators/spectatorRecorder';
import { provideRuntime } from './runtime';
import { createServerLog } from './serverLog';
import { createServices, type Services } from './services/services';
import { HUB_PLACE } from './services/tokens/jitsiCoordinates';

/** How long connections may take to close before the process exits anyway. */
const SHUTDOWN_MAX_MS = 1_500;

/** Listening addresses that a browser on this machine reaches as `localhost`. */
const ON_THIS_MACHINE: ReadonlySet<string> = new Set(['127.0.0.1', '0.0.0.0', '::1', '::']);

function mediaSettings({ hub }: Env): MediaSettings | null {
  if (!hub.media) return null;
  const { mediaAddresses: addresses, mediaOwnOnly: ownOnly, mediaPort, mediaAnnounced: announcedAddresses } = hub;
  const port = mediaPort ?? DEFAULT_MEDIA_PORT;
  return { addresses, ownOnly, port, mayFallBack: mediaPort === null, announcedAddresses };
}

/** Asks services that have yet to start. */
function admissionOf(starting: Promise<Services>): Admission {
  const admission = async () => {
    const { admission } = await starting;
    if (!admission) throw new Error('There is no hub beside a deployment.');
    return admission;
  };
  return {
    verify: async (token) => (await admission()).verify(token),
    review: async (present) => (await admission()).review(present),
  };
}

async function startHub(env: Env, starting: Promise<Services>, log: Log): Promise<HubProcess | null> {
  if (env.jitsi) return null;
  const libJitsiMeetPath = await findLibrary(env.hub.library);
  const hub = await HubProcess.start({
    settings: {
      domain: HUB_PLACE.xmppDomain,
      publicUrl: env.publicUrl ?? undefined,
      proxyHops: env.proxyHops,
      media: mediaSettings(env),
      bridgeChannel: env.hub.channel ?? undefined,
      jicofo: env.hub.as,
      faults: env.hub.faults,
      log: env.log,
      statsEveryMs: env.metricsIntervalS * 1000,
      recordings: env.recordings.mode === 'off' ? null : env.recordings.place,
    },
    admission: admissionOf(starting),
    libJitsiMeetPath,
    log,
  });
  const { loseBridgeMs, loseXmppMs } = env.hub.faults;
  if (loseBridgeMs !== null || loseXmppMs !== null) process.on('SIGUSR2', () => hub.strike());
  // A stock Jitsi knows nothing of meetings and stays.
  if (env.hub.as) return hub;
  const services = await starting;
  services.meetings.events.on('ended', ({ id }) => hub.endRoom(id));
  services.meetings.events.on('left', ({ id, personId, stayId, reason }) => {
    hub.revokeStay(stayId);
    // A replaced stay goes on as a newer one, whose own connection replaces the old one in the conference.
    if (reason !== 'replaced') hub.removePerson(id, personId);
  });
  return hub;
}

function createSpectators(env: Env, services: Services, log: Log): SpectatorRecorder {
  const { recorderPass: passOf } = services;
  return new SpectatorRecorder({ passOf, place: env.recordings.place, logSettings: env.log, log });
}

function listen(server: Server, env: Env): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(env.port, env.host, () => resolve((server.address() as AddressInfo).port));
  });
}

function refuse(error: unknown, env: Env | null): never {
  const code = (error as NodeJS.ErrnoException).code;
  const taken = code === 'EADDRINUSE' && env;
  console.error(taken ? `Port ${env.port} is taken. Stop what uses it, or choose another with PORT.` : describe(error));
  process.exit(1);
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** SIGTERM waits for `drained`, Ctrl-C and a second signal do not. */
function endOnSignal(drained: () => Promise<void>, close: () => Promise<void>): void {
  let state: 'running' | 'draining' | 'closing' = 'running';
  const end = () => {
    // Another Ctrl-C means now.
    if (state === 'closing') process.exit(0);
    state = 'closing';
    setTimeout(() => process.exit(0), SHUTDOWN_MAX_MS).unref();
    close().then(
      () => process.exit(0),
      () => process.exit(0),
    );
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', () => {
    if (state !== 'running') return end();
    state = 'draining';
    void drained().then(() => state === 'draining' && end());
  });
}

async function serve(env: Env, dev: boolean): Promise<void> {
  const log = createServerLog(env.log);
  const starting = createServices(env, wallClock, log);
  const pages = next({ dev, dir: process.cwd(), hostname: env.host, port: env.port });
  // Each takes about as long as the others, and each waits for something: the time until people are back counts.
  const [services, hub] = await Promise.all([starting, startHub(env, starting, log), pages.prepare()]);
  const spectators = env.jitsi && env.recordings.mode !== 'off' ? createSpectators(env, services, log) : null;
  const recorder = hub?.recorder ?? spectators;
  if (recorder) await services.recordings.useRecorder(recorder);
  const operations = new Operations({
    env,
    metrics: services.metrics,
    census: services.census,
    outbox: services.outbox,
    alerts: services.alerts,
    drain: services.drain,
    history: services.history,
    recordings: () => services.recordings.underWay,
    hub,
    recorder,
  });
  services.alerts.watch(recorder);
  services.ops.watch(operations);
  await operations.start();
  const api = new ApiHandler(services);
  provideRuntime({
    findMeeting: (id, ip) => api.findMeeting(id, ip),
    findRecording: (right, ip) => api.findRecording(right, ip),
    isKiosk: env.kiosk,
  });

  const handlePage = pages.getRequestHandler();
  const notices = new NoticesFile(join(process.cwd(), '.build', 'third-party-notices.txt'), log);
  const files = [
    siteAvatars(process.cwd(), log),
    new AvatarFiles(services),
    new RecordingFiles(services),
    new CaptureFiles(env.modelsDir, log),
    notices,
  ];
  const handlers = [...(hub ? [hub] : []), api, ...files];
  const server = createHttpServer({
    env,
    dev,
    probes: operations.probes,
    handlers,
    handlePage,
    files: pageFiles(process.cwd()),
    log,
  });
  const port = await listen(server, env);

  const close = async () => {
    services.drain.begin();
    services.meetings.stop();
    server.close();
    await Promise.all([hub?.close(), spectators?.close()]);
    server.closeAllConnections();
    operations.close();
    await services.close();
    await pages.close();
  };
  endOnSignal(() => services.drain.untilEmpty(env.drainMs), close);
  const shownHost = ON_THIS_MACHINE.has(env.host) ? 'localhost' : env.host;
  console.log(`Parley is at ${env.publicUrl ?? `http://${shownHost}:${port}`}`);
}

/** Starts the process: settings, database, hub, pages. If that fails, prints one sentence and exits. */
export async function main({ dev }: { readonly dev: boolean }): Promise<void> {
  let env: Env | null = null;
  try {
    env = readEnv();
    await serve(env, dev);
  } catch (error) {
    refuse(error, env);
  }
}
