import { hasPostgres } from '@/tools/run/postgres.mjs';
import { testDrillsInShort } from './support/drillsInShort';

// Beside the other drills: these wait for most of their time.
testDrillsInShort(['database-away', 'database-hung'], hasPostgres());
