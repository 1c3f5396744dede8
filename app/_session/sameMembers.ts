/** Whether two sets hold the same. */
export function sameMembers<Member>(a: ReadonlySet<Member>, b: ReadonlySet<Member>): boolean {
  if (a.size !== b.size) return false;
  for (const member of a) if (!b.has(member)) return false;
  return true;
}
