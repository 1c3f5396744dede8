import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { LogLevel } from '@/lib/core/log';
import { SEATS_MAX, SEATS_MIN, type TierName } from '@/lib/core/meeting';
import { MODELS_STORAGE_URL } from '@/lib/core/modelFiles';

/** A setting that can't be used. The message is one sentence that says what to change. */
export class EnvError extends Error {
  override readonly name = 'EnvError';
}

/** How to reach and be admitted to a real Jitsi deployment. */
export interface JitsiDeployment {
  /** `JITSI_URL` without a trailing slash; may have a path. */
  readonly url: string;
  readonly xmppDomain: string;
  readonly mucDomain: string;
  readonly focusDomain: string;
  /** Null for an open deployment, which asks for no token. */
  readonly app: { readonly id: string; readonly secret: string; readonly audience: string } | null;
}

/** The embedded hub's media and bridge channel. */
export interface HubEnv {
  /** Whether voices and shared screens are carried at all. */
  readonly media: boolean;
  /** IP addresses to bind media connections to. */
  readonly mediaAddresses: readonly string[];
  /** UDP ports `[first, last]` for media, or null for any free one. */
  readonly mediaPorts: readonly [number, number] | null;
  /** Addresses told to browsers instead of those bound, behind a 1:1 NAT, or null. */
  readonly mediaAnnounced: readonly string[] | null;
  readonly channel: 'websocket' | 'datachannel';
}

/** The process's settings, checked. See "Configuration" in the README. */
export interface Env {
  readonly port: number;
  /** Address to listen on. `0.0.0.0` lets the local network in. */
  readonly host: string;
  /** Origin under which people reach the site, or null: then it is the one of each request. */
  readonly publicUrl: string | null;
  /** Absolute path. */
  readonly dataDir: string;
  /** Null for the embedded database in {@link dataDir}. */
  readonly databaseUrl: string | null;
  /** Whether `X-Forwarded-For`, `-Proto` and `-Host` are believed. */
  readonly trustProxy: boolean;
  readonly logLevel: LogLevel;
  /** Seats of a meeting that asks for no number, and the most it can ask for. */
  readonly maxParticipants: number;
  /** Most that poses and voices of everybody together may take on the way to one person, bits a second. */
  readonly maxBandwidthBps: number;
  /** The best tier a meeting begins with; senders go on from there as far as {@link maxBandwidthBps} lets them. */
  readonly initialQuality: TierName;
  /** Most that avatars which people bring along may take on the disk, all together. */
  readonly avatarsMaxBytes: number;
  readonly metricsIntervalS: number;
  readonly alertWebhookUrl: string | null;
  /** Absolute path of the folder with the camera's models, which may be empty or absent. */
  readonly modelsDir: string;
  /** Where `npm run models` finds the models, without a trailing slash: Google's storage or a mirror of it. */
  readonly modelsUrl: string;
  /** Further origins from which the page may load motion clips. */
  readonly motionOrigins: readonly string[];
  readonly hub: HubEnv;
  /** Null for the embedded hub. */
  readonly jitsi: JitsiDeployment | null;
}

function wholeNumber(least: number, most: number, byDefault: number) {
  const sentence = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,15}$/, sentence)
    .transform(Number)
    .refine((value) => value >= least && value <= most, sentence)
    .default(byDefault);
}

function isUrl(text: string, protocols: readonly string[]): boolean {
  return URL.canParse(text) && protocols.includes(new URL(text).protocol);
}

const WEB = ['http:', 'https:'];

const origin = z
  .string()
  .refine((text) => isUrl(text, WEB) && `${new URL(text).origin}/` === new URL(text).href, {
    message: 'must be an address without a path, such as https://meet.example.org',
  })
  .transform((text) => new URL(text).origin);

const origins = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .pipe(z.array(origin, 'must be addresses without a path, separated by commas'))
  .default([]);

const webUrl = z.string().refine((text) => isUrl(text, WEB), 'must be an address such as https://meet.example.org');

function isPlainUrl(text: string): boolean {
  if (!isUrl(text, WEB)) return false;
  const { search, hash, username, password } = new URL(text);
  return `${search}${hash}${username}${password}` === '';
}

