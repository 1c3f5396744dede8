import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
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

describe('npm start', () => {
  it('listens within 10 s when nothing has changed, and ends at once and cleanly on Ctrl-C', async () => {
    const startedMs = performance.now();
    const server = await startParley();
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    expect((await fetch(server.url)).status).toBe(200);
    const endedMs = performance.now();
    expect(await server.stop()).toBe(0);
    expect(performance.now() - endedMs).toBeLessThan(2_000);
  });

  it('says in one sentence that the port is taken', async () => {
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
  ])('says in one sentence what is wrong with %s', async (name, value) => {
    const { code, printed } = await runStart({ PORT: '0', [name]: value });
    expect(code).toBe(1);
    expect(printed.trim().split('\n')).toHaveLength(1);
    expect(printed).toContain(name);
  });
});
