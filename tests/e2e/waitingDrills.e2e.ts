import { hasPostgres } from '@/tools/run/postgres.mjs';
import { hasVersitygw } from '@/tools/run/versitygw.mjs';
import { testDrillsInShort } from './support/drillsInShort';

const databaseDrills = ['database-away', 'database-hung'];
const mayMount = process.platform === 'linux' && process.getuid?.() === 0;

// Beside the other drills: these wait for most of their time, all but the ghosts on servers of their own.
testDrillsInShort({
  sideBySide: [
    ...databaseDrills,
    'clock-step',
    'prosody-killed',
    'ghosts',
    'recording-restarted',
    'recording-storage-away',
    'recording-disk-full',
  ],
  // Its server has next to no files to spare, and the stays in it no time.
  inTurn: ['idle-connections'],
  impossible: [
    ...(hasPostgres() ? [] : databaseDrills),
    ...(hasVersitygw() ? [] : ['recording-storage-away']),
    ...(mayMount ? [] : ['recording-disk-full']),
  ],
});
