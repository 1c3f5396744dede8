import { hasPostgres } from '@/tools/run/postgres.mjs';
import { testDrillsInShort } from './support/drillsInShort';

const databaseDrills = ['database-away', 'database-hung'];

// Beside the other drills: these wait for most of their time, all but the ghosts on servers of their own.
testDrillsInShort({
  sideBySide: [...databaseDrills, 'clock-step', 'prosody-killed', 'ghosts'],
  // Its server has next to no files to spare, and the stays in it no time.
  inTurn: ['idle-connections'],
  impossible: hasPostgres() ? [] : databaseDrills,
});
