import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { DRILLS } from './drills';
import { reportTable } from './report';
import { runDrills } from './runDrills';
import { DrillServer } from './support/drillServer';
import { FULL_SCALE, QUICK_SCALE } from './support/drillWorld';

const NAMES = DRILLS.map(({ name }) => name);
const USAGE = `npm run drills -- [--only NAME,..] [--url URL] [--quick] [--long] [--json FILE]\nNames: ${NAMES.join(', ')}`;
/** `--long`: everything as long as it is written in the table of drills. */
const LONG = { asleepMs: 600_000, seatRaces: 1_000 };
/** Takes minutes, so it is run when asked for. */
const ON_REQUEST = new Set(['soak']);

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    url: { type: 'string' },
    json: { type: 'string' },
    quick: { type: 'boolean', default: false },
    long: { type: 'boolean', default: false },
  },
});
const wanted = values.only?.split(',') ?? NAMES.filter((name) => !ON_REQUEST.has(name));
const unknown = wanted.filter((name) => !NAMES.includes(name));
if (unknown.length > 0) {
  console.error(`There is no drill "${unknown[0]}".\n${USAGE}`);
  process.exit(1);
}

const scale = { ...(values.quick ? QUICK_SCALE : FULL_SCALE), ...(values.long ? LONG : {}) };
// Every drill brings new people from this one address, and the limits on callers are not what is drilled.
const server = values.url ? null : await DrillServer.start({ TRUST_PROXY: 'true' });
const say = (line: string) => console.log(line);
const reports = await runDrills(
  DRILLS.filter(({ name }) => wanted.includes(name)),
  { url: values.url ?? server!.url, server, scale, say },
);
await server?.stop();
console.log(`\n${reportTable(reports)}`);
if (values.json) writeFileSync(values.json, `${JSON.stringify(reports, null, 2)}\n`);
process.exit(reports.some(({ verdict }) => verdict === 'FAIL') ? 1 : 0);
