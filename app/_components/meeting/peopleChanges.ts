import type { SeatedPerson } from '@/lib/core/meeting';

/** Who came and who went between two lists, oneself left out. */
export function peopleChanges(
  before: readonly SeatedPerson[],
  after: readonly SeatedPerson[],
  selfId: string | null,
): { joined: readonly SeatedPerson[]; left: readonly SeatedPerson[] } {
  const missingFrom = (list: readonly SeatedPerson[]) => (person: SeatedPerson) =>
    person.id !== selfId && !list.some(({ id }) => id === person.id);
  return { joined: after.filter(missingFrom(before)), left: before.filter(missingFrom(after)) };
}
