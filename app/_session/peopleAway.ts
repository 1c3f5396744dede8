import type { Transport } from '@/lib/transport/transport';
import { peopleAllOf } from './peopleAllOf';

/** Ids of the people all of whose pages are hidden. */
export function peopleAway({ endpoints, hidden }: Pick<Transport, 'endpoints' | 'hidden'>): ReadonlySet<string> {
  return peopleAllOf(
    endpoints.values(),
    ({ personId }) => personId,
    (id) => hidden.has(id),
  );
}
