import { createHash } from 'node:crypto';
import { parse } from 'ltx';
import { expect, it } from 'vitest';
import { attrOf, type Element, NS, xml } from '@/lib/transport/headless/element';
import { capabilities, describeSelf } from '@/lib/transport/headless/xmpp/capabilities';
import { capturedText, NO_CAPTURES } from '@/tests/support/capturedFrames';

/** XEP-0115, 5.1, over the answer to a disco#info query. */
function verificationOf(query: Element): string {
  const identities = query
    .getChildren('identity')
    .map((each) => [attrOf(each, 'category'), attrOf(each, 'type'), attrOf(each, 'xml:lang'), attrOf(each, 'name')]);
  const features = query.getChildren('feature').map((each) => attrOf(each, 'var'));
  const parts = [...identities.map((identity) => identity.join('/')).sort(), ...features.sort()];
  return createHash('sha1')
    .update(parts.map((part) => `${part}<`).join(''))
    .digest('base64');
}

const EXODUS = `<query xmlns='http://jabber.org/protocol/disco#info'>
  <identity category='client' name='Exodus 0.9.1' type='pc'/>
  <feature var='http://jabber.org/protocol/caps'/><feature var='http://jabber.org/protocol/disco#info'/>
  <feature var='http://jabber.org/protocol/disco#items'/><feature var='http://jabber.org/protocol/muc'/></query>`;

it('T-83 the verification string of these tests is that of XEP-0115', () => {
  expect(verificationOf(parse(EXODUS) as unknown as Element)).toBe('QgayPKawpkPSDYmwT/WM94uAlu0=');
});

it("T-83 the verification string of these tests is lib-jitsi-meet's, too", ({ skip }) => {
  const log = capturedText('jwt-page.frames.log');
  if (!log) return skip(NO_CAPTURES);
  const described = /> <iq [^>]*type="result"[^>]*>(<query node="[^"]*#([^"]+)".*<\/query>)<\/iq>/.exec(log)!;
  expect(verificationOf(parse(described[1]!) as unknown as Element)).toBe(described[2]);
});

it('T-83 a headless transport announces the hash of what it then describes', () => {
  const announced = capabilities();
  const node = `${attrOf(announced, 'node')}#${attrOf(announced, 'ver')}`;
  const answer = describeSelf(xml('query', { xmlns: NS.discoInfo, node }));
  expect(attrOf(announced, 'ver')).toBe(verificationOf(answer));
  expect(attrOf(answer, 'node')).toBe(node);
  expect(attrOf(describeSelf(xml('query', { xmlns: NS.discoInfo })), 'node')).toBe('');
});