function plainUrl(sentence: string) {
  return z
    .string()
    .refine(isPlainUrl, sentence)
    .transform((text) => text.replace(/\/+$/, ''));
}

const jitsiUrl = plainUrl('must be an address such as https://jitsi.example.org, without ?, # or user name');

const domain = z.string().regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, 'must be a domain in lower case');

const databaseUrl = z
  .string()
  .refine(
    (text) => isUrl(text, ['postgres:', 'postgresql:']),
    'must be an address such as postgres://user:password@host:5432/parley',
  );

const flag = z
  .enum(['on', 'off', 'true', 'false', '1', '0'], 'must be on or off')
  .transform((text) => ['on', 'true', '1'].includes(text));

const ipAddress = z.string().refine((text) => isIP(text) > 0, 'must be IP addresses, separated by commas');

const addresses = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .pipe(z.array(ipAddress));

const portRange = z
  .string()
  .regex(/^\d{1,5}-\d{1,5}$/, 'must be a range of ports such as 10000-10200')
  .transform((text) => text.split('-').map(Number) as [number, number])
  .refine(([first, last]) => first >= 1 && first <= last && last <= 65_535, {
    message: 'must be a range of ports such as 10000-10200',
  });

const variables = z.object({
  // 0 asks the system for a free port.
  PORT: wholeNumber(0, 65_535, 3000),
  HOST: z
    .string()
    .regex(/^[a-zA-Z0-9.:-]+$/, 'must be an address to listen on, such as 0.0.0.0')
    .default('127.0.0.1'),
  PUBLIC_URL: origin.optional(),
  DATA_DIR: z.string().default('./data'),
  DATABASE_URL: databaseUrl.optional(),
  TRUST_PROXY: flag.default(false),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error'], 'must be debug, info, warn or error').default('info'),
  MAX_PARTICIPANTS: wholeNumber(SEATS_MIN, SEATS_MAX, SEATS_MAX),
  MAX_BANDWIDTH_BPS: wholeNumber(64_000, 100_000_000, 1_500_000),
  INITIAL_QUALITY: z.enum(['high', 'medium', 'low'], 'must be high, medium or low').default('high'),
  AVATARS_MAX_MB: wholeNumber(0, 1_000_000, 2000),
  METRICS_INTERVAL_S: wholeNumber(1, 3600, 5),
  ALERT_WEBHOOK_URL: webUrl.optional(),
  MODELS_DIR: z.string().optional(),
  MODELS_URL: plainUrl(
    'must be an address such as https://mirror.example.org/mediapipe-models, without ?, # or user name',
  ).default(MODELS_STORAGE_URL),
  MOTION_ORIGINS: origins,
  HUB_MEDIA: flag.default(true),
  HUB_MEDIA_ADDRESSES: addresses.optional(),
  HUB_MEDIA_PORTS: portRange.optional(),
  HUB_MEDIA_ANNOUNCED: addresses.optional(),
  HUB_CHANNEL: z.enum(['websocket', 'datachannel'], 'must be websocket or datachannel').default('websocket'),
  JITSI_URL: jitsiUrl.optional(),
  JITSI_XMPP_DOMAIN: domain.optional(),
  JITSI_MUC_DOMAIN: domain.optional(),
  JITSI_FOCUS_DOMAIN: domain.optional(),
  JITSI_APP_ID: z.string().max(256, 'must be at most 256 characters').optional(),
  JITSI_APP_SECRET: z.string().min(8, 'must have at least 8 characters').optional(),
  JITSI_JWT_AUDIENCE: z.string().max(256, 'must be at most 256 characters').optional(),
});

type Variables = z.output<typeof variables>;

function parse(source: Readonly<Record<string, string | undefined>>): Variables {
  const set = Object.entries(source)
    .map(([name, value]) => [name, value?.trim()] as const)
    .filter(([name, value]) => name in variables.shape && value !== undefined && value !== '');
  const result = variables.safeParse(Object.fromEntries(set));
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new EnvError(`The setting ${issue?.path[0]?.toString()} ${issue?.message}.`);
}

const UNSPECIFIED = new Set(['0.0.0.0', '::']);

