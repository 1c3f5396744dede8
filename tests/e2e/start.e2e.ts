import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { createParleyClient } from '@/lib/api';
import { startParley } from './support/parleyServer';

const ROOT = new URL('../..', import.meta.url).pathname;

function runStart(env: Record<string, string>): Promise<{ code: number | null; printed: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [`${ROOT}tools/run/start.mjs`], {
      cwd: ROOT,
      env: { ...process.env, ...env },
    });
    let printed = '';
    child.stdout.on('data', (chunk) => {
      printed += chunk;
    });
    child.stderr.on('data', (chunk) => {
      printed += chunk;
    });
    child.on('exit', (code) => resolve({ code, printed }));
  });
}

it('npm start serves without installing or building again when nothing has changed, and Ctrl-C ends it cleanly', async () => {
  const server = await startParley({}, { isFirstStart: true });
  expect(server.output()).not.toMatch(/Installing|Building/);
  expect((await fetch(server.url)).status).toBe(200);
  expect(await server.stop()).toBe(0);
});

it('SIGTERM lets a meeting go on, refuses new ones, and ends once the last person has left', async () => {
  const server = await startParley({ DRAIN_S: '600' });
  const { meeting } = createParleyClient({ url: server.url });
  const { id } = await meeting.create({});
  const { stayToken } = await meeting.join({ id, role: 'participant', name: 'Ana' });
  const ended = new Promise((resolve) => server.process.once('exit', resolve));
  server.process.kill('SIGTERM');
  const ready = async () => (await fetch(`${server.url}/readyz`)).text();
  await expect.poll(ready).toBe('not ready: draining\n');
  await expect(meeting.create({})).rejects.toMatchObject({ reason: 'unavailable' });
  await meeting.heartbeat({ id, stayToken });
  const other = await meeting.join({ id, role: 'participant', name: 'Bo' });
  expect(other.meeting.restartsBy).toBeDefined();
  await meeting.leave({ id, stayToken });
  expect(server.process.exitCode).toBeNull();
  await meeting.leave({ id, stayToken: other.stayToken });
  expect(await ended).toBe(0);
  await server.stop();
});

it('npm start says in one sentence that the port is taken', async () => {
  const holder = createServer();
  const port = await new Promise<number>((resolve) => {
    holder.listen(0, '127.0.0.1', () => resolve((holder.address() as { port: number }).port));
  });
  const { code, printed } = await runStart({ PORT: String(port) });
  holder.close();
  expect(code).toBe(1);
  expect(printed.trim()).toBe(
    `Port ${port} is taken. Stop what uses it, or choose another: PORT=${port + 1} npm start`,
  );
});

it.each([
  ['PORT', 'many'],
  ['MAX_PARTICIPANTS', '99'],
  ['JITSI_URL', 'nowhere'],
  ['DATABASE_URL', 'mysql://x'],
])('npm start says in one sentence what is wrong with %s', async (name, value) => {
  const { code, printed } = await runStart({ PORT: '0', [name]: value });
  expect(code).toBe(1);
  expect(printed.trim().split('\n')).toHaveLength(1);
  expect(printed).toContain(name);
});
