import { createHash } from 'node:crypto';
import { AwsClient } from 'aws4fetch';
import { StoreError } from '@/server/store/storeError';

/** A bucket, and who may use it. */
export interface S3Place {
  /** Address of the S3 API, without a slash at its end. */
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  /** Begins every key; '' or with a slash at its end. */
  readonly prefix: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | null;
}

/** An object in a listing. `key` is without the place's prefix. */
export interface S3Object {
  readonly key: string;
  readonly sizeBytes: number;
}

/** One page of a listing. */
interface Page {
  readonly objects: readonly S3Object[];
  /** What follows the prefix up to the next slash, where the listing stops there. */
  readonly folders: readonly string[];
  readonly next: string | null;
}

interface ListOptions {
  readonly startAfter?: string;
  readonly delimiter?: '/';
}

/** Limits of requests. */
export interface S3Limits {
  /** How long one may take. */
  readonly requestMaxMs: number;
  /** Most keys that one lists or deletes. */
  readonly keysMax: number;
}

/** 1000 keys are S3's own limit. */
const LIMITS: S3Limits = { requestMaxMs: 15_000, keysMax: 1000 };

/** Requests after the first, where the server says that it can't answer now. */
const RETRIES = 2;

/** The requests that recordings need, of the S3 API in path style. Keys are without the place's prefix. */
export class S3Client {
  private readonly client: AwsClient;
  private readonly base: string;

  constructor(
    private readonly place: S3Place,
    private readonly limits = LIMITS,
  ) {
    const { accessKeyId, secretAccessKey, sessionToken, region, endpoint, bucket } = place;
    const session = sessionToken === null ? {} : { sessionToken };
    this.client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries: RETRIES, ...session });
    this.base = `${endpoint}/${bucket}`;
  }

  /** The bytes of an object, or a range of them; null if there is none. @throws StoreError */
  async get(key: string, range?: { readonly atByte: number; readonly sizeBytes: number }): Promise<Uint8Array | null> {
    const bytes = range && `bytes=${range.atByte}-${range.atByte + range.sizeBytes - 1}`;
    const response = await this.ask(key, { headers: bytes ? { range: bytes } : {} });
    if (response.status === 404) return null;
    return new Uint8Array(await this.bodyOf(response));
  }

  /** Metadata `note` of an object; null if there is none, or the object has none. @throws StoreError */
  async noteOf(key: string): Promise<string | null> {
    const response = await this.ask(key, { method: 'HEAD' });
    return response.ok ? response.headers.get('x-amz-meta-note') : null;
  }

  /** Writes an object, in place of another one. @throws StoreError */
  async put(key: string, bytes: Uint8Array): Promise<void> {
    await this.ask(key, { method: 'PUT', body: bytes as BufferSource });
  }

  /** Writes an object with metadata `note`, unless there is one. Returns whether there was none. @throws StoreError */
  async putNew(key: string, bytes: Uint8Array, note: string): Promise<boolean> {
    const headers = { 'if-none-match': '*', 'x-amz-meta-note': note };
    const { status } = await this.ask(key, { method: 'PUT', body: bytes as BufferSource, headers });
    return status !== 412 && status !== 409;
  }

  /** Every object whose key begins with `prefix`, in the order of keys. @throws StoreError */
  async list(prefix: string, startAfter?: string): Promise<S3Object[]> {
    const found: S3Object[] = [];
    for await (const { objects } of this.pages(prefix, { startAfter })) found.push(...objects);
    return found;
  }

  /** The folders at the top. @throws StoreError */
  async folders(): Promise<string[]> {
    const found: string[] = [];
    for await (const { folders } of this.pages('', { delimiter: '/' })) found.push(...folders);
    return found;
  }

  /** Deletes objects; those that are not there are no failure. @throws StoreError */
  async delete(keys: readonly string[]): Promise<void> {
    const { keysMax } = this.limits;
    for (let from = 0; from < keys.length; from += keysMax) {
      await this.deleteSome(keys.slice(from, from + keysMax));
    }
  }

  private async deleteSome(keys: readonly string[]): Promise<void> {
    const objects = keys.map((key) => `<Object><Key>${escapeXml(this.place.prefix + key)}</Key></Object>`).join('');
    const body = `<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Quiet>true</Quiet>${objects}</Delete>`;
    const md5 = createHash('md5').update(body).digest('base64');
    const headers = { 'content-md5': md5, 'content-type': 'application/xml' };
    const response = await this.ask('', { method: 'POST', body, headers }, '?delete=');
    const answer = new TextDecoder().decode(await this.bodyOf(response));
    const code = /<Error>[\s\S]*?<Code>([^<]*)<\/Code>/.exec(answer)?.[1];
    if (code !== undefined) throw this.refusal(code);
  }

  private async *pages(prefix: string, { startAfter, delimiter }: ListOptions): AsyncGenerator<Page, void, void> {
    const whole = this.place.prefix + prefix;
    let next: string | null = null;
    do {
      const query = new URLSearchParams({ 'list-type': '2', 'max-keys': String(this.limits.keysMax), prefix: whole });
      if (delimiter) query.set('delimiter', delimiter);
      if (next !== null) query.set('continuation-token', next);
      else if (startAfter !== undefined) query.set('start-after', this.place.prefix + startAfter);
      const response = await this.ask('', {}, `?${query}`);
      const page = readPage(new TextDecoder().decode(await this.bodyOf(response)), this.place.prefix.length);
      yield page;
      next = page.next;
    } while (next !== null);
  }

  /** The answer to a request, if it is one that callers handle: fine, not there, or there already. @throws StoreError */
  private async ask(key: string, init: RequestInit, query = ''): Promise<Response> {
    const url = key === '' ? `${this.base}${query}` : `${this.base}/${this.place.prefix}${key}`;
    const response = await this.send(url, init);
    const { status } = response;
    if (response.ok || status === 412 || status === 409) return response;
    const code = /<Code>([^<]*)<\/Code>/.exec(await this.textOf(response))?.[1] ?? '';
    // An answer to HEAD has no body, and so no code.
    if (status === 404 && (code === 'NoSuchKey' || code === '')) return response;
    if (status === 429 || status === 408 || (status >= 500 && status !== 507)) throw this.away(`${status} ${code}`);
    throw this.refusal(code || String(status));
  }

  private async send(url: string, init: RequestInit): Promise<Response> {
    try {
      return await this.client.fetch(url, { ...init, signal: AbortSignal.timeout(this.limits.requestMaxMs) });
    } catch (error) {
      throw this.away(error);
    }
  }

  private async bodyOf(response: Response): Promise<ArrayBuffer> {
    return response.arrayBuffer().catch((error: unknown) => {
      throw this.away(error);
    });
  }

  private async textOf(response: Response): Promise<string> {
    return response.text().catch(() => '');
  }

  private away(cause: unknown): StoreError {
    const { endpoint } = this.place;
    return new StoreError('unavailable', `The storage of the recordings (${endpoint}) can't be reached right now.`, {
      cause: typeof cause === 'string' ? new Error(cause) : cause,
    });
  }

  private refusal(code: string): StoreError {
    const { endpoint, bucket } = this.place;
    const advice = REFUSALS[code] ?? 'Check RECORDINGS_URL, AWS_REGION and the keys.';
    const what = `The storage of the recordings (bucket ${bucket} at ${endpoint}) refuses`;
    return new StoreError('unwritable', `${what}: ${code}. ${advice}`);
  }
}

