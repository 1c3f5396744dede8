import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Bench, BenchResult } from './benchResult';
import { hubBench } from './hubBench';
import { joinBench } from './joinBench';
import { sceneBench } from './sceneBench';

const BENCHES: Readonly<Record<string, Bench>> = { hub: hubBench, join: joinBench, scene: sceneBench };

const USAGE = `npm run bench -- ${Object.keys(BENCHES).join('|')} [--clips DIR] [--seconds N] [--json FILE]`;
const SECONDS = 60;

function table(results: readonly BenchResult[]): string {
  const rows = results.map(({ name, value, unit, target, peer }) => [
    name,
    `${value} ${unit}`,
    target === null ? '' : `target ${target}`,
    peer.map((other) => `${other.name} ${other.value}`).join(', '),
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { clips: { type: 'string' }, seconds: { type: 'string' }, json: { type: 'string' } },
});
const bench = BENCHES[positionals[0] ?? ''];
if (!bench) {
  console.error(`Name a benchmark: ${USAGE}`);
  process.exit(1);
}
const seconds = Number(values.seconds ?? SECONDS);
if (!(seconds > 0)) {
  console.error(`--seconds must be a number above 0: ${USAGE}`);
  process.exit(1);
}
const results = await bench({ clipsDir: values.clips ?? null, seconds }, (line) => console.log(line));
console.log(table(results));
if (values.json) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
