import { createHash, randomBytes } from 'node:crypto';
import { AvatarStore } from '@/server/store/avatarStore';

/** Fills a folder with avatars until it is killed; prints a line before each. */
const store = await AvatarStore.open(process.argv[2]!, 1_000_000_000);
for (;;) {
  const bytes = randomBytes(2_000_000);
  process.stdout.write('begun\n');
  await store.put(createHash('sha256').update(bytes).digest('hex'), bytes, async () => new Set());
}
