// A reporter of vitest's: writes down, as JSON at STRAY_ERRORS_FILE, the errors that no test waited for. They fail a run
// without failing a test, and vitest's own `json` report has none of them.
import { writeFileSync } from 'node:fs';

export default class StrayErrors {
  onTestRunEnd(_modules, errors) {
    const strays = errors.map((error) => ({
      during: [error.VITEST_TEST_PATH, error.VITEST_TEST_NAME].filter(Boolean).join(' > '),
      message: error.stack || `${error.name}: ${error.message}`,
    }));
    writeFileSync(process.env.STRAY_ERRORS_FILE, JSON.stringify(strays));
  }
}