/** Addresses of this machine's interfaces; link-local ones need a zone that nobody else knows. */
function interfaceAddresses(): string[] {
  const found = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return found.filter(({ address }) => !address.startsWith('fe80:')).map(({ address }) => address);
}

/** Media is bound where the pages are. A name other than `localhost` says nothing about addresses: all of them then. */
function addressesOf(host: string): readonly string[] {
  if (host === 'localhost') return ['127.0.0.1'];
  return isIP(host) > 0 && !UNSPECIFIED.has(host) ? [host] : interfaceAddresses();
}

function hubEnv(read: Variables): HubEnv {
  return {
    media: read.HUB_MEDIA,
    mediaAddresses: read.HUB_MEDIA_ADDRESSES ?? addressesOf(read.HOST),
    mediaPorts: read.HUB_MEDIA_PORTS ?? null,
    mediaAnnounced: read.HUB_MEDIA_ANNOUNCED ?? null,
    channel: read.HUB_CHANNEL,
  };
}

function refuseHalfJitsi(read: Variables): void {
  const dependent = Object.keys(read).find((name) => name.startsWith('JITSI_') && name !== 'JITSI_URL');
  if (dependent && !read.JITSI_URL) {
    throw new EnvError(`The setting ${dependent} needs JITSI_URL, the address of the Jitsi deployment, as well.`);
  }
  if (!read.JITSI_APP_ID !== !read.JITSI_APP_SECRET) {
    throw new EnvError('The settings JITSI_APP_ID and JITSI_APP_SECRET go together: set both, or none of them.');
  }
  if (read.JITSI_JWT_AUDIENCE && !read.JITSI_APP_ID) {
    throw new EnvError('The setting JITSI_JWT_AUDIENCE needs JITSI_APP_ID and JITSI_APP_SECRET as well.');
  }
}

function jitsiApp(read: Variables): JitsiDeployment['app'] {
  if (!read.JITSI_APP_ID || !read.JITSI_APP_SECRET) return null;
  return {
    id: read.JITSI_APP_ID,
    secret: read.JITSI_APP_SECRET,
    audience: read.JITSI_JWT_AUDIENCE ?? read.JITSI_APP_ID,
  };
}

function jitsiDeployment(read: Variables): JitsiDeployment | null {
  refuseHalfJitsi(read);
  if (!read.JITSI_URL) return null;
  const xmppDomain = read.JITSI_XMPP_DOMAIN ?? new URL(read.JITSI_URL).hostname;
  return {
    url: read.JITSI_URL,
    xmppDomain,
    mucDomain: read.JITSI_MUC_DOMAIN ?? `conference.${xmppDomain}`,
    focusDomain: read.JITSI_FOCUS_DOMAIN ?? `focus.${xmppDomain}`,
    app: jitsiApp(read),
  };
}

/**
 * Reads and checks the settings; an empty variable counts as unset.
 * @throws EnvError with one sentence about the first setting that can't be used.
 */
export function readEnv(source: Readonly<Record<string, string | undefined>> = process.env): Env {
  const read = parse(source);
  return {
    port: read.PORT,
    host: read.HOST,
    publicUrl: read.PUBLIC_URL ?? null,
    dataDir: resolve(read.DATA_DIR),
    databaseUrl: read.DATABASE_URL ?? null,
    trustProxy: read.TRUST_PROXY,
    logLevel: read.LOG_LEVEL,
    maxParticipants: read.MAX_PARTICIPANTS,
    maxBandwidthBps: read.MAX_BANDWIDTH_BPS,
    initialQuality: read.INITIAL_QUALITY,
    avatarsMaxBytes: read.AVATARS_MAX_MB * 1_000_000,
    metricsIntervalS: read.METRICS_INTERVAL_S,
    alertWebhookUrl: read.ALERT_WEBHOOK_URL ?? null,
    modelsDir: resolve(read.MODELS_DIR ?? join(read.DATA_DIR, 'models')),
    modelsUrl: read.MODELS_URL,
    motionOrigins: read.MOTION_ORIGINS,
    hub: hubEnv(read),
    jitsi: jitsiDeployment(read),
  };
}
