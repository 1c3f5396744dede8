import type { Transport } from '@/lib/transport/transport';

/** Ids of the people all of whose pages are hidden. */
export function peopleAway({ endpoints, hidden }: Pick<Transport, 'endpoints' | 'hidden'>): ReadonlySet<string> {
  const away = new Set<string>();
  const present = new Set<string>();
  for (const { endpointId, personId } of endpoints.values()) {
    if (personId !== null) (hidden.has(endpointId) ? away : present).add(personId);
  }
  for (const personId of present) away.delete(personId);
  return away;
}
