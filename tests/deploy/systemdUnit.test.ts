import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const unit = readFileSync('deploy/parley.service', 'utf8');
const setTo = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(unit)?.[1];
const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;
if (!hasSystemd) console.log('No systemd here: it does not judge the unit.');
/** Of 10, by systemd's own count; most services of a distribution have 9. */
const EXPOSURE_MAX = 2;

describe('the unit of systemd', () => {
  it('the unit of systemd starts what is built, as an account of its own that keeps only its data', () => {
    const script = /^\/usr\/bin\/node (\S+)$/.exec(setTo('ExecStart')!)?.[1];
    expect(existsSync(script!)).toBe(true);
    expect(setTo('Documentation')).toMatch(/^file:\/opt\/parley\//);
    expect(existsSync(setTo('Documentation')!.replace('file:/opt/parley/', ''))).toBe(true);
    expect(setTo('DynamicUser')).toBe('yes');
    expect(setTo('Environment')).toContain(`DATA_DIR=/var/lib/${setTo('StateDirectory')}`);
    // The hub would end before the meetings.
    expect(setTo('KillMode')).toBe('mixed');
  });

  describe.skipIf(!hasSystemd)('judged by systemd', () => {
    const folder = mkdtempSync(join(tmpdir(), 'parley-unit-'));
    const path = join(folder, 'parley.service');
    writeFileSync(path, unit.replace('/usr/bin/node', process.execPath));
    afterAll(() => rmSync(folder, { recursive: true }));
    const judge = (...args: string[]) => {
      const { status, stdout, stderr } = spawnSync('systemd-analyze', args, { encoding: 'utf8' });
      return { status, said: `${stdout}${stderr}` };
    };

    it('systemd accepts the unit', () => {
      const { status, said } = judge('verify', '--man=no', '--recursive-errors=no', path);
      expect(status, said).toBe(0);
      expect(said).not.toMatch(/parley\.service:\d+:/);
    });

    it('systemd finds the unit hardly exposed', () => {
      const { status, said } = judge(
        'security',
        '--no-pager',
        '--offline=yes',
        `--threshold=${EXPOSURE_MAX * 10}`,
        path,
      );
      expect(status, said).toBe(0);
    });
  });
});
