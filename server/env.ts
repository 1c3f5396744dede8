import { isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { SEATS_MAX, SEATS_MIN } from '@/lib/core/meeting';
import { MODELS_STORAGE_URL } from '@/lib/core/modelFiles';
import {
  absolute,
  addresses,
  appText,
  awsWord,
  databaseUrl,
  domain,
  EnvError,
  flag,
  hops,
  hubFaults,
  hubKind,
  jitsiUrl,
  megabytes,
  optional,
  origin,
  originList,
  origins,
  plainUrl,
  portNumber,
  recordingsUrl,
  replaced,
  type Setting,
  setting,
  webhookSecret,
  webUrls,
  wholeNumber,
} from './env/values';

export { EnvError };

type Table = Readonly<Record<string, Setting<unknown>>>;

type Values<Settings extends Table> = {
  readonly [Key in keyof Settings]: Settings[Key] extends Setting<infer Value> ? Value : never;
};

const GENERAL = {
  /** 0 asks the system for a free port. */
  port: setting('PORT', wholeNumber(0, 65_535, 3000)),
  /** Address to listen on. `0.0.0.0` lets the local network in. */
  host: setting(
    'HOST',
    z
      .string()
      .regex(/^[a-zA-Z0-9.:-]+$/, 'must be an address to listen on, such as 0.0.0.0')
      .default('127.0.0.1'),
  ),
  /** Origin under which people reach the site, or null: then it is the one of each request. */
  publicUrl: optional('PUBLIC_URL', origin),
  /** Absolute path. */
  dataDir: setting('DATA_DIR', z.string().default('./data').transform(absolute)),
  /** Null for the embedded database in {@link dataDir}. */
  databaseUrl: optional('DATABASE_URL', databaseUrl),
  /** Proxies in front, whose entries in `X-Forwarded-For`, `-Proto` and `-Host` are believed. */
  proxyHops: setting('TRUST_PROXY', hops),
  logLevel: setting(
    'LOG_LEVEL',
    z.enum(['debug', 'info', 'warn', 'error'], 'must be debug, info, warn or error').default('info'),
  ),
  /** `json` for programs that gather logs. */
  logFormat: setting('LOG_FORMAT', z.enum(['text', 'json'], 'must be text or json').default('text')),
  /** Seats of a meeting that asks for no number, and the most it can ask for. */
  maxParticipants: setting('MAX_PARTICIPANTS', wholeNumber(SEATS_MIN, SEATS_MAX, SEATS_MAX)),
  /** Spectators of a meeting who get everything as it is said; others can watch its recording while it is made. */
  watchMax: setting('WATCH_MAX', wholeNumber(0, 4000, 200)),
  /** Most that everyone's poses and voices together may take on one person's downlink, bits per second. */
  maxBandwidthBps: setting('MAX_BANDWIDTH_BPS', wholeNumber(64_000, 100_000_000, 1_500_000)),
  /** The best tier that a meeting begins with; senders go on from there as far as {@link maxBandwidthBps} lets them. */
  initialQuality: setting(
    'INITIAL_QUALITY',
    z.enum(['high', 'medium', 'low'], 'must be high, medium or low').default('high'),
  ),
  /** Most that all custom avatars together may take on the disk. */
  avatarsMaxBytes: setting('AVATARS_MAX_MB', megabytes(0, 1_000_000, 2000)),
  /** Days after which ended meetings and the names of those who were in them are deleted. */
  retentionDays: setting('RETENTION_DAYS', wholeNumber(1, 36_500, 30)),
  /** How often the site looks at itself: for the metrics, and for the readiness that it reports. */
  metricsIntervalS: setting('METRICS_INTERVAL_S', wholeNumber(1, 3600, 5)),
  /** Lets its bearer read `/metrics` on the site's own port; null for no one. */
  metricsToken: optional(
    'METRICS_TOKEN',
    z.string().regex(/^[\x21-\x7e]{8,256}$/, 'must be 8 to 256 characters without spaces'),
  ),
  /** What operators show to run the site; null for one in the data folder, made at the first start. */
  opsToken: optional(
    'OPS_TOKEN',
    z.string().regex(/^[\x21-\x7e]{16,256}$/, 'must be 16 to 256 characters without spaces'),
  ),
  /** A port for `/metrics`, `/healthz` and `/readyz` alone, for those inside the network; null for none. */
  metricsPort: optional('METRICS_PORT', portNumber),
  /** How long meetings may go on after SIGTERM, ms. */
  drainMs: setting(
    'DRAIN_S',
    wholeNumber(0, 86_400, 0).transform((seconds) => seconds * 1000),
  ),
  /** Names this process among others of the site, in its alerts. */
  instance: setting('INSTANCE', appText.default(hostname())),
  /** Where alerts are sent. */
  alertWebhookUrls: setting('ALERT_WEBHOOK_URL', webUrls),
  /** Key of their signatures, as Standard Webhooks writes it; null for one made from the site's secret. */
  alertWebhookSecret: optional('ALERT_WEBHOOK_SECRET', webhookSecret),
  /** Whether {@link alertWebhookUrls} may be inside the network. */
  alertWebhookPrivate: setting('ALERT_WEBHOOK_PRIVATE', flag.default(false)),
  /** Absolute path of the folder with the capture models, which may be empty or absent; `models` in the data by default. */
  modelsDir: optional('MODELS_DIR', z.string().transform(absolute)),
  /** Where `npm run models` finds the models, without a trailing slash: Google's storage or a mirror of it. */
  modelsUrl: setting(
    'MODELS_URL',
    plainUrl(
      'must be an address such as https://mirror.example.org/mediapipe-models, without ?, # or user name',
    ).default(MODELS_STORAGE_URL),
  ),
  /** Whether a link may open microphone and webcam without a press in the page: for unattended machines. */
  kiosk: setting('KIOSK', flag.default(false)),
  /** Further origins from which the page may load motion clips. */
  motionOrigins: setting('MOTION_ORIGINS', origins),
};

/** Recordings of meetings, and the storage that keeps them. */
const RECORDINGS = {
  /** `off`: no meeting; `on`: those whose host starts it; `always`: every meeting, whenever somebody has a seat. */
  mode: setting('RECORD', z.enum(['off', 'on', 'always'], 'must be off, on or always').default('on')),
  /** For meetings that say nothing else: whether people in a recorded meeting are told, or asked first. */
  consent: setting('RECORDING_CONSENT', z.enum(['tell', 'ask'], 'must be tell or ask').default('tell')),
  /** Whether recordings can be watched while they are made, by anybody who knows their meeting. */
  live: setting('RECORDING_LIVE', flag.default(true)),
  /** Days after which recordings are deleted. */
  days: setting('RECORDINGS_DAYS', wholeNumber(1, 36_500, 30)),
  /** Hours that one recording may have. */
  maxHours: setting('RECORDING_MAX_HOURS', wholeNumber(1, 500, 12)),
  /** Bytes that one recording may have. */
  maxBytes: setting('RECORDING_MAX_MB', megabytes(1, 1_000_000, 4000)),
  /** Bytes that all recordings of a meeting may have. */
  meetingMaxBytes: setting('RECORDINGS_MEETING_MAX_MB', megabytes(1, 1_000_000, 20_000)),
  /** Bytes that all recordings may have. */
  siteMaxBytes: setting('RECORDINGS_MAX_MB', megabytes(1, 100_000_000, 100_000)),
  /** Bytes that are left free on the disk. */
  freeMinBytes: setting('RECORDINGS_FREE_MB', megabytes(0, 1_000_000, 500)),
  /** Recordings under way at once that people at one address have begun. */
  atOnce: setting('RECORDINGS_AT_ONCE', wholeNumber(1, 10_000, 20)),
  /** Where recordings are kept; null for a folder in the data. */
  url: optional('RECORDINGS_URL', recordingsUrl),
  /** Address of an S3-compatible storage, without a trailing slash; null for Amazon's own. */
  endpoint: optional('AWS_ENDPOINT_URL', plainUrl('must be an address such as https://s3.example.org')),
  region: setting('AWS_REGION', awsWord.default('us-east-1')),
  accessKeyId: optional('AWS_ACCESS_KEY_ID', awsWord),
  secretAccessKey: optional('AWS_SECRET_ACCESS_KEY', awsWord),
  sessionToken: optional('AWS_SESSION_TOKEN', awsWord),
};

/** The embedded hub's media and bridge channel. */
const HUB = {
  /** Absolute path of the lib-jitsi-meet to serve, or null for the one that comes with Parley. */
  library: optional('JITSI_LIB', z.string().transform(absolute)),
  /** Whether voices and shared screens are carried at all. */
  media: setting('HUB_MEDIA', flag.default(true)),
  /** IP addresses to bind media connections to; those of {@link GENERAL.host} by default. */
  mediaAddresses: optional('HUB_MEDIA_ADDRESSES', addresses),
  /** The one port, UDP and TCP, of everybody's media; null for 10000, or any free one if that is taken. */
  mediaPort: optional('HUB_MEDIA_PORT', portNumber),
  /** One port for each connection was needed once. */
  mediaPorts: setting(
    'HUB_MEDIA_PORTS',
    replaced('is replaced by HUB_MEDIA_PORT, one port for everybody: set HUB_MEDIA_PORT=10000 instead'),
  ),
  /** Addresses announced to browsers instead of the bound ones, behind a 1:1 NAT, or null. */
  mediaAnnounced: optional('HUB_MEDIA_ANNOUNCED', addresses),
  /** Null for what the hub offers by itself: a WebSocket, or a data channel as a stock Jitsi. */
  channel: optional('HUB_CHANNEL', z.enum(['websocket', 'datachannel'], 'must be websocket or datachannel')),
  /** Which stock Jitsi the hub behaves as; null for Parley's own. */
  as: setting('HUB_AS', hubKind.nullable().default(null)),
  /** Faults that the hub begins with. */
  faults: setting(
    'HUB_FAULTS',
    hubFaults.default({ allocationMs: 0, noBridgeMs: 0, loseBridgeMs: null, loseXmppMs: null }),
  ),
};

/** A real Jitsi deployment in the hub's place. */
const JITSI = {
  /** Without a trailing slash; may have a path. */
  url: optional('JITSI_URL', jitsiUrl),
  xmppDomain: optional('JITSI_XMPP_DOMAIN', domain),
  mucDomain: optional('JITSI_MUC_DOMAIN', domain),
  focusDomain: optional('JITSI_FOCUS_DOMAIN', domain),
  appId: optional('JITSI_APP_ID', appText),
  appSecret: optional('JITSI_APP_SECRET', z.string().min(8, 'must have at least 8 characters')),
  audience: optional('JITSI_JWT_AUDIENCE', appText),
  /** Origins of bridges that are not below {@link url}, whose channels are WebSockets. */
  bridgeOrigins: optional('JITSI_BRIDGE_ORIGINS', originList),
  /** Whether its Prosody writes every `<identity>` in presence itself (mod_presence_identity). */
  identity: optional('JITSI_IDENTITY', z.enum(['enforced', 'claimed'], 'must be enforced or claimed')),
};

const HOUR_MS = 3_600_000;

type Source = Readonly<Record<string, string | undefined>>;

/** Reads the settings of a table. @throws EnvError about the first that can't be used */
function read<Settings extends Table>(settings: Settings, source: Source): Values<Settings> {
  const values = Object.entries(settings).map(([key, { variable, schema }]) => {
    const result = schema.safeParse(source[variable]?.trim() || undefined);
    if (!result.success) throw new EnvError(`The setting ${variable} ${result.error.issues[0]?.message}.`);
    return [key, result.data];
  });
  return Object.fromEntries(values);
}

const UNSPECIFIED = new Set(['0.0.0.0', '::']);

/** Addresses of this machine's interfaces, without link-local ones, which need a zone that only this machine knows. */
function interfaceAddresses(): string[] {
  const found = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return found.filter(({ address }) => !address.startsWith('fe80:')).map(({ address }) => address);
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '::1']);

