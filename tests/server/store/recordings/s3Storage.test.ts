import { randomBytes } from 'node:crypto';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { S3Place } from '@/server/store/recordings/s3Client';
import { S3Storage } from '@/server/store/recordings/s3Storage';
import { StoreError } from '@/server/store/storeError';
import { recordingStorageContract } from '@/tests/contract/recordingStorage';
import { hasVersitygw, startVersitygw } from '@/tools/run/versitygw.mjs';

type Gateway = NonNullable<Awaited<ReturnType<typeof startVersitygw>>>;

const newId = () => randomBytes(16).toString('hex');
const bytes = (content: string) => Buffer.from(content, 'latin1');
const text = (read: Uint8Array) => Buffer.from(read).toString('latin1');

if (!hasVersitygw())
  console.info('No S3 server: npm test builds one where there is Go. Recordings in S3 are not tested.');

describe.skipIf(!hasVersitygw())('recordings in S3', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = (await startVersitygw('recordings'))!;
  }, 30_000);
  afterAll(() => gateway?.stop());

  const placeIn = (prefix: string, changes: Partial<S3Place> = {}): S3Place => ({
    ...gateway,
    prefix,
    sessionToken: null,
    ...changes,
  });

  recordingStorageContract(async () => () => new S3Storage(placeIn('of parley/')));

  it('recordings under one prefix are not those under another', async () => {
    const [one, other] = [new S3Storage(placeIn('one/')), new S3Storage(placeIn('other/'))];
    const id = newId();
    await one.write(id, 'info.json', bytes('{}'));
    expect(await one.list()).toEqual([id]);
    expect(await other.list()).toEqual([]);
    expect(await other.readWhole(id, 'info.json')).toBeNull();
    await other.remove(id);
    expect(await one.list()).toEqual([id]);
  });

  it('a file of more pieces than one listing or deletion holds is read and removed as a whole', async () => {
    const limits = { requestMaxMs: 15_000, keysMax: 7 };
    const storage = new S3Storage(placeIn('long/'), limits);
    const [id, other] = [newId(), newId()];
    const file = await storage.open(id, 'segments');
    for (let second = 0; second < 30; second += 1) await file.append(bytes(String(second % 10)));
    await storage.write(other, 'info.json', bytes('{}'));
    const reader = new S3Storage(placeIn('long/'), limits);
    expect(await reader.sizeOf(id, 'segments')).toBe(30);
    expect(text(await reader.read(id, 'segments', 5, 20))).toBe('56789012345678901234');
    await reader.remove(id);
    expect(await new S3Storage(placeIn('long/')).sizeOf(id, 'segments')).toBe(0);
    expect(await reader.list()).toEqual([other]);
  });

  it.each([
    [{ secretAccessKey: 'guessed' }, /SignatureDoesNotMatch.*Check AWS_ACCESS_KEY_ID/],
    [{ accessKeyId: 'nobody' }, /(InvalidAccessKeyId|XAdminUserNotFound).*Check AWS_ACCESS_KEY_ID/],
    [{ bucket: 'no-such-bucket' }, /NoSuchBucket.*no such bucket/],
  ] as const)('a storage that refuses says why and what to do: %o', async (changes, words) => {
    const storage = new S3Storage(placeIn('', changes));
    const calls = [
      () => storage.open(newId(), 'segments'),
      () => storage.write(newId(), 'info.json', bytes('{}')),
      () => storage.list(),
      () => storage.remove(newId()),
    ];
    for (const call of calls) {
      const refusal = await call().catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(StoreError);
      expect(refusal).toMatchObject({ reason: 'unwritable', message: expect.stringMatching(words) });
      expect((refusal as Error).message).not.toMatch(/guessed|a-secret-of-these-tests/);
    }
  });

  it('a storage that is away says so, and the same file goes on once it is back', async () => {
    const storage = new S3Storage(placeIn('outage/'));
    const id = newId();
    const file = await storage.open(id, 'segments');
    await file.append(bytes('before'));
    await gateway.kill();
    await expect(file.append(bytes('+after'))).rejects.toMatchObject({ reason: 'unavailable' });
    await expect(storage.read(id, 'segments', 0, 6)).rejects.toMatchObject({ reason: 'unavailable' });
    await gateway.go();
    await file.append(bytes('+after'));
    expect(text(await new S3Storage(placeIn('outage/')).read(id, 'segments', 0, 99))).toBe('before+after');
  });

  describe('over a network that loses answers', () => {
    let relay: Server;
    let losesAnswers = false;
    beforeAll(async () => {
      relay = createServer((request, response) => {
        const target = { port: new URL(gateway.endpoint).port, host: '127.0.0.1' };
        const { method, url, headers } = request;
        const passed = httpRequest({ ...target, method, path: url, headers }, (answer) => {
          if (losesAnswers && method === 'PUT') return void response.destroy();
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(response);
        });
        request.pipe(passed);
      });
      await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
    });
    afterAll(() => new Promise((resolve) => relay.close(resolve)));

    it('an append whose answer was lost is not made twice, and another one in its place replaces it', async () => {
      const endpoint = `http://127.0.0.1:${(relay.address() as AddressInfo).port}`;
      // Signatures cover the host, so that the relay must keep it: the gateway is asked under its own name.
      const storage = new S3Storage(placeIn('lossy/', { endpoint }));
      const id = newId();
      const file = await storage.open(id, 'segments');
      losesAnswers = true;
      await expect(file.append(bytes('one'))).rejects.toMatchObject({ reason: 'unavailable' });
      losesAnswers = false;
      expect(file.sizeBytes).toBe(0);
      await file.append(bytes('one+two'));
      await file.append(bytes('+three'));
      expect(text(await new S3Storage(placeIn('lossy/')).read(id, 'segments', 0, 99))).toBe('one+two+three');
    });
  });
});

describe('recordings in an S3 that is not there', () => {
  it('a storage without a server is out of reach', async () => {
    const keys = { accessKeyId: 'id', secretAccessKey: 'secret', sessionToken: null };
    const storage = new S3Storage({ endpoint: 'http://127.0.0.1:1', region: 'x', bucket: 'b', prefix: '', ...keys });
    await expect(storage.list()).rejects.toMatchObject({ reason: 'unavailable' });
  });
});
