import { testDrillsInShort } from './support/drillsInShort';

testDrillsInShort([
  'ghosts',
  'hub-restarted',
  'channel-dropped-ws',
  'xmpp-dropped',
  'tab-hidden',
  'budget',
  'xmpp-flood',
  'upload',
  'slow-upload',
  'page-flood',
]);