const KEYS = 'Check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.';
const FULL = 'It is full. Make room.';

/** What to do, by the code of S3's refusal. */
const REFUSALS: Readonly<Record<string, string>> = {
  AccessDenied: 'These keys may not use it. Give them the rights to list, read, write and delete.',
  InvalidAccessKeyId: KEYS,
  // Versity's word for the same.
  XAdminUserNotFound: KEYS,
  SignatureDoesNotMatch: KEYS,
  NoSuchBucket: 'There is no such bucket. Create it, or correct RECORDINGS_URL.',
  QuotaExceeded: FULL,
  XMinioStorageFull: FULL,
  507: FULL,
  PermanentRedirect: 'The bucket is in another region: set AWS_REGION.',
  AuthorizationHeaderMalformed: 'The bucket is in another region: set AWS_REGION.',
  RequestTimeTooSkewed: 'The clock of this machine is wrong. Set it.',
};

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function unescapeXml(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}

function textIn(xml: string, tag: string): string | null {
  const found = new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(xml)?.[1];
  return found === undefined ? null : unescapeXml(found);
}

/** An answer to ListObjectsV2. `skip` letters of each key are the place's prefix. */
function readPage(xml: string, skip: number): Page {
  const parts = (tag: string) =>
    Array.from(xml.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, 'g')), ([, part]) => part!);
  return {
    objects: parts('Contents').map((part) => ({
      key: (textIn(part, 'Key') ?? '').slice(skip),
      sizeBytes: Number(textIn(part, 'Size')),
    })),
    folders: parts('CommonPrefixes').map((part) => (textIn(part, 'Prefix') ?? '').slice(skip, -1)),
    next: textIn(xml, 'IsTruncated') === 'true' ? textIn(xml, 'NextContinuationToken') : null,
  };
}
