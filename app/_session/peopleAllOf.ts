import type { Endpoint } from '@/lib/transport/transport';

/**
 * Those all of whose connections are as `isSo` asks: one that is about to go must not hide the one that has come.
 * `nameOf` gives who an endpoint is, or null where it counts for nobody.
 */
export function peopleAllOf(
  endpoints: Iterable<Endpoint>,
  nameOf: (endpoint: Endpoint) => string | null,
  isSo: (endpointId: string) => boolean,
): Set<string> {
  const so = new Set<string>();
  const otherwise = new Set<string>();
  for (const endpoint of endpoints) {
    const name = nameOf(endpoint);
    if (name !== null) (isSo(endpoint.endpointId) ? so : otherwise).add(name);
  }
  for (const name of otherwise) so.delete(name);
  return so;
}
