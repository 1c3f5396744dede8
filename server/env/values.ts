import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { z } from 'zod';

/** A setting that can't be used. The message is one sentence that says what to change. */
export class EnvError extends Error {
  override readonly name = 'EnvError';
}

export function wholeNumber(least: number, most: number, byDefault: number) {
  const sentence = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,15}$/, sentence)
    .transform(Number)
    .refine((value) => value >= least && value <= most, sentence)
    .default(byDefault);
}

/** A whole number of megabytes, as bytes. */
export function megabytes(least: number, most: number, byDefault: number) {
  return wholeNumber(least, most, byDefault).transform((count) => count * 1_000_000);
}

export const portNumber = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a port such as 10000')
  .transform(Number)
  .refine((port) => port >= 1 && port <= 65_535, 'must be a port such as 10000');

function isUrl(text: string, protocols: readonly string[]): boolean {
  return URL.canParse(text) && protocols.includes(new URL(text).protocol);
}

const WEB = ['http:', 'https:'];

export const origin = z
  .string()
  .refine((text) => isUrl(text, WEB) && `${new URL(text).origin}/` === new URL(text).href, {
    message: 'must be an address without a path, such as https://meet.example.org',
  })
  .transform((text) => new URL(text).origin);

export const originList = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .pipe(z.array(origin, 'must be addresses without a path, separated by commas'));

export const origins = originList.default([]);

const WEBHOOKS = 'must be addresses such as https://alerts.example.org/hook, separated by commas';

/** None where it is not set. */
export const webUrls = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .pipe(z.array(z.string().refine((text) => isUrl(text, WEB), WEBHOOKS)))
  .default([]);

const SECRET_MIN_BYTES = 24;

export const webhookSecret = z
  .string()
  .regex(/^whsec_[A-Za-z0-9+/]+=*$/, 'must be whsec_ and base64')
  .refine((text) => Buffer.from(text.slice('whsec_'.length), 'base64').length >= SECRET_MIN_BYTES, {
    message: `must have at least ${SECRET_MIN_BYTES} bytes of base64 after whsec_`,
  });

function isPlainUrl(text: string): boolean {
  if (!isUrl(text, WEB)) return false;
  const { search, hash, username, password } = new URL(text);
  return `${search}${hash}${username}${password}` === '';
}

export function plainUrl(sentence: string) {
  return z
    .string()
    .refine(isPlainUrl, sentence)
    .transform((text) => text.replace(/\/+$/, ''));
}

export const jitsiUrl = plainUrl('must be an address such as https://jitsi.example.org, without ?, # or user name');

export const domain = z.string().regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, 'must be a domain in lower case');

export const databaseUrl = z
  .string()
  .refine(
    (text) => isUrl(text, ['postgres:', 'postgresql:']),
    'must be an address such as postgres://user:password@host:5432/parley',
  );

export const flag = z
  .enum(['on', 'off', 'true', 'false', '1', '0'], 'must be on or off')
  .transform((text) => ['on', 'true', '1'].includes(text));

const PROXIES_MAX = 16;
const HOPS = `must be on, off or the number of proxies in front, at most ${PROXIES_MAX}`;

/** `on` means one proxy, `off` none. */
export const hops = z
  .string()
  .regex(/^(on|off|true|false|\d{1,2})$/, HOPS)
  .transform((text) => (/^\d/.test(text) ? Number(text) : Number(text === 'on' || text === 'true')))
  .refine((value) => value <= PROXIES_MAX, HOPS)
  .default(0);

/** How a stock Jitsi may be set up; see `JicofoVariant` of the hub. */
interface JicofoSetup {
  readonly identity?: boolean;
  readonly checksTokens?: boolean;
  readonly owners?: 'none' | 'everybody';
  readonly bridgeSources?: boolean;
}

