import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Admission } from '@/lib/core/admission';
import { type Clock, systemClock, systemScheduler } from '@/lib/core/clock';
import type { Log } from '@/lib/core/log';
import type { JitsiCoordinates } from '@/lib/core/meeting';
import { Alerts } from '@/server/alerts/alerts';
import type { Env } from '@/server/env';
import { History } from '@/server/metrics/history';
import { SiteMetrics } from '@/server/metrics/siteMetrics';
import { AvatarStore } from '@/server/store/avatarStore';
import { openDataFolder } from '@/server/store/dataFolder';
import type { Census, MeetingStore } from '@/server/store/meetingStore';
import type { OutboxStore } from '@/server/store/outboxStore';
import { openPgliteStore } from '@/server/store/pgliteStore';
import { openPostgresStore } from '@/server/store/postgresStore';
import { openRecordings } from '@/server/store/recordings/recordingFiles';
import { rootCause, StoreError, unwritableError } from '@/server/store/storeError';
import { AvatarService } from './avatarService';
import { DeploymentFaults } from './deploymentFaults';
import { AvatarInspector } from './inspection/avatarInspector';
import { MeetingFeeds } from './meetings/meetingFeeds';
import { MeetingService } from './meetings/meetingService';
import { Retention } from './meetings/retention';
import { StayKeeper } from './meetings/stayKeeper';
import { Sweeper } from './meetings/sweeper';
import { Drain } from './ops/drain';
import { OpsService } from './ops/opsService';
import { Oversight } from './ops/oversight';
import { RateLimits } from './rateLimits';
import { RecordingService } from './recordings/recordingService';
import { HUB_PLACE, type JitsiPlace, jitsiCoordinates, jitsiRoom } from './tokens/jitsiCoordinates';
import { createVerifier, hubAuthority, issueJoinToken, type TokenAuthority } from './tokens/joinTokens';
import { RecordingRights } from './tokens/recordingRights';
import { readSiteSecret } from './tokens/secrets';

interface RecorderPass {
  readonly coordinates: JitsiCoordinates;
  readonly joinToken: string;
}

/** Everything behind the API, wired. */
export interface Services {
  readonly meetings: MeetingService;
  /** Custom avatars. */
  readonly avatars: AvatarService;
  /** What clients report about the Jitsi deployment. */
  readonly deploymentFaults: DeploymentFaults;
  /** Recordings of meetings; needs a recorder to make them. */
  readonly recordings: RecordingService;
  /** Counts the requests of each address. */
  readonly limits: RateLimits;
  /** A pass into a meeting's conference for the recorder, which has no stay. */
  readonly recorderPass: (meetingId: string) => Promise<RecorderPass>;
  /** Decides who may be in the embedded hub; null if a real deployment takes the hub's place. */
  readonly admission: Admission | null;
  /** The site's origin as the operator set it, or null: then it is taken from each request. */
  readonly publicUrl: string | null;
  readonly proxyHops: number;
  readonly log: Log;
  readonly ops: OpsService;
  /** Refuses new meetings before the process ends. */
  readonly drain: Drain;
  readonly metrics: SiteMetrics;
  readonly alerts: Alerts;
  readonly outbox: OutboxStore;
  /** The site's figures over time. */
  readonly history: History;
  /** Counts who is in meetings now. @throws StoreError */
  census(): Promise<Census>;
  /** Stops sweeping, ends every event stream and closes the database. */
  close(): Promise<void>;
}

function authorityOf(env: Env, siteSecret: string): TokenAuthority | null {
  if (!env.jitsi) return hubAuthority(siteSecret, HUB_PLACE.xmppDomain);
  const { app, xmppDomain } = env.jitsi;
  return app && { issuer: app.id, audience: app.audience, subject: xmppDomain, secret: app.secret };
}

