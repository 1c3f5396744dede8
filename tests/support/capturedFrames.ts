import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Traffic captured from real deployments, kept beside the project and not in it. */
const FOLDER = join(process.cwd(), '../shared/data/jitsi-real');

/** Why a test on captured traffic is skipped. */
export const NO_CAPTURES = 'no captured traffic in ../shared/data/jitsi-real';

/** A captured file; null where there is none. */
export function capturedText(name: string): string | null {
  const path = join(FOLDER, name);
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}
