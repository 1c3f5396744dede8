import { writeFileSync } from 'node:fs';
import { readOptions, runMain, UsageError } from '@/tools/command/command';
import type { Bench, BenchOptions, BenchResult } from './benchResult';
import { broadcastBench } from './broadcastBench';
import { captureBench } from './captureBench';
import { codecBench } from './codecBench';
import { hubBench } from './hubBench';
import { joinBench } from './joinBench';
import { playoutBench } from './playoutBench';
import { recordingBench } from './recordingBench';
import { sceneBench } from './sceneBench';
import { solveBench } from './solveBench';

const BENCHES: Readonly<Record<string, Bench>> = {
  broadcast: broadcastBench,
  capture: captureBench,
  codec: codecBench,
  hub: hubBench,
  join: joinBench,
  playout: playoutBench,
  recording: recordingBench,
  scene: sceneBench,
  solve: solveBench,
};

const USAGE = `Usage: npm run bench -- ${Object.keys(BENCHES).join('|')} [--clips DIR] [--face FILE] [--trace FILE] [--picture FILE] [--seconds N] [--json FILE]`;
const SECONDS = 60;

const OPTIONS = {
  clips: { type: 'string' },
  face: { type: 'string' },
  trace: { type: 'string' },
  picture: { type: 'string' },
  seconds: { type: 'string' },
  json: { type: 'string' },
} as const;

interface BenchCommand {
  readonly bench: Bench;
  readonly options: BenchOptions;
  readonly jsonPath: string | null;
}

function readArguments(args: readonly string[]): BenchCommand {
  const { values, positionals } = readOptions({ args: [...args], options: OPTIONS, allowPositionals: true }, USAGE);
  const bench = BENCHES[positionals[0] ?? ''];
  if (!bench) throw new UsageError(`Name a benchmark. ${USAGE}`);
  const seconds = Number(values.seconds ?? SECONDS);
  if (!(seconds > 0)) throw new UsageError('--seconds must be a number above 0.');
  const options = {
    clipsDir: values.clips ?? null,
    facePath: values.face ?? null,
    tracePath: values.trace ?? null,
    picturePath: values.picture ?? null,
    seconds,
  };
  return { bench, options, jsonPath: values.json ?? null };
}

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

await runMain(async () => {
  const { bench, options, jsonPath } = readArguments(process.argv.slice(2));
  const results = await bench(options, (line) => console.log(line));
  console.log(table(results));
  if (jsonPath) writeFileSync(jsonPath, `${JSON.stringify(results, null, 2)}\n`);
});
