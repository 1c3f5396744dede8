import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { BenchError } from './benchError';
import type { Bench, BenchOptions, BenchResult } from './benchResult';
import { captureBench } from './captureBench';
import { codecBench } from './codecBench';
import { hubBench } from './hubBench';
import { joinBench } from './joinBench';
import { playoutBench } from './playoutBench';
import { sceneBench } from './sceneBench';
import { solveBench } from './solveBench';

const BENCHES: Readonly<Record<string, Bench>> = {
  capture: captureBench,
  codec: codecBench,
  hub: hubBench,
  join: joinBench,
  playout: playoutBench,
  scene: sceneBench,
  solve: solveBench,
};

const USAGE = `npm run bench -- ${Object.keys(BENCHES).join('|')} [--clips DIR] [--face FILE] [--trace FILE] [--picture FILE] [--seconds N] [--json FILE]`;
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

/** Ends the process with the sentence that tells what to set right, where that is all there is to say. */
async function runBench(bench: Bench, options: BenchOptions): Promise<BenchResult[]> {
  try {
    return await bench(options, (line) => console.log(line));
  } catch (error) {
    if (!(error instanceof BenchError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    clips: { type: 'string' },
    face: { type: 'string' },
    trace: { type: 'string' },
    picture: { type: 'string' },
    seconds: { type: 'string' },
    json: { type: 'string' },
  },
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
const results = await runBench(bench, {
  clipsDir: values.clips ?? null,
  facePath: values.face ?? null,
  tracePath: values.trace ?? null,
  picturePath: values.picture ?? null,
  seconds,
});
console.log(table(results));
if (values.json) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
