import { afterEach, expect, it, vi } from 'vitest';
import { createConsoleLog } from '@/lib/core/log';

afterEach(() => vi.restoreAllMocks());

const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJyb29tIjoidGF2ZXJuIn0.c2lnbmF0dXJl';

it.each([
  ['a join token', `GET wss://meet.example.org/xmpp-websocket?room=tavern&token=${JWT} failed`, JWT],
  ['a channel password', 'wss://meet.example.org/colibri-ws/hub/a/b?pwd=hush-hush failed', 'hush-hush'],
  ['a token outside an address', `refused ${JWT}`, JWT],
  ['the token of a stay', 'GET /api?stayToken=hush-hush&id=tavern', 'hush-hush'],
])('a line of the log does not show %s', (_what, error, secret) => {
  const written = vi.spyOn(console, 'warn').mockImplementation(() => {});
  createConsoleLog().warn('something failed', { error });
  const line = String(written.mock.calls[0]?.[0]);
  expect(line).toContain('***');
  expect(line).not.toContain(secret);
});

it('a line of the log keeps everything else', () => {
  const written = vi.spyOn(console, 'warn').mockImplementation(() => {});
  createConsoleLog().warn('something failed', { path: '/xmpp-websocket?room=tavern&token=x&y=1', count: 3 });
  expect(String(written.mock.calls[0]?.[0])).toContain('path="/xmpp-websocket?room=tavern&token=***&y=1" count=3');
});
