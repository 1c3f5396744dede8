import { testDrillsInShort } from './support/drillsInShort';

testDrillsInShort({
  sideBySide: ['channel-dropped-ws', 'xmpp-dropped', 'tab-hidden'],
  inTurn: ['slow-upload', 'budget', 'xmpp-flood', 'upload', 'page-flood', 'hub-restarted'],
});
