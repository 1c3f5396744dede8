import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi } from '@/tests/server/api/apiServer';
import { runMeetingCommand } from '@/tools/meeting/meetingCommand';

let api: Awaited<ReturnType<typeof startApi>>;
beforeAll(async () => {
  api = await startApi();
}, 60_000);
afterAll(() => api.close());

async function command(...args: string[]) {
  const printed: string[] = [];
  const complaints: string[] = [];
  const env = { PORT: String(api.port) };
  const status = await runMeetingCommand(args, env, {
    print: (text) => printed.push(text),
    complain: (sentence) => complaints.push(sentence),
  });
  return { status, json: printed.length > 0 ? JSON.parse(printed.join('\n')) : null, complaints };
}

describe('the meeting command', () => {
  it('the meeting command creates, gets and ends a meeting and prints JSON', async () => {
    const made = await command(
      'create',
      '--url',
      api.url,
      '--title',
      'Stand-up',
      '--max-participants',
      '4',
      '--id',
      'stand-up',
    );
    expect(made).toMatchObject({
      status: 0,
      complaints: [],
      json: { id: 'stand-up', joinUrl: `${api.url}/m/stand-up`, meeting: { title: 'Stand-up', maxParticipants: 4 } },
    });
    const got = await command('get', '--url', api.url, '--id', 'stand-up');
    expect(got).toMatchObject({ status: 0, json: { id: 'stand-up', endedAt: null } });
    const ended = await command('end', '--url', api.url, '--id', 'stand-up', '--host-token', made.json.hostToken);
    expect(ended).toMatchObject({ status: 0, json: { id: 'stand-up', endedAt: expect.any(String) } });
  });

  it.each([
    [[], /^Usage: /],
    [['sing'], /^Usage: /],
    [['get', 'this'], /"this" is one word too many/],
    [['get'], /^get needs --id/],
    [['end', '--id', 'x'], /^end needs --host-token/],
    [['get', '--id', 'x', '--loud'], /Unknown option '--loud'/],
    [['create', '--max-participants', 'many'], /^--max-participants must be a whole number/],
    [['create', '--url', 'nonsense'], /^--url must be the address/],
    [['get', '--id', 'never-created'], /no such meeting/],
    [['create', '--max-participants', '99'], /maxParticipants: must be a whole number from 2 to 16/],
    [['get', '--id', 'x-1', '--url', 'http://127.0.0.1:1'], /^There is no answer from http:\/\/127\.0\.0\.1:1/],
  ])('the meeting command refuses %j in one line, with status 1 and nothing printed', async (args, words) => {
    const url = args.includes('--url') || args.length === 0 ? [] : ['--url', api.url];
    const refused = await command(...args, ...url);
    expect(refused).toMatchObject({ status: 1, json: null, complaints: [expect.stringMatching(words)] });
    expect(refused.complaints[0]).not.toContain('\n');
  });
});
