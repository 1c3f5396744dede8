import { type Drill, dependsOnLoad, type Figure, keepsBounds, type Measured, NotPossibleHere } from './drill';
import { alertsDelivered } from './drills/alerts';
import { budget } from './drills/budget';
import { xmppFlood } from './drills/flood';
import { ghosts } from './drills/ghosts';
import { idleConnections } from './drills/idleConnections';
import { imageBuilt } from './drills/image';
import { aloneThenNot, bridgeGone, prosodyKilled } from './drills/jitsiOutages';
import { lateJoiner } from './drills/lateJoiner';
import { garbageFlood, joinStorm, soak } from './drills/load';
import { clockStep, databaseAway, databaseHung } from './drills/outages';
import { pageFlood } from './drills/pageFlood';
import { recordingExported } from './drills/recordingExports';
import {
  recorderKilled,
  recordingDiskFull,
  recordingLong,
  recordingRestarted,
  recordingStorageAway,
} from './drills/recordings';
import {
  dataChannelDropped,
  ghostGone,
  hubRestarted,
  laptopAsleep,
  networkChanged,
  tabHidden,
  webSocketChannelDropped,
  xmppDropped,
} from './drills/recovery';
import { clockSkew, slowReceiver, stalls } from './drills/timing';
import { slowUpload, upload } from './drills/uploads';
import { type DrillSetting, DrillWorld } from './support/drillWorld';

type Verdict = 'PASS' | 'FAIL' | 'SKIPPED';

/** Outcome of one drill. */
export interface DrillReport {
  readonly drill: string;
  readonly passMark: string;
  readonly verdict: Verdict;
  readonly figures: Measured;
  /** Why the drill could not be carried out, or null. */
  readonly problem: string | null;
}

type Described = Pick<Drill, 'name' | 'passMark'>;

/**
 * Judges the figures of a drill; one without figures fails. With `onBusyMachine`, figures that depend on load need only have
 * been measured.
 */
export function judged({ name, passMark }: Described, figures: Measured, onBusyMachine = false): DrillReport {
  const isFine = (figure: Figure) =>
    onBusyMachine && dependsOnLoad(figure) ? Number.isFinite(figure.value) : keepsBounds(figure);
  const passed = figures.length > 0 && figures.every(isFine);
  return { drill: name, passMark, verdict: passed ? 'PASS' : 'FAIL', figures, problem: null };
}

/** The report of a drill that broke (`FAIL`) or could not start (`SKIPPED`). */
export function unmeasured({ name, passMark }: Described, verdict: 'FAIL' | 'SKIPPED', problem: string): DrillReport {
  return { drill: name, passMark, verdict, figures: [], problem };
}

function bound({ atMost, atLeast }: Figure): string {
  if (atMost === atLeast) return `= ${atMost}`;
  return [atLeast === undefined ? '' : `>= ${atLeast}`, atMost === undefined ? '' : `<= ${atMost}`].join(' ').trim();
}

function figureText(figure: Figure): string {
  const value = Number.isInteger(figure.value) ? figure.value : figure.value.toFixed(1);
  const mark = keepsBounds(figure) ? '' : ' !';
  return `${figure.what} ${value}${figure.unit && ` ${figure.unit}`} (${bound(figure)})${mark}`;
}

/** All reports as a table, one line per figure; drill and verdict are on the first of its lines. */
export function reportTable(reports: readonly DrillReport[]): string {
  const rows = [['drill', '', 'measured (bound)', 'pass mark']];
  for (const { drill, verdict, figures, problem, passMark } of reports) {
    const lines = problem === null ? figures.map(figureText) : [problem.split('\n')[0]!];
    for (const [index, line] of lines.entries()) {
      rows.push(index === 0 ? [drill, verdict, line, passMark] : ['', '', line, '']);
    }
  }
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

/** Every drill, in the order in which they run. */
export const DRILLS: readonly Drill[] = [
  joinStorm,
  budget,
  lateJoiner,
  hubRestarted,
  prosodyKilled,
  bridgeGone,
  aloneThenNot,
  webSocketChannelDropped,
  dataChannelDropped,
  xmppDropped,
  tabHidden,
  networkChanged,
  laptopAsleep,
  stalls,
  clockSkew,
  slowReceiver,
  ghostGone,
  ghosts,
  databaseAway,
  databaseHung,
  clockStep,
  recorderKilled,
  recordingRestarted,
  recordingStorageAway,
  recordingDiskFull,
  recordingExported,
  recordingLong,
  alertsDelivered,
  garbageFlood,
  pageFlood,
  xmppFlood,
  upload,
  slowUpload,
  idleConnections,
  imageBuilt,
  soak,
];

/** Runs one drill in a world of its own. */
export async function runDrill(drill: Drill, setting: DrillSetting): Promise<DrillReport> {
  if (drill.needsServer && !setting.server)
    return unmeasured(drill, 'SKIPPED', 'needs a server of its own: leave out --url');
  const draws = !setting.onBusyMachine && (drill.measuresDrawing || !drill.measuresAge);
  const world = new DrillWorld(setting, draws ? 'drawing' : 'withoutWebgl');
  try {
    return judged(drill, await drill.run(world), setting.onBusyMachine);
  } catch (error) {
    const verdict = error instanceof NotPossibleHere ? 'SKIPPED' : 'FAIL';
    return unmeasured(drill, verdict, error instanceof Error ? error.message : String(error));
  } finally {
    await world.close();
  }
}

/** Runs drills one after the other. */
export async function runDrills(drills: readonly Drill[], setting: DrillSetting): Promise<DrillReport[]> {
  const reports: DrillReport[] = [];
  for (const drill of drills) {
    setting.say(`${drill.name}: ${drill.passMark}`);
    const report = await runDrill(drill, setting);
    setting.say(`${drill.name}: ${report.verdict}${report.problem === null ? '' : ` (${report.problem})`}`);
    reports.push(report);
  }
  return reports;
}