/** Ranges of private networks (RFC 1918), in the order in which homes and offices use them. */
const PRIVATE = [/^192\.168\./, /^10\./, /^172\.(1[6-9]|2\d|3[01])\./];

interface MediaAddresses {
  readonly mediaAddresses: readonly string[];
  /** Those of them that only this machine may call. */
  readonly mediaOwnOnly: readonly string[];
}

/**
 * Media is bound where the pages are; for a name other than `localhost`, to all addresses of the machine. For loopback also to
 * one private address, since Firefox uses no loopback address for media; where there is none, to any other, but for callers on
 * this machine only.
 * @param own Addresses of this machine's interfaces
 */
export function mediaAddressesOf(host: string, own: readonly string[]): MediaAddresses {
  if (!LOOPBACK.has(host)) {
    const isOne = isIP(host) > 0 && !UNSPECIFIED.has(host);
    return { mediaAddresses: isOne ? [host] : own, mediaOwnOnly: [] };
  }
  const loopback = host === 'localhost' ? '127.0.0.1' : host;
  const inPrivate = PRIVATE.map((range) => own.find((address) => range.test(address))).find(Boolean);
  if (inPrivate) return { mediaAddresses: [loopback, inPrivate], mediaOwnOnly: [] };
  const others = own.filter((address) => !LOOPBACK.has(address));
  const other = others.find((address) => isIP(address) === 4) ?? others[0];
  return other
    ? { mediaAddresses: [loopback, other], mediaOwnOnly: [other] }
    : { mediaAddresses: [loopback], mediaOwnOnly: [] };
}

