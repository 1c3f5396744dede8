import { join } from 'node:path';
import type { Admission } from '@/lib/core/admission';
import type { Clock } from '@/lib/core/clock';
import type { Log } from '@/lib/core/log';
import type { Env } from '@/server/env';
import { createAdmission } from '@/server/services/admission';
import { AvatarService } from '@/server/services/avatarService';
import { HUB_DOMAINS, type JitsiPlace, jitsiCoordinates } from '@/server/services/jitsiCoordinates';
import { hubAuthority, issueJoinToken, type TokenAuthority } from '@/server/services/joinTokens';
import { MeetingRoom } from '@/server/services/meetingRoom';
import { MeetingService } from '@/server/services/meetingService';
import { RateLimits } from '@/server/services/rateLimits';
import { readSiteSecret } from '@/server/services/siteSecret';
import { Sweeper } from '@/server/services/sweeper';
import { AvatarStore } from '@/server/store/avatarStore';
import type { MeetingStore } from '@/server/store/meetingStore';
import { openStore } from '@/server/store/openStore';

/** Everything behind the API, wired. */
export interface Services {
  readonly meetings: MeetingService;
  /** Avatars that people brought along. */
  readonly avatars: AvatarService;
  /** Judges join tokens for the embedded hub; null where a real deployment takes the hub's place. */
  readonly admission: Admission | null;
  /** The embedded hub's XMPP domain. */
  readonly hubDomain: string;
  /** The one site origin the operator named, or null: then each request's own. */
  readonly publicUrl: string | null;
  readonly trustProxy: boolean;
  readonly log: Log;
  /** Stops sweeping, ends every event stream and lets go of the database. */
  close(): Promise<void>;
}

async function authorityOf(env: Env): Promise<TokenAuthority | null> {
  if (!env.jitsi) return hubAuthority(await readSiteSecret(env.dataDir), HUB_DOMAINS.xmppDomain);
  const { app, xmppDomain } = env.jitsi;
  return app && { issuer: app.id, audience: app.audience, subject: xmppDomain, secret: app.secret };
}

function placeOf(env: Env, origin: string): JitsiPlace {
  return env.jitsi ?? { ...HUB_DOMAINS, url: origin };
}

/**
 * Opens the store, migrates it, wires the services and starts sweeping.
 * @param clock Milliseconds since the Unix epoch: `wallClock`.
 * @param open Opens the meeting store: the database that the settings name.
 * @throws StoreError if the database can't be opened.
 */
export async function createServices(
  env: Env,
  clock: Clock,
  log: Log,
  open: typeof openStore = openStore,
): Promise<Services> {
  const authority = await authorityOf(env);
  const avatarStore = await AvatarStore.open(join(env.dataDir, 'avatars'), env.avatarsMaxBytes);
  const store = await open(env, (error) => log.warn('lost a database connection', { error: error.message }));
  return wireServices(env, store, avatarStore, authority, clock, log);
}

async function wireServices(
  env: Env,
  store: MeetingStore,
  avatarStore: AvatarStore,
  authority: TokenAuthority | null,
  clock: Clock,
  log: Log,
): Promise<Services> {
  const room = new MeetingRoom(store, env.initialQuality, (error) =>
    log.error('a listener to meetings failed', { error: String(error) }),
  );
  const limits = new RateLimits(clock);
  const avatars = new AvatarService(avatarStore, limits);
  const meetings = new MeetingService({
    store,
    room,
    clock,
    limits,
    requireAvatar: (avatar) => avatars.requireKnown(avatar),
    maxParticipants: env.maxParticipants,
    bandwidthMaxBps: env.maxBandwidthBps,
    issueToken: async (bearer) => (authority ? issueJoinToken(authority, bearer, clock) : ''),
    coordinates: (origin, id) => jitsiCoordinates(placeOf(env, origin), id),
  });
  await meetings.revive();
  const sweeper = new Sweeper(() => meetings.sweep(), log);
  sweeper.start();
  return {
    meetings,
    avatars,
    admission: env.jitsi || !authority ? null : createAdmission(authority, clock),
    hubDomain: HUB_DOMAINS.xmppDomain,
    publicUrl: env.publicUrl,
    trustProxy: env.trustProxy,
    log,
    async close() {
      await sweeper.stop();
      room.close();
      await store.close();
    },
  };
}
