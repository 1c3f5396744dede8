import { afterEach, describe, expect, it, vi } from 'vitest';
import { createServerLog } from '@/server/serverLog';

afterEach(() => vi.restoreAllMocks());

function capture() {
  const lines: string[] = [];
  for (const sink of ['debug', 'info', 'warn', 'error'] as const) {
    vi.spyOn(console, sink).mockImplementation((text: string) => void lines.push(`${sink} ${text}`));
  }
  return lines;
}

describe('the log of the server', () => {
  it('with LOG_FORMAT=json each entry is one line with an object, without secrets', () => {
    const lines = capture();
    const log = createServerLog({ level: 'info', format: 'json' });
    log.debug('too little');
    log.warn('a call failed', {
      path: '/xmpp-websocket?token=abc',
      count: 3,
      isOurs: false,
      none: null,
      absent: undefined,
    });
    log.error('two\nlines', { error: 'a\nb', level: 'forged', message: 'forged' });
    expect(lines.map((line) => [line.split(' ', 1)[0], JSON.parse(line.slice(line.indexOf(' ')))])).toEqual([
      [
        'warn',
        {
          time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
          level: 'warn',
          message: 'a call failed',
          path: '/xmpp-websocket?token=***',
          count: 3,
          isOurs: false,
          none: null,
        },
      ],
      ['error', { time: expect.any(String), level: 'error', message: 'two\nlines', error: 'a\nb' }],
    ]);
    for (const line of lines) expect(line.split('\n')).toHaveLength(1);
  });

  it('with LOG_FORMAT=text it writes as the console log does', () => {
    const lines = capture();
    createServerLog({ level: 'warn', format: 'text' }).warn('a call failed', { count: 3 });
    expect(lines).toEqual([expect.stringMatching(/^warn \S+ warn a call failed count=3$/)]);
  });
});
