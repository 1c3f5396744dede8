// Reads a vitest report: what failed, to be read at the end of a long log, and where the time went.
import { relative } from 'node:path';

const LINES_MAX = 12;
const SLOWEST_SHOWN = 5;
const BROWSER_GROUPS = ['tests/e2e/drawn', 'tests/e2e', 'tests/visual'];

function paragraphOf(place, message) {
  const lines = message.split('\n').slice(0, LINES_MAX);
  return [place, ...lines.map((line) => `    ${line}`)].join('\n');
}

/**
 * A paragraph for each failed test of a report of vitest's `json` reporter, and for each file that failed as a whole:
 * its place relative to `root`, and the first lines of the reason.
 */
export function failuresOf({ testResults }, root) {
  return testResults.flatMap(({ name, message, assertionResults }) => {
    const file = relative(root, name);
    const failed = assertionResults.filter(({ status }) => status === 'failed');
    if (failed.length === 0) return message ? [paragraphOf(file, message)] : [];
    return failed.map(({ fullName, failureMessages }) =>
      paragraphOf(`${file} > ${fullName}`, failureMessages.join('\n')),
    );
  });
}

/** A paragraph for each error outside any test, as `strayErrors.mjs` writes them down. */
export function straysOf(strays) {
  return strays.map(({ during, message }) =>
    paragraphOf(`an error outside any test, during ${during || 'the run'}`, message),
  );
}

/** One line for each group of test files, in the order they ran: from its first start to its last end, the slowest files. */
export function timesOf({ testResults }, root) {
  const groups = new Map();
  for (const { name, startTime, endTime } of testResults) {
    const file = relative(root, name).replaceAll('\\', '/');
    const group = BROWSER_GROUPS.find((folder) => file.startsWith(`${folder}/`)) ?? 'unit';
    if (!groups.has(group)) groups.set(group, []);
    groups.get(group).push({ file, startTime, endTime, seconds: (endTime - startTime) / 1000 });
  }
  const spans = [...groups].map(([group, files]) => ({
    group,
    files,
    startMs: Math.min(...files.map(({ startTime }) => startTime)),
    endMs: Math.max(...files.map(({ endTime }) => endTime)),
  }));
  return spans
    .sort((a, b) => a.startMs - b.startMs)
    .map(({ group, files, startMs, endMs }) => {
      const slowest = [...files].sort((a, b) => b.seconds - a.seconds).slice(0, SLOWEST_SHOWN);
      const named = slowest.map(({ file, seconds }) => `${file.split('/').at(-1)} ${seconds.toFixed(1)}`).join(', ');
      return `${group}: ${files.length} files in ${((endMs - startMs) / 1000).toFixed(1)} s (slowest: ${named})`;
    });
}
