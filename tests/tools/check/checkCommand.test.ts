import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { OPS_TOKEN } from '@/tests/server/api/apiServer';
import { startRecordingSite } from '@/tests/server/recorder/recordingSite';
import { runCheckCommand } from '@/tools/check/checkCommand';
import { BrokenSite, type Spoil } from './brokenSite';

interface Line {
  readonly name: string;
  readonly ok: boolean;
  readonly value: number;
  readonly unit: string;
  readonly limit: string;
  readonly why?: string;
}

const NAMES = ['create', 'exists', 'not-found', 'join-many', 'bandwidth', 'limit', 'recording', 'recovery', 'alert'];

describe('the list that a site is put through', () => {
  let site: Awaited<ReturnType<typeof startRecordingSite>>;
  let broken: BrokenSite;
  beforeAll(async () => {
    site = await startRecordingSite();
    broken = await BrokenSite.before(site.url);
  }, 60_000);
  afterEach(() => {
    broken.spoil = () => {};
  });
  afterAll(async () => {
    await broken.close();
    await site.close();
  });

  async function check(...args: string[]) {
    const said = { out: '', err: '' };
    const output = { print: (text: string) => (said.out += text), complain: (text: string) => (said.err += text) };
    // The token of a site that was started in this folder is of no use here.
    const env = { DATA_DIR: join(tmpdir(), 'parley-check-nowhere') };
    const status = await runCheckCommand(['--url', broken.url, '--json', '-', ...args], env, output);
    return { status, lines: (said.out ? JSON.parse(said.out) : []) as Line[], err: said.err };
  }
  const withToken = ['--ops-token', OPS_TOKEN];

  it('a site that is well passes every line, with figures', async () => {
    const { status, lines } = await check(...withToken);
    expect(lines.filter(({ ok }) => !ok)).toEqual([]);
    expect([...new Set(lines.map(({ name }) => name))]).toEqual(NAMES);
    for (const { value, limit } of lines)
      expect([Number.isFinite(value), limit]).toEqual([true, expect.stringMatching(/^[<=]/)]);
    expect(status).toBe(0);
  }, 120_000);

  /** Answers as a site that refuses a call. */
  const refuse = (answer: Parameters<Spoil>[1], reason: string, httpStatus: number) => {
    const error = { message: `Refused: ${reason}.`, code: -32600, data: { code: 'CONFLICT', httpStatus, reason } };
    Object.assign(answer, { status: httpStatus, body: Buffer.from(JSON.stringify({ error })) });
  };
  /** Answers refused calls of `path` as the last one that was not. */
  const takeAll = (path: string): Spoil => {
    let taken: Buffer | null = null;
    return (called, answer) => {
      if (called !== path) return;
      if (answer.status === 200) taken = answer.body;
      else if (taken) Object.assign(answer, { status: 200, body: taken });
    };
  };
  /** Refuses calls of `path` from the `from`th on. */
  const refuseFrom = (path: string, from: number, reason: string): Spoil => {
    let calls = 0;
    return (called, answer) => {
      if (called !== path) return;
      calls += 1;
      if (calls >= from) refuse(answer, reason, 409);
    };
  };
  const change = (path: string, text: RegExp, to: string): Spoil => {
    return (called, answer) => {
      if (called === path) answer.body = Buffer.from(answer.body.toString().replace(text, to));
    };
  };

  it.each<[string, Spoil]>([
    ['create', refuseFrom('meeting.create', 1, 'unavailable')],
    ['exists', takeAll('meeting.create')],
    [
      'not-found',
      (path, answer) =>
        path === 'meeting.get' &&
        answer.status === 404 &&
        Object.assign(answer, { status: 200, body: Buffer.from('{"result":{"data":{}}}') }),
    ],
    ['join-many', refuseFrom('meeting.join', 3, 'full')],
    ['bandwidth', change('meeting.join', /"bandwidthMaxBps":\d+/, '"bandwidthMaxBps":1000')],
    ['limit', takeAll('meeting.join')],
    ['recording', change('recording.stop', /"replayUrl":"[^"]*"/, '"replayUrl":"http://127.0.0.1:9/r/nothing"')],
    ['recovery', refuseFrom('meeting.join', 3, 'full')],
    ['alert', refuseFrom('ops.testAlert', 1, 'forbidden')],
  ])(
    'a site that breaks what %s makes sure of fails that line',
    async (name, spoil) => {
      broken.spoil = spoil;
      const { status, lines } = await check('--only', name, ...withToken);
      expect(lines.filter(({ ok }) => !ok).map((line) => line.name)).toContain(name);
      expect(status).toBe(1);
    },
    60_000,
  );

  it('a site with fewer seats is checked with as many people as it seats', async () => {
    const fewSeats = change('meeting.create', /"maxParticipants":\d+/, '"maxParticipants":2');
    const seats = refuseFrom('meeting.join', 3, 'full');
    broken.spoil = (path, answer) => {
      fewSeats(path, answer);
      seats(path, answer);
    };
    const { lines } = await check('--only', 'join-many');
    expect(lines).toMatchObject([{ name: 'join-many', ok: true }]);
  }, 60_000);

  it('an alert that can’t be asked for fails, and says what is missing', async () => {
    const { status, lines } = await check('--only', 'alert');
    expect(lines).toMatchObject([
      { name: 'alert', ok: false, why: expect.stringMatching(/^not checked: needs the operators/) },
    ]);
    expect(status).toBe(1);
  });

  it('an unknown check is refused with those that there are', async () => {
    await expect(check('--only', 'create,nothing')).rejects.toThrow(/no check nothing\. There are create, exists/);
  });
});
