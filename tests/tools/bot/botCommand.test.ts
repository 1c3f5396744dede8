import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createParleyClient } from '@/lib/api';
import { runBotCommand } from '@/tools/bot/botCommand';
import { startBotWorld, unusedPort } from './botWorld';

let world: Awaited<ReturnType<typeof startBotWorld>>;
let folder: string;
beforeAll(async () => {
  world = await startBotWorld();
  folder = mkdtempSync(join(tmpdir(), 'parley-bot-'));
  writeFileSync(join(folder, 'notes.bvh'), 'HIERARCHY\nnonsense');
  writeFileSync(join(folder, 'notes.opus'), 'no sound');
}, 60_000);
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await world.close();
});

async function command(args: readonly string[], interruption = new AbortController()) {
  const printed: string[] = [];
  const complaints: string[] = [];
  const statuses: string[] = [];
  const status = await runBotCommand(
    args,
    { PORT: '1' },
    {
      print: (text) => printed.push(text),
      complain: (sentence) => complaints.push(sentence),
      status: (line) => {
        statuses.push(line);
        if (/poses sent/.test(line) && !/ 0 poses sent/.test(line)) interruption.abort();
      },
      interrupted: interruption.signal,
    },
  );
  return { status, printed, complaints, statuses };
}

describe('the bot command', () => {
  it('the bot command brings bots into a new meeting for a while, and prints what each measured', async () => {
    const { status, printed, complaints } = await command([
      ...['--url', world.url, '--create', '--count', '3', '--seconds', '2', '--name', 'Row', '--json'],
    ]);
    expect({ status, complaints }).toEqual({ status: 0, complaints: [] });
    const reports = JSON.parse(printed[0]!);
    expect(reports.map(({ name }: { name: string }) => name)).toEqual(['Row 1', 'Row 2', 'Row 3']);
    for (const report of reports) {
      expect(report.others).toHaveLength(2);
      for (const other of report.others) expect(other).toMatchObject({ lost: 0, poses: expect.any(Number) });
      expect(report.posesSent).toBeGreaterThan(0);
    }
  });

  it('the bot command finds site and meeting by a link, and leaves cleanly on Ctrl-C', async () => {
    const { meeting } = createParleyClient({ url: world.url });
    const { id } = await meeting.create();
    const { status, printed, statuses } = await command(['--meeting', `${world.url}/m/${id}`]);
    expect(status).toBe(0);
    expect(statuses.at(-1)).toMatch(/1 live · [1-9]\d* poses sent/);
    expect(printed.join('\n')).toMatch(/^Bot: ended, seat 1, [1-9]\d* poses sent/);
    expect((await meeting.get({ id })).people).toEqual([]);
  });

  it.each([
    [[], /^Usage: /],
    [['--loud', '--meeting', 'abc'], /Unknown option '--loud'/],
    [['--meeting', '???'], /"\?\?\?" is neither/],
    [['--meeting', 'abc', '--create'], /either --meeting or --create/],
    [['--create', '--count', '0'], /^--count must be a whole number from 1 to 1000/],
    [['--create', '--seconds', 'long'], /^--seconds must be a whole number/],
    [['--create', '--avatar', 'nobody'], /^--avatar must be one of ada/],
    [['--create', '--avatar', 'ada:skin=purple'], /^--avatar must be one of ada/],
    [['--create', '--spectator', '--voice', 'x'], /A spectator neither moves nor speaks/],
    [['--create', '--url', 'nonsense'], /^--url must be the address/],
  ])('the bot command refuses %j in one line', async (args, words) => {
    expect(await command(args)).toMatchObject({ status: 1, printed: [], complaints: [expect.stringMatching(words)] });
  });

  it('the bot command says what is wrong with a file, a meeting or a site', async () => {
    const attempt = async (...args: string[]) => (await command(['--url', world.url, ...args])).complaints;
    const meeting = ['--meeting', 'nobody-made-this'];
    expect(await attempt(...meeting)).toEqual([expect.stringMatching(/no such meeting/)]);
    expect(await attempt(...meeting, '--motion', join(folder, 'none.bvh'))).toEqual([
      expect.stringMatching(/none\.bvh can't be read/),
    ]);
    expect(await attempt(...meeting, '--motion', join(folder, 'notes.bvh'))).toEqual([
      expect.stringMatching(/notes\.bvh: .*line 2/i),
    ]);
    expect(await attempt(...meeting, '--voice', join(folder, 'notes.opus'))).toEqual([
      expect.stringMatching(/notes\.opus is not an Ogg or WebM file/),
    ]);
    const nowhere = `http://127.0.0.1:${await unusedPort()}`;
    expect((await command(['--url', nowhere, ...meeting])).complaints).toEqual([
      `There is no answer from ${nowhere}. Check that Parley runs there, or name another address with --url.`,
    ]);
  });

  it('the bot command says that a meeting is full, and takes its bots out again', async () => {
    const { meeting } = createParleyClient({ url: world.url });
    const { id } = await meeting.create({ maxParticipants: 2 });
    const { status, complaints } = await command(['--url', world.url, '--meeting', id, '--count', '3']);
    expect({ status, complaints }).toEqual({ status: 1, complaints: [expect.stringMatching(/full/)] });
    expect((await meeting.get({ id })).people).toEqual([]);
  });

  it('T-84 the bot command says what a Jitsi refuses, in its words, and so does the report to the operator', async () => {
    const stock = await startBotWorld({ jicofo: {} });
    try {
      stock.hub.tokens.issue = () => 'a token of another secret';
      const { status, complaints } = await command(['--url', stock.url, '--create']);
      expect({ status, complaints }).toEqual({
        status: 1,
        complaints: [expect.stringMatching(/JITSI_APP_SECRET .* The server says: "Invalid signature"\.$/)],
      });
      expect(stock.faults).toEqual(['signature: Invalid signature']);
    } finally {
      await stock.close();
    }
  });
});
