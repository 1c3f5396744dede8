import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ALERT_RULES } from '@/server/alerts/alertRules';
import { SiteMetrics } from '@/server/metrics/siteMetrics';

const FOLDER = join(process.cwd(), 'deploy', 'prometheus');
const RULES = readFileSync(join(FOLDER, 'rules.yml'), 'utf8');
const hasPromtool = spawnSync('promtool', ['--version']).status === 0;

/** The alerts of the file, each with its lines. */
const written = RULES.split(/^ +- alert: /m).slice(1);
/** The first group that matches. */
const found = (rule: string, pattern: RegExp) => pattern.exec(rule)?.slice(1).find(Boolean) ?? null;
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60 };

function forMsOf(rule: string): number {
  const [, count = '0', unit = 's'] = /^ +for: (\d+)([sm])$/m.exec(rule) ?? [];
  return Number(count) * SECONDS[unit]! * 1000;
}

describe('the rules for a Prometheus', () => {
  it('the rules for a Prometheus are those of the process: names, severities, times and summaries', () => {
    const read = written.map((rule) => ({
      name: rule.split('\n')[0],
      severity: found(rule, /severity: (\w+)/),
      forMs: forMsOf(rule),
      summary: found(rule, /^ +summary: (?:'(.*)'|"(.*)"|(.*))$/m),
    }));
    expect(read).toEqual(ALERT_RULES.map(({ name, severity, forMs, summary }) => ({ name, severity, forMs, summary })));
  });

  it('the rules for a Prometheus ask for metrics that exist', async () => {
    const known = new Set(
      Array.from((await new SiteMetrics('1', 1).text()).matchAll(/^# TYPE (\w+)/gm)).map(([, name]) => name),
    );
    const asked = Array.from(RULES.matchAll(/\b((?:parley|nodejs)_\w+)/g)).map(([, name]) =>
      name!.replace(/_bucket$/, ''),
    );
    expect([...asked].filter((name) => !known.has(name))).toEqual([]);
  });

  it.skipIf(!hasPromtool)('Prometheus takes the rules, and they fire by what they are for', () => {
    for (const args of [
      ['check', 'rules', 'rules.yml'],
      ['test', 'rules', 'rules.test.yml'],
    ]) {
      const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: FOLDER, encoding: 'utf8' });
      expect(status, `${stdout}${stderr}`).toBe(0);
    }
  });
});
