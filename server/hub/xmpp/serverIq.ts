import { type Element, xml } from './element';
import { NS } from './namespaces';
import { iqError, iqResult } from './stanzaReplies';

/** The answer to an IQ that is addressed to the server itself. */
export function answerServerIq(request: Element): Element {
  if (request.getChild('ping', NS.ping)) return iqResult(request);
  if (request.getChild('session', NS.session)) return iqResult(request);
  if (request.getChild('query', NS.discoInfo)) return iqResult(request, serverInfo(request));
  if (request.getChild('query', NS.discoItems)) return iqResult(request, xml('query', { xmlns: NS.discoItems }));
  const services = request.getChild('services');
  if (services) return iqResult(request, xml('services', { xmlns: services.getNS() }));
  return iqError(request, 'service-unavailable');
}

/** disco#info: without `urn:xmpp:ping` a client reports a broken server. */
function serverInfo(request: Element): Element {
  const features = [NS.ping, NS.discoInfo, NS.externalServices, NS.externalServices1];
  return discoInfo(request, { category: 'server', type: 'im', name: 'Parley' }, features);
}

/** A disco#info result that repeats the request's node. */
export function discoInfo(request: Element, identity: Record<string, string>, features: readonly string[]): Element {
  const node = request.getChild('query', NS.discoInfo)?.attrs['node'];
  return xml(
    'query',
    { xmlns: NS.discoInfo, node },
    xml('identity', identity),
    ...features.map((feature) => xml('feature', { var: feature })),
  );
}
