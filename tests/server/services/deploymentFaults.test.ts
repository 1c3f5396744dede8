import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEPLOYMENT_FAULTS } from '@/lib/core/deploymentFault';
import { createConsoleLog, type Log } from '@/lib/core/log';
import { DeploymentFaults } from '@/server/services/deploymentFaults';
import { ManualClock } from '@/tests/support/manualClock';

const HOUR_MS = 3_600_000;

function createFaults() {
  const clock = new ManualClock();
  const lines: Array<Record<string, unknown>> = [];
  const never = () => {
    throw new Error('only warnings are expected');
  };
  const warn: Log['warn'] = (message, fields) => lines.push({ message, ...fields });
  const faults = new DeploymentFaults({ clock, log: { debug: never, info: never, error: never, warn } });
  return { clock, lines, faults };
}

/** What the server's log would print for one report. */
function printed(said: string): string[] {
  const output: string[] = [];
  const { warn } = console;
  console.warn = (text: string) => output.push(text);
  try {
    new DeploymentFaults({ clock: new ManualClock(), log: createConsoleLog() }).note('other', said);
  } finally {
    console.warn = warn;
  }
  return output;
}

describe('what clients report about a deployment', () => {
  it('each fault is one line an hour, with its meaning, the words of the server and the number of reports', () => {
    const { clock, lines, faults } = createFaults();
    for (let k = 0; k < 1000; k += 1) faults.note('signature', `Invalid signature ${k}`);
    faults.note('owner', '');
    clock.advance(HOUR_MS - 1);
    faults.note('signature', 'Invalid signature');
    expect(lines).toHaveLength(2);
    clock.advance(1);
    faults.note('signature', 'Invalid signature');
    expect(lines.map(({ fault, said, reports }) => [fault, said, reports])).toEqual([
      ['signature', 'Invalid signature 0', 1],
      ['owner', undefined, 1],
      ['signature', 'Invalid signature', 1002],
    ]);
    expect(lines[0]).toMatchObject({ meaning: expect.stringContaining('JITSI_APP_SECRET') });
    expect(lines[1]).toMatchObject({ meaning: expect.stringContaining('ENABLE_AUTO_OWNER=0') });
  });

  it('every report is counted, whether it is logged or not', () => {
    const { faults } = createFaults();
    for (const fault of DEPLOYMENT_FAULTS) faults.note(fault, '');
    faults.note('expired', 'x');
    expect([...faults.counts.keys()]).toEqual([...DEPLOYMENT_FAULTS]);
    expect([faults.counts.get('expired'), faults.counts.get('focus')]).toEqual([2, 1]);
  });

  it('no flood of reports writes more than a line for each fault', () => {
    const { lines, faults } = createFaults();
    const anyReport = fc.tuple(fc.constantFrom(...DEPLOYMENT_FAULTS), fc.string());
    fc.assert(
      fc.property(anyReport, ([fault, said]) => faults.note(fault, said)),
      { numRuns: 2_000 },
    );
    expect(lines.length).toBeLessThanOrEqual(DEPLOYMENT_FAULTS.length);
  });

  it.each([
    [
      'a line break',
      'x\n2030-01-01T00:00:00.000Z error the database is gone',
      'x 2030-01-01T00:00:00.000Z error the database is gone',
    ],
    ['other line breaks', 'a\r\nb\u2028c\u2029d\u0085e', 'a b c d e'],
    ['colours of a terminal', '\u001b[31mred\u009b0m', '[31mred 0m'],
    ['text that runs backwards or hides', 'a\u202eb\u200bc\u00add', 'a b c d'],
    ['halves of pairs', 'a\ud800b\udc00', 'a b'],
    ['quotes', 'say "no" \\', 'say "no" \\'],
    ['another language', 'Ungültige Unterschrift 签名无效', 'Ungültige Unterschrift 签名无效'],
    ['only what cannot be seen', '\n\t\u200b', undefined],
  ])('words of a client with %s are one plain line', (_what, said, expected) => {
    const { lines, faults } = createFaults();
    faults.note('other', said);
    expect(lines[0]!['said']).toBe(expected);
  });

  it('whatever a client says, the log has one line, no control character and no token', () => {
    expect(printed('jwt eyJhbGciOi.eyJzdWIi.c2lnbmF0dXJl and ?token=hush')[0]).toMatch(
      /said="jwt \*\*\* and \?token=\*\*\*"/,
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (said) => {
        const [line = '', ...more] = printed(said);
        expect(more).toEqual([]);
        expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(line).toMatch(
          /^\S+ warn a client reports a fault of the Jitsi deployment fault="other" meaning="[^"]*" /,
        );
        expect(line.length).toBeLessThan(1_000);
      }),
      { numRuns: 50 },
    );
  });
});
