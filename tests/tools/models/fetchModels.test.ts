import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ModelFile } from '@/lib/core/modelFiles';
import { fetchModels, runModelsCommand } from '@/tools/models/fetchModels';

const BODY = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 7) % 251));

const FILE: ModelFile = {
  name: 'small.task',
  path: 'small/float16/1/small.task',
  sizeBytes: BODY.length,
  sha256: createHash('sha256').update(BODY).digest('hex'),
};

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** Answers as Google's storage does, with the bytes of `body` from where the request asks. */
function ranged(body = BODY): Answer {
  return ({ headers }, response) => {
    const from = Number(/bytes=(\d+)-/.exec(headers.range ?? '')?.[1] ?? 0);
    if (from >= body.length) return response.writeHead(416).end();
    const range = { 'content-range': `bytes ${from}-${body.length - 1}/${body.length}` };
    response.writeHead(from > 0 ? 206 : 200, from > 0 ? range : {}).end(body.subarray(from));
  };
}

describe('fetching models', () => {
  let folder: string;
  let server: Server;
  let answers: Answer[];
  let asked: { path: string; range: string | undefined }[];
  let baseUrl: string;

  beforeEach(async () => {
    folder = join(mkdtempSync(join(tmpdir(), 'parley-fetch-')), 'models');
    answers = [ranged()];
    asked = [];
    server = createServer((request, response) => {
      asked.push({ path: request.url ?? '', range: request.headers.range });
      (answers.length > 1 ? answers.shift()! : answers[0]!)(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mirror`;
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
    rmSync(join(folder, '..'), { recursive: true });
  });

  async function run() {
    const heard: string[] = [];
    let most = 0;
    await fetchModels({
      baseUrl,
      folder,
      files: [FILE],
      delayMs: () => 1,
      onKept: ({ name }) => heard.push(`kept ${name}`),
      onProgress: (_, bytes) => {
        most = Math.max(most, bytes);
      },
      onFetched: ({ name }) => heard.push(`fetched ${name}`),
    });
    return { heard, most };
  }

  const whole = () => readFileSync(join(folder, FILE.name)).equals(BODY);

  it('fetchModels fetches a model into a folder that it creates, and then leaves it alone', async () => {
    expect(await run()).toEqual({ heard: ['fetched small.task'], most: BODY.length });
    expect(whole()).toBe(true);
    expect(asked).toEqual([{ path: '/mirror/small/float16/1/small.task', range: undefined }]);
    expect((await run()).heard).toEqual(['kept small.task']);
    expect(asked).toHaveLength(1);
    expect(existsSync(join(folder, 'small.task.part'))).toBe(false);
  });

  it('fetchModels replaces a file that is not the model', async () => {
    await run();
    writeFileSync(join(folder, FILE.name), 'garbage');
    expect((await run()).heard).toEqual(['fetched small.task']);
    expect(whole()).toBe(true);
  });

  it('fetchModels continues a download where an earlier run ended', async () => {
    await run();
    rmSync(join(folder, FILE.name));
    writeFileSync(join(folder, 'small.task.part'), BODY.subarray(0, 100_000));
    await run();
    expect(asked.at(-1)!.range).toBe('bytes=100000-');
    expect(whole()).toBe(true);
  });

  it('fetchModels continues a download by itself when the connection breaks', async () => {
    answers = [
      (_, response) => {
        response.writeHead(200, { 'content-length': BODY.length });
        response.write(BODY.subarray(0, 50_000), () => setTimeout(() => response.destroy(), 100));
      },
      ranged(),
    ];
    await run();
    expect(asked[1]!.range).toMatch(/^bytes=[1-9]\d*-$/);
    expect(whole()).toBe(true);
  });

  it.each([
    ['has no ranges', (_, response) => response.end(BODY)],
    ['does not have the range asked for', ranged(BODY)],
  ] as [string, Answer][])('starts a download again if the server %s', async (why, answer) => {
    answers = [why === 'has no ranges' ? answer : (_, response) => response.writeHead(416).end(), answer];
    mkdirSync(folder);
    writeFileSync(join(folder, 'small.task.part'), Buffer.alloc(200_000));
    await run();
    expect(whole()).toBe(true);
  });

  it.each([
    ['refused', 'status 404', [(_, response) => response.writeHead(404).end()]],
    ['wrongFile', 'SHA-256', [(_, response) => response.end(Buffer.alloc(BODY.length))]],
    ['wrongFile', 'longer', [(_, response) => response.end(Buffer.concat([BODY, BODY]))]],
    ['interrupted', 'continues', [(_, response) => response.end(BODY.subarray(0, 0))]],
  ] as [string, string, Answer[]][])(
    'a failed download has a reason and a sentence: %s (%s)',
    async (reason, words, given) => {
      answers = given;
      const failure = await run().catch((error: unknown) => error);
      expect(failure).toMatchObject({ reason });
      expect(String(failure)).toContain(words);
      expect(existsSync(join(folder, FILE.name))).toBe(false);
    },
  );

  it('fetchModels keeps nothing of a wrong file', async () => {
    answers = [(_, response) => response.end(Buffer.alloc(BODY.length)), ranged()];
    await run().catch(() => {});
    await run();
    expect(whole()).toBe(true);
  });

  it('a server that does not answer is unreachable', async () => {
    server.close();
    server.closeAllConnections();
    await expect(run()).rejects.toMatchObject({ reason: 'unreachable' });
  });

  it('fetchModels reports a folder that cannot be created', async () => {
    writeFileSync(folder, 'a file');
    await expect(run()).rejects.toMatchObject({ reason: 'folder' });
  });

  it('the command prints sentences and returns a status', async () => {
    const lines: string[] = [];
    const output = {
      print: (line: string) => lines.push(line),
      overprint: null,
      complain: (line: string) => lines.push(line),
    };
    answers = [(_, response) => response.writeHead(403).end()];
    expect(await runModelsCommand({ MODELS_URL: baseUrl, MODELS_DIR: folder }, output)).toBe(1);
    expect(lines).toEqual([expect.stringMatching(/face_landmarker\.task answered with status 403\. .*MODELS_URL/)]);
    expect(await runModelsCommand({ MODELS_URL: 'nonsense' }, output)).toBe(1);
    expect(lines.at(-1)).toContain('MODELS_URL');
  });
});
