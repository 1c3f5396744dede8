import { lockFolder } from '@/server/store/folderLock';

/**
 * Locks a folder at a given time (milliseconds since the epoch) and says how it went; then holds the lock until it is
 * killed or its input ends.
 */
const [folder = '', at = '0'] = process.argv.slice(2);
while (Date.now() < Number(at));
try {
  lockFolder(folder);
  process.stdout.write('held');
} catch (error) {
  process.stdout.write((error as { reason?: string }).reason ?? String(error));
}
process.stdin.resume().once('end', () => process.exit(0));
