// A vitest reporter that writes errors outside any test to STRAY_ERRORS_FILE, as JSON. They fail a run without failing a
// test, and vitest's own `json` report leaves them out.
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
