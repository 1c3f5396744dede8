import { readFileSync } from 'node:fs';
import { AvatarFileError } from '@/lib/avatarFile/avatarFileError';
import { inspectAvatar } from '@/lib/avatarFile/inspectAvatar';
import { reportText } from '@/tools/avatarFile/reportText';

/** Where the command writes. */
export interface CommandOutput {
  print(text: string): void;
  /** Standard error: one sentence. */
  complain(sentence: string): void;
}

const USAGE = 'Say: npm run -s avatar -- inspect FILE [--json]';

function readFile(path: string): Uint8Array | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}

/** Prints what the lobby says about an avatar's file. Returns the exit status: 0; 1 for a file that can't be used; 2. */
export function runAvatarCommand(args: readonly string[], output: CommandOutput): number {
  const isJson = args.includes('--json');
  const [verb, path, ...rest] = args.filter((arg) => arg !== '--json');
  const bytes = verb === 'inspect' && path && rest.length === 0 ? readFile(path) : null;
  if (!bytes) {
    output.complain(verb === 'inspect' && path ? `There is no file ${path} that can be read.` : USAGE);
    return 2;
  }
  try {
    const { report } = inspectAvatar(bytes);
    output.print(isJson ? JSON.stringify(report, null, 2) : reportText(report));
    return report.rank === 'tooHeavy' ? 1 : 0;
  } catch (error) {
    if (!(error instanceof AvatarFileError)) throw error;
    output.complain(error.message);
    return 1;
  }
}
