import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeAvatar } from '@/tests/lib/avatarFile/madeAvatar';
import { runAvatarCommand } from '@/tools/avatarFile/avatarCommand';
import { heavyAvatar } from '@/tools/bench/scene/heavyAvatar';

describe('avatar inspect', () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-avatar-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  function run(bytes: Uint8Array, ...more: string[]) {
    const path = join(folder, 'avatar.vrm');
    writeFileSync(path, bytes);
    const said = { out: '', err: '' };
    const output = { print: (text: string) => (said.out += text), complain: (text: string) => (said.err += text) };
    return { status: runAvatarCommand(['inspect', path, ...more], output), ...said };
  }

  it('avatar inspect prints rank, figures and licence', () => {
    const { status, out } = run(makeAvatar({ kind: 'vrm0' }));
    expect(status).toBe(0);
    expect(out).toMatch(/^vrm0: excellent$/m);
    expect(out).toMatch(/triangles +\d+ +excellent/);
    expect(out).toMatch(/title +Made/);
  });

  it('avatar inspect prints the same as JSON', () => {
    expect(JSON.parse(run(makeAvatar({ kind: 'mixamo' }), '--json').out)).toMatchObject({
      kind: 'mixamo',
      terms: 'free',
    });
  });

  it('avatar inspect of a file that is too heavy names the limits and returns 1', () => {
    const { status, out } = run(heavyAvatar());
    expect(status).toBe(1);
    expect(out).toMatch(/triangles +40128 +tooHeavy +at most 32000 for poor/);
  });

  it('avatar inspect has a sentence for a broken file and for a missing one', () => {
    expect(run(new Uint8Array(40))).toMatchObject({ status: 1, err: expect.stringContaining('not a complete GLB') });
    const output = { print: () => {}, complain: () => {} };
    expect(runAvatarCommand(['inspect', join(folder, 'missing.vrm')], output)).toBe(2);
    expect(runAvatarCommand([], output)).toBe(2);
  });
});
