import { createHmac } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { isPrivateAddress } from './privateAddresses';

/** The receiver has this long, from the name's resolution to the end of its answer. */
const ANSWER_MAX_MS = 5_000;
const SECOND_MS = 1_000;

/** What became of an attempt. */
export type AttemptOutcome =
  | { readonly kind: 'delivered' }
  /** The receiver wants no more of it (410). */
  | { readonly kind: 'unwanted' }
  /** `retryAfterMs`: how long the receiver asks to wait; null if it does not say. */
  | { readonly kind: 'failed'; readonly why: string; readonly retryAfterMs: number | null };

export interface WebhookRequest {
  readonly id: string;
  readonly url: string;
  readonly body: string;
}

export interface WebhookSenderOptions {
  /** `whsec_` and base64. */
  readonly secret: string;
  /** Whether an address may be called that is not on the public internet. */
  readonly allowsPrivate: (message: WebhookRequest) => boolean;
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: () => number;
}

/** The signature of Standard Webhooks (v1): HMAC-SHA256 over id, Unix seconds and body. @param secret `whsec_` and base64 */
export function signWebhook(secret: string, id: string, timestampS: number, body: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestampS}.${body}`).digest('base64')}`;
}

/** A name that resolves to the addresses that were checked, so that it can't mean others a moment later. */
async function pinned(hostname: string, allowsPrivate: boolean): Promise<LookupFunction> {
  const found = await lookup(hostname, { all: true });
  const refused = allowsPrivate ? undefined : found.find(({ address }) => isPrivateAddress(address));
  if (refused) {
    throw new Error(
      `${hostname} is ${refused.address}, which is not on the public internet (ALERT_WEBHOOK_PRIVATE=on)`,
    );
  }
  const [first] = found;
  return (_hostname, options, callback) => {
    if (options.all) callback(null, found);
    else callback(null, first!.address, first!.family);
  };
}

function retryAfterMs(header: string | undefined, nowMs: number): number | null {
  if (header === undefined) return null;
  if (/^\d{1,7}$/.test(header)) return Number(header) * SECOND_MS;
  const atMs = Date.parse(header);
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - nowMs);
}

/** Makes one attempt to deliver. Follows no redirects. Never rejects. */
export async function sendWebhook(message: WebhookRequest, options: WebhookSenderOptions): Promise<AttemptOutcome> {
  const deadline = AbortSignal.timeout(ANSWER_MAX_MS);
  const tooLate = new Promise<never>((_, reject) => {
    deadline.addEventListener('abort', () => reject(new Error(`no answer within ${ANSWER_MAX_MS / SECOND_MS} s`)));
  });
  try {
    return await Promise.race([attempt(message, options, deadline), tooLate]);
  } catch (error) {
    return { kind: 'failed', why: error instanceof Error ? error.message : String(error), retryAfterMs: null };
  }
}

async function attempt(
  message: WebhookRequest,
  { secret, allowsPrivate, nowMs }: WebhookSenderOptions,
  signal: AbortSignal,
): Promise<AttemptOutcome> {
  const { id, url, body } = message;
  const target = new URL(url);
  const resolve = await pinned(target.hostname.replace(/^\[|\]$/g, ''), allowsPrivate(message));
  const timestampS = Math.floor(nowMs() / SECOND_MS);
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'user-agent': 'Parley',
    'webhook-id': id,
    'webhook-timestamp': String(timestampS),
    'webhook-signature': signWebhook(secret, id, timestampS, body),
  };
  const send = target.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((done, reject) => {
    const request = send(target, { method: 'POST', headers, lookup: resolve, signal, agent: false }, (response) => {
      const { statusCode = 0 } = response;
      response.resume();
      response.once('error', reject);
      response.once('end', () => {
        if (statusCode >= 200 && statusCode < 300) return done({ kind: 'delivered' });
        if (statusCode === 410) return done({ kind: 'unwanted' });
        const asked = retryAfterMs(response.headers['retry-after'], nowMs());
        done({ kind: 'failed', why: `the receiver answers ${statusCode}`, retryAfterMs: asked });
      });
    });
    request.once('error', reject);
    request.end(body);
  });
}