function refuseHalfJitsi(jitsi: Values<typeof JITSI>): void {
  const { url, appId, appSecret, audience, identity } = jitsi;
  const dependent = (Object.keys(JITSI) as (keyof typeof JITSI)[]).find((key) => key !== 'url' && jitsi[key] !== null);
  if (dependent && !url) {
    const { variable } = JITSI[dependent];
    throw new EnvError(`The setting ${variable} needs JITSI_URL, the address of the Jitsi deployment, as well.`);
  }
  if (!appId !== !appSecret) {
    throw new EnvError('The settings JITSI_APP_ID and JITSI_APP_SECRET go together: set both, or none of them.');
  }
  if (audience && !appId) {
    throw new EnvError('The setting JITSI_JWT_AUDIENCE needs JITSI_APP_ID and JITSI_APP_SECRET as well.');
  }
  if (identity === 'enforced' && !appId) {
    throw new EnvError(
      'The setting JITSI_IDENTITY=enforced needs JITSI_APP_ID and JITSI_APP_SECRET: without tokens there is no identity.',
    );
  }
}

/** How to reach a real deployment and be admitted, or null for the embedded hub. */
function jitsiDeployment(jitsi: Values<typeof JITSI>) {
  refuseHalfJitsi(jitsi);
  const { url, appId, appSecret, audience } = jitsi;
  if (url === null) return null;
  const xmppDomain = jitsi.xmppDomain ?? new URL(url).hostname;
  return {
    url,
    xmppDomain,
    mucDomain: jitsi.mucDomain ?? `conference.${xmppDomain}`,
    focusDomain: jitsi.focusDomain ?? `focus.${xmppDomain}`,
    bridgeOrigins: jitsi.bridgeOrigins ?? [],
    identity: jitsi.identity ?? 'claimed',
    /** Null for an open deployment, which asks for no token. */
    app: appId && appSecret ? { id: appId, secret: appSecret, audience: audience ?? appId } : null,
  };
}

