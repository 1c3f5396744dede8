import { type Drill, type Figure, keepsBounds, type Measured } from './drill';

type Verdict = 'PASS' | 'FAIL' | 'SKIPPED';

/** What became of one drill. */
export interface DrillReport {
  readonly drill: string;
  readonly passMark: string;
  readonly verdict: Verdict;
  readonly figures: Measured;
  /** Why it could not be carried out, or null. */
  readonly problem: string | null;
}

type Described = Pick<Drill, 'name' | 'passMark'>;

/** Judges what a drill measured; one without a figure has shown nothing. */
export function judged({ name, passMark }: Described, figures: Measured): DrillReport {
  const passed = figures.length > 0 && figures.every(keepsBounds);
  return { drill: name, passMark, verdict: passed ? 'PASS' : 'FAIL', figures, problem: null };
}

/** The report of a drill that broke, or (`SKIPPED`) that could not be begun. */
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

/** The table of all reports: a line for each figure, the drill and its verdict on the first of its lines. */
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
