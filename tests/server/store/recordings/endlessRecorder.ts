import { FolderStorage } from '@/server/store/recordings/folderStorage';

const [folder = '', id = ''] = process.argv.slice(2);
const storage = new FolderStorage(folder);
for (let round = 2; ; round += 1) {
  await storage.write(id, 'info.json', new Uint8Array(100_000).fill(round % 256));
  if (round === 2) console.log('writing');
}