/** Where recordings are kept: a folder, or a bucket and the keys to it. */
function recordingsPlace(recordings: Values<typeof RECORDINGS>, dataDir: string) {
  const { url, endpoint, region, accessKeyId, secretAccessKey, sessionToken } = recordings;
  if (url?.kind !== 's3') return url ?? ({ kind: 'folder', path: join(dataDir, 'recordings') } as const);
  if (accessKeyId === null || secretAccessKey === null) {
    throw new EnvError('The setting RECORDINGS_URL needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY as well.');
  }
  const api = endpoint ?? `https://s3.${region}.amazonaws.com`;
  return { ...url, endpoint: api, region, accessKeyId, secretAccessKey, sessionToken };
}

/**
 * Reads and checks the settings; an empty variable counts as unset.
 * @throws EnvError with one sentence about the first setting that can't be used
 */
export function readEnv(source: Source = process.env) {
  const { logLevel: level, logFormat: format, ...general } = read(GENERAL, source);
  const { mediaPorts: _, ...hub } = read(HUB, source);
  const { mediaAddresses: named } = hub;
  const jitsi = jitsiDeployment(read(JITSI, source));
  if (jitsi && hub.library) {
    throw new EnvError(
      'The setting JITSI_LIB goes without JITSI_URL: a deployment serves its own library. Leave one out.',
    );
  }
  const recordings = read(RECORDINGS, source);
  const { mode, consent, live, days, maxHours, maxBytes, meetingMaxBytes, siteMaxBytes, freeMinBytes, atOnce } =
    recordings;
  const quota = { maxMs: maxHours * HOUR_MS, maxBytes, meetingMaxBytes, siteMaxBytes, freeMinBytes, atOnce };
  return {
    ...general,
    log: { level, format },
    recordings: { mode, consent, live, days, quota, place: recordingsPlace(recordings, general.dataDir) },
    modelsDir: general.modelsDir ?? join(general.dataDir, 'models'),
    hub: {
      ...hub,
      ...(named ? { mediaAddresses: named, mediaOwnOnly: [] } : mediaAddressesOf(general.host, interfaceAddresses())),
    },
    /** Null for the embedded hub. */
    jitsi,
  };
}

/** The process's settings, checked. `docs/settings.md` describes them. */
export type Env = ReturnType<typeof readEnv>;
