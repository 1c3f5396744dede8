import { writeFileSync } from 'node:fs';
import { SEATS_MAX } from '@/lib/core/meeting';
import { readOptions, runMain, UsageError, wholeNumber } from '@/tools/command/command';
import { DRILLS, reportTable, runDrills } from './runDrills';
import { DrillServer } from './support/drillServer';
import { FULL_SCALE, QUICK_SCALE } from './support/drillWorld';

const NAMES = DRILLS.map(({ name }) => name);
const USAGE = `Usage: npm run drills -- [--only NAME,..] [--url URL] [--people N] [--quick] [--long] [--json FILE]\nNames: ${NAMES.join(', ')}`;
/** `--long`: the lengths that the pass marks name. */
const LONG = { asleepMs: 600_000, seatRaces: 1_000 };
/** Take minutes, so they run only if they are named. */
const ON_REQUEST = new Set(['soak', 'image']);

const OPTIONS = {
  only: { type: 'string' },
  url: { type: 'string' },
  people: { type: 'string' },
  json: { type: 'string' },
  quick: { type: 'boolean', default: false },
  long: { type: 'boolean', default: false },
} as const;

/** A page, and two others who hear each other. */
const PEOPLE_MIN = 3;

function chosenNames(only: string | undefined): readonly string[] {
  const chosen = only?.split(',') ?? NAMES.filter((name) => !ON_REQUEST.has(name));
  const unknown = chosen.find((name) => !NAMES.includes(name));
  if (unknown !== undefined) throw new UsageError(`There is no drill "${unknown}". ${USAGE}`);
  return chosen;
}

await runMain(async () => {
  const { values } = readOptions({ options: OPTIONS }, USAGE);
  const names = chosenNames(values.only);
  const length = { ...(values.quick ? QUICK_SCALE : FULL_SCALE), ...(values.long ? LONG : {}) };
  const people = wholeNumber(values.people, 'people', { least: PEOPLE_MIN, most: SEATS_MAX }) ?? length.people;
  // All drills call from this one address, and the limits by address are not what is drilled.
  const server = values.url ? null : await DrillServer.start({ TRUST_PROXY: 'true' });
  const reports = await runDrills(
    DRILLS.filter(({ name }) => names.includes(name)),
    {
      url: values.url ?? server!.url,
      server,
      scale: { ...length, people },
      onBusyMachine: false,
      say: (line) => console.log(line),
    },
  );
  await server?.stop();
  console.log(`\n${reportTable(reports)}`);
  if (values.json) writeFileSync(values.json, `${JSON.stringify(reports, null, 2)}\n`);
  process.exit(reports.some(({ verdict }) => verdict === 'FAIL') ? 1 : 0);
});