function placeOf({ jitsi, hub }: Env, origin: string): JitsiPlace {
  if (jitsi) return jitsi;
  // Without mod_presence_identity a stock Jitsi passes on what a client writes.
  const identity = hub.as && !hub.as.identity ? 'claimed' : HUB_PLACE.identity;
  return { ...HUB_PLACE, identity, url: origin };
}

/** Opens the database that the settings name: PostgreSQL by `DATABASE_URL`, otherwise the embedded one in `DATA_DIR`. */
function openStore({ databaseUrl, dataDir }: Env, log: Log): Promise<MeetingStore> {
  const onTrouble = (trouble: StoreError) =>
    log.error('the database cannot be used', { reason: trouble.reason, cause: rootCause(trouble) });
  if (databaseUrl === null) return openPgliteStore(dataDir, { onTrouble });
  const onError = (error: Error) => log.warn('lost a database connection', { error: error.message });
  return openPostgresStore(databaseUrl, { onError, onTrouble });
}

/** The version of the project in whose folder the process runs. */
function parleyVersion(): string {
  return (JSON.parse(readFileSync(join(process.cwd(), 'package.json'), 'utf8')) as { readonly version: string })
    .version;
}

/** Opens the data folder, which only this account may then enter. */
async function prepareData({ dataDir }: Env, log: Log): Promise<void> {
  const { mended, isOpen } = await openDataFolder(dataDir);
  if (mended > 0) log.warn('other accounts of this machine could read the data; now they cannot', { dataDir, mended });
  if (isOpen)
    log.warn('other accounts of this machine can enter the data folder: give Parley one of its own', { dataDir });
}

/** What the tokens of the recorder say of it. No person has such an id. */
const RECORDER = { personId: 'recorder', stayId: 'recorder', name: 'Recorder', role: 'spectator' } as const;

const TIDY_INTERVAL_MS = 600_000;
/** Files of a deleted recording whose storage was away are gone within a minute of its return. */
const RECORDINGS_INTERVAL_MS = 10_000;

/** Admits the bearers of tokens whose stay goes on; as a stock Jitsi, which knows nothing of stays, all bearers. */
function createAdmission(env: Env, authority: TokenAuthority, meetings: MeetingService, clock: Clock): Admission {
  const { verify } = createVerifier(authority, clock);
  if (env.hub.as) return { verify, review: async () => [] };
  return {
    async verify(token) {
      const verdict = await verify(token);
      if (!verdict.ok || (await meetings.isStaying(verdict.admitted.stayId))) return verdict;
      return { ok: false, reason: 'tokenInvalid' };
    },
    review: (present) => meetings.review(present),
  };
}

/**
 * Opens the store, migrates it, wires the services and starts sweeping.
 * @param clock Milliseconds since the Unix epoch: `wallClock`.
 * @param open Opens the meeting store: the database that the settings name.
 * @throws StoreError if the database can't be opened, or nothing can be written to the data folder
 */
export async function createServices(
  env: Env,
  clock: Clock,
  log: Log,
  open: typeof openStore = openStore,
): Promise<Services> {
  try {
    await prepareData(env, log);
    const siteSecret = await readSiteSecret(env.dataDir);
    const avatarStore = await AvatarStore.open(join(env.dataDir, 'avatars'), env.avatarsMaxBytes);
    const store = await open(env, log);
    return await wireServices(env, store, avatarStore, siteSecret, clock, log);
  } catch (error) {
    if (error instanceof StoreError) throw error;
    throw unwritableError(error, `The folder ${env.dataDir} (DATA_DIR)`) ?? error;
  }
}

