import type { Endpoint, Transport } from '@/lib/transport/transport';

/**
 * The people for whom every endpoint satisfies `isSo`: an old endpoint that is about to leave must not stand for the new one.
 * Endpoints without a known person are left out.
 */
export function peopleAllOf(endpoints: Iterable<Endpoint>, isSo: (endpointId: string) => boolean): Set<string> {
  const so = new Set<string>();
  const otherwise = new Set<string>();
  for (const { endpointId, personId } of endpoints) {
    if (personId !== null) (isSo(endpointId) ? so : otherwise).add(personId);
  }
  for (const personId of otherwise) so.delete(personId);
  return so;
}

/** Ids of the people who have no visible page. */
export function peopleAway({ endpoints, hidden }: Pick<Transport, 'endpoints' | 'hidden'>): ReadonlySet<string> {
  return peopleAllOf(endpoints.values(), (id) => hidden.has(id));
}

/** Whether two sets have the same members. */
export function sameMembers<Member>(a: ReadonlySet<Member>, b: ReadonlySet<Member>): boolean {
  if (a.size !== b.size) return false;
  for (const member of a) if (!b.has(member)) return false;
  return true;
}