/** By the word in `HUB_AS`. */
const JICOFO_WORDS: Readonly<Record<string, JicofoSetup>> = {
  identity: { identity: true },
  jwt: { checksTokens: true },
  'no-owner': { owners: 'none' },
  'all-owners': { owners: 'everybody' },
  'no-jvb': { bridgeSources: false },
};

const AS = `must be parley, or jicofo with any of +${Object.keys(JICOFO_WORDS).join(', +')}`;

/** Null for Parley's own hub. */
export const hubKind = z
  .string()
  .transform((text) => text.split('+'))
  .refine(([kind, ...words]) => kind === 'jicofo' || (kind === 'parley' && words.length === 0), AS)
  .refine(([, ...words]) => words.every((word) => Object.hasOwn(JICOFO_WORDS, word)), AS)
  .transform(([kind, ...words]): JicofoSetup | null =>
    kind === 'parley' ? null : Object.assign({}, ...words.map((word) => JICOFO_WORDS[word])),
  );

const FAULTS =
  'must be any of slow-bridge=SECONDS, no-bridge=SECONDS, lose-bridge=SECONDS and lose-xmpp=SECONDS, separated by commas';

export const hubFaults = z
  .string()
  .regex(/^((slow|no|lose)-bridge|lose-xmpp)=\d{1,4}(,((slow|no|lose)-bridge|lose-xmpp)=\d{1,4}){0,3}$/, FAULTS)
  .transform((text) => new Map(text.split(',').map((part) => part.split('=') as [string, string])))
  .transform((seconds) => {
    const ms = (name: string) => (seconds.has(name) ? Number(seconds.get(name)) * 1_000 : null);
    return {
      allocationMs: ms('slow-bridge') ?? 0,
      noBridgeMs: ms('no-bridge') ?? 0,
      loseBridgeMs: ms('lose-bridge'),
      loseXmppMs: ms('lose-xmpp'),
    };
  });

const ipAddress = z.string().refine((text) => isIP(text) > 0, 'must be IP addresses, separated by commas');

export const addresses = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .pipe(z.array(ipAddress));

/** A setting that another has replaced. */
export function replaced(sentence: string) {
  return z
    .string()
    .optional()
    .refine((text) => text === undefined, sentence);
}

const RECORDINGS_URL = 'must be an address such as s3://bucket/folder or file:///srv/recordings';
/** Names of buckets (S3), and folders in them of letters that need no escape. */
const S3_URL = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([\w.-]+(?:\/[\w.-]+)*))?\/?$/;
/** A folder whose path needs no escape. */
const FOLDER_URL = /^file:\/\/(\/[^?#%]*)$/;

function recordingsPlace(text: string) {
  const [, bucket, folder] = S3_URL.exec(text) ?? [];
  if (bucket !== undefined) return { kind: 's3', bucket, prefix: folder ? `${folder}/` : '' } as const;
  const path = FOLDER_URL.exec(text)?.[1];
  return path === undefined ? null : ({ kind: 'folder', path: absolute(path) } as const);
}

/** A bucket and the beginning of every key in it, or a folder. */
export const recordingsUrl = z.string().transform((text, context) => {
  const place = recordingsPlace(text);
  if (place) return place;
  context.addIssue({ code: 'custom', message: RECORDINGS_URL });
  return z.NEVER;
});

/** A word of a request to Amazon's services, or to others that speak as they do. */
export const awsWord = z.string().regex(/^[\x21-\x7e]{1,4096}$/, 'must be letters without spaces');

export const absolute = (path: string) => resolve(path);

export const appText = z.string().max(256, 'must be at most 256 characters');

/** One setting: the variable that holds it, and its valid values. */
export interface Setting<Value> {
  readonly variable: string;
  readonly schema: z.ZodType<Value>;
}

export function setting<Value>(variable: string, schema: z.ZodType<Value>): Setting<Value> {
  return { variable, schema };
}

/** A setting that is null if its variable is not set. */
export function optional<Value>(variable: string, schema: z.ZodType<Value>): Setting<Value | null> {
  return { variable, schema: schema.nullable().default(null) };
}
