import { testDrillsInShort } from './support/drillsInShort';

// Beside the other drills: these wait for most of their time, on servers of their own.
testDrillsInShort(['clock-step', 'idle-connections', 'prosody-killed']);
