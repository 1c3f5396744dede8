import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createParleyClient } from '@/lib/api';
import { type CommandOutput, type Env, readOptions, siteUrl, UsageError, wholeNumber } from '@/tools/command/command';
import { CannotCheck, type Check, type CheckedSite, type Finding } from './check';
import { CHECKS } from './checks';

const USAGE =
  'Usage: npm run -s check -- [--url URL] [--only A,B] [--ops-token T] [--json FILE|-] [--every SECONDS]. Every check passes, or the exit status is 1.';

const OPTIONS = {
  url: { type: 'string' },
  only: { type: 'string' },
  'ops-token': { type: 'string' },
  json: { type: 'string' },
  every: { type: 'string' },
} as const;

/** A line of the list, as JSON has it. */
interface Line extends Finding {
  readonly name: string;
  /** Why it failed, or could not be carried out; absent otherwise. */
  readonly why?: string;
}

const LOCAL = new Set(['localhost', '127.0.0.1', '[::1]']);

/** The token that a site on this machine keeps in its data folder. */
function localToken(url: string, env: Env): string | null {
  if (!LOCAL.has(new URL(url).hostname)) return null;
  try {
    return readFileSync(join(env['DATA_DIR'] || 'data', 'ops-token'), 'utf8');
  } catch {
    return null;
  }
}

function chosen(only: string | undefined): readonly Check[] {
  if (only === undefined) return CHECKS;
  const names = only.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !CHECKS.some((check) => check.name === name));
  if (unknown !== undefined) {
    throw new UsageError(`There is no check ${unknown}. There are ${CHECKS.map(({ name }) => name).join(', ')}.`);
  }
  return CHECKS.filter(({ name }) => names.includes(name));
}

const NOTHING: Finding = { value: 0, unit: '', limit: '', ok: false };

/** Carries out one check, and tidies up after it. Never rejects. */
async function carryOut(check: Check, url: string, opsToken: string | null): Promise<Line[]> {
  const { name } = check;
  const closings: Array<() => unknown> = [];
  const site: CheckedSite = {
    url,
    opsToken,
    client: createParleyClient({ url }),
    after: (close) => void closings.push(close),
  };
  try {
    return (await check.run(site)).map((finding) => ({ name, ...finding }));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [{ name, ...NOTHING, ok: false, why: error instanceof CannotCheck ? `not checked: ${why}` : why }];
  } finally {
    for (const close of closings.reverse()) await Promise.resolve(close()).catch(() => {});
  }
}

function textOf({ name, ok, value, unit, limit, why }: Line): string {
  const found = why ?? `${value} ${unit}`.trim();
  return `${ok ? 'PASS' : 'FAIL'}  ${name.padEnd(10)} ${found}${limit === '' ? '' : ` (${limit})`}`;
}

/** Runs every check once. Returns the lines. */
async function runOnce(
  checks: readonly Check[],
  url: string,
  opsToken: string | null,
  say: (text: string) => void,
): Promise<Line[]> {
  const lines: Line[] = [];
  for (const check of checks) {
    const found = await carryOut(check, url, opsToken);
    for (const line of found) say(textOf(line));
    lines.push(...found);
  }
  return lines;
}

/** Runs the command. Returns the exit status: 0 if every check passed. */
export async function runCheckCommand(args: readonly string[], env: Env, output: CommandOutput): Promise<number> {
  const { values } = readOptions({ args: [...args], options: OPTIONS }, USAGE);
  const url = siteUrl(values.url, env);
  const checks = chosen(values.only);
  const everyS = wholeNumber(values.every, 'every', { least: 10 });
  const opsToken = values['ops-token'] ?? env['OPS_TOKEN'] ?? localToken(url, env);
  // The list goes to the terminal, and JSON where it is asked for.
  const say = values.json === '-' ? output.complain : output.print;
  for (;;) {
    const lines = await runOnce(checks, url, opsToken, say);
    const text = JSON.stringify(lines, null, 2);
    if (values.json === '-') output.print(text);
    else if (values.json !== undefined) writeFileSync(values.json, `${text}\n`);
    if (everyS === null) return lines.every(({ ok }) => ok) ? 0 : 1;
    await sleep(everyS * 1000);
  }
}