async function wireServices(
  env: Env,
  store: MeetingStore,
  avatarStore: AvatarStore,
  siteSecret: string,
  clock: Clock,
  log: Log,
): Promise<Services> {
  const authority = authorityOf(env, siteSecret);
  const feeds = new MeetingFeeds(store, env.initialQuality, (error) =>
    log.error('a listener to meetings failed', { error: String(error) }),
  );
  const version = parleyVersion();
  const metrics = new SiteMetrics(version, env.maxBandwidthBps);
  const history = new History({ store: store.history, wall: clock });
  const alerts = new Alerts({ env, store: store.outbox, wall: clock, siteSecret, metrics, log });
  alerts.start();
  const limits = new RateLimits(systemClock);
  const drain = new Drain({
    census: () => store.census(),
    announce: (inMs) => feeds.announceRestart(clock.nowMs() + inMs),
    scheduler: systemScheduler,
    log,
  });
  const deploymentFaults = new DeploymentFaults({ clock: systemClock, log });
  const stays = new StayKeeper({ store, wall: clock, steady: systemClock, log });
  const inspector = new AvatarInspector({ log });
  const findWorn = () => store.wornCustomAvatars();
  const avatars = new AvatarService({ store: avatarStore, limits, inspector, findWorn });
  const meetings = new MeetingService({
    store,
    feeds,
    stays,
    limits,
    requireAvatar: (avatar) => avatars.wear(avatar),
    maxParticipants: env.maxParticipants,
    watchMax: env.watchMax,
    bandwidthMaxBps: env.maxBandwidthBps,
    recordings: env.recordings,
    isDraining: () => drain.isOn,
    issueToken: async (bearer) => (authority ? issueJoinToken(authority, bearer, clock) : ''),
    coordinates: (origin, id) => jitsiCoordinates(placeOf(env, origin), id),
    meter: {
      joined: (result) => {
        metrics.joined(result);
        alerts.joined(result);
        history.joined(result);
      },
      reported: (report) => {
        metrics.reported(report);
        alerts.reported(report);
        history.reported(report);
      },
    },
    // Nothing is wrong with Parley's own hub that clients could tell.
    noteFault: (fault, said) => {
      if (!env.jitsi && !env.hub.as) return;
      deploymentFaults.note(fault, said);
      metrics.faultReported(fault);
    },
  });
  const recordings = new RecordingService({
    store,
    feeds,
    limits,
    rights: new RecordingRights(siteSecret, clock),
    storage: openRecordings(env.recordings.place),
    stays,
    settings: env.recordings,
    log,
  });
  const ops = new OpsService({
    token: env.opsToken ?? (await readSiteSecret(env.dataDir, 'ops-token')),
    version,
    limits,
    alerts,
    history,
    oversight: new Oversight({ store, feeds, stays }),
    recordings,
    avatars,
    drain,
    log,
  });
  // No heartbeat could arrive while the server was away.
  await stays.settle();
  const sweeper = new Sweeper('sweep stays', () => meetings.sweep(), log);
  const retention = new Retention({ store, feeds, clock: stays, days: env.retentionDays });
  const tidier = new Sweeper('tidy meetings', () => retention.tidy(), log, TIDY_INTERVAL_MS);
  const recordingSweeper = new Sweeper('tidy recordings', () => recordings.sweep(), log, RECORDINGS_INTERVAL_MS);
  const historySweeper = new Sweeper('tidy the history', () => history.forget(), log, TIDY_INTERVAL_MS);
  const sweepers = [sweeper, tidier, recordingSweeper, historySweeper];
  for (const each of sweepers) each.start();
  return {
    meetings,
    avatars,
    deploymentFaults,
    recordings,
    limits,
    recorderPass: async (meetingId) => ({
      coordinates: jitsiCoordinates(placeOf(env, env.publicUrl ?? ''), meetingId),
      joinToken: authority ? await issueJoinToken(authority, { ...RECORDER, room: jitsiRoom(meetingId) }, clock) : '',
    }),
    admission: env.jitsi || !authority ? null : createAdmission(env, authority, meetings, clock),
    publicUrl: env.publicUrl,
    proxyHops: env.proxyHops,
    log,
    ops,
    drain,
    metrics,
    alerts,
    outbox: store.outbox,
    history,
    census: () => store.census(),
    async close() {
      alerts.close();
      recordings.close();
      await Promise.all([...sweepers.map((each) => each.stop()), inspector.close()]);
      feeds.close();
      await store.close();
    },
  };
}
