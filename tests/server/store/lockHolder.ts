import { once } from 'node:events';
import { lockFolder } from '@/server/store/folderLock';

/** Says that it has started, locks a folder once told to, and says how that went; then holds the lock until its input ends. */
const [folder = ''] = process.argv.slice(2);
process.stdout.write('ready\n');
await once(process.stdin, 'data');
try {
  lockFolder(folder);
  process.stdout.write('held\n');
} catch (error) {
  process.stdout.write(`${(error as { reason?: string }).reason ?? String(error)}\n`);
}
process.stdin.resume().once('end', () => process.exit(0));
