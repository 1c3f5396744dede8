// What of a vitest report failed, to be read at the end of a long log.
import { relative } from 'node:path';

const LINES_MAX = 12;

function paragraphOf(place, message) {
  const lines = message.split('\n').slice(0, LINES_MAX);
  return [place, ...lines.map((line) => `    ${line}`)].join('\n');
}

/**
 * A paragraph for each failed test of a report of vitest's `json` reporter, and for each file that failed as a whole:
 * where it stands, relative to `root`, and the first lines of why.
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

/** A paragraph for each error that no test waited for, as `strayErrors.mjs` writes them down. */
export function straysOf(strays) {
  return strays.map(({ during, message }) =>
    paragraphOf(`an error nobody waited for, during ${during || 'the run'}`, message),
  );
}
