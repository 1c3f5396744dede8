import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeAvatar } from '@/tests/lib/avatarFile/madeAvatar';
import { runAvatarCommand } from '@/tools/avatarFile/avatarCommand';
import { heavyAvatar } from '@/tools/bench/scene/heavyAvatar';

describe('avatar inspect', () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-avatar-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  async function run(bytes: Uint8Array, ...more: string[]) {
    const path = join(folder, 'avatar.vrm');
    writeFileSync(path, bytes);
    const said = { out: '', err: '' };
    const output = { print: (text: string) => (said.out += text), complain: (text: string) => (said.err += text) };
    return { status: await runAvatarCommand(['inspect', path, ...more], output), ...said };
  }

  it('avatar inspect prints rank, figures and licence', async () => {
    const { status, out } = await run(makeAvatar({ kind: 'vrm0' }));
    expect(status).toBe(0);
    expect(out).toMatch(/^vrm0: excellent$/m);
    expect(out).toMatch(/triangles +\d+ +excellent/);
    expect(out).toMatch(/title +Made/);
  });

  it('avatar inspect prints the same as JSON', async () => {
    expect(JSON.parse((await run(makeAvatar({ kind: 'mixamo' }), '--json')).out)).toMatchObject({
      kind: 'mixamo',
      terms: 'free',
    });
  });

  it('avatar inspect of a file that is too heavy names the limits and returns 1', async () => {
    const { status, out } = await run(heavyAvatar());
    expect(status).toBe(1);
    expect(out).toMatch(/triangles +40128 +tooHeavy +at most 32000 for poor/);
  });

  it('avatar inspect has a sentence for a broken file and for a missing one', async () => {
    expect(await run(new Uint8Array(40))).toMatchObject({
      status: 1,
      err: expect.stringContaining('not a complete GLB'),
    });
    const output = { print: () => {}, complain: () => {} };
    expect(await runAvatarCommand(['inspect', join(folder, 'missing.vrm')], output)).toBe(2);
    expect(await runAvatarCommand([], output)).toBe(2);
  });
});

describe('avatar delete', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-data-'));
  const sha256 = 'a'.repeat(64);
  const said: string[] = [];
  const output = { print: (text: string) => said.push(text), complain: (text: string) => said.push(text) };
  const run = (...args: string[]) => runAvatarCommand(['delete', ...args], output);
  afterAll(() => rmSync(dataDir, { recursive: true }));

  it('avatar delete takes a file away by its hash or its reference, and says so', async () => {
    mkdirSync(join(dataDir, 'avatars'));
    writeFileSync(join(dataDir, 'avatars', `${sha256}.glb`), 'file');
    expect(await run(`own:${sha256}`, '--data', dataDir)).toBe(0);
    expect(readdirSync(join(dataDir, 'avatars'))).toEqual([`${sha256}.removed`]);
    expect(await run(sha256, '--data', dataDir)).toBe(1);
    expect(said).toEqual([expect.stringMatching(/^Deleted/), expect.stringMatching(/^There was no such avatar/)]);
  });

  it('avatar delete complains about a wrong hash and a wrong folder', async () => {
    expect(await run('../secret', '--data', dataDir)).toBe(2);
    expect(await run(sha256)).toBe(2);
    expect(await run(sha256, '--data', join(dataDir, 'missing'))).toBe(2);
    expect(said.at(-1)).toMatch(/does not exist/);
  });
});
