import { useEffect, useMemo, useState } from 'react';
import type { Participant } from '@/lib/core/meeting';
import {
  type Arrangement,
  type ArrangementName,
  createArrangement,
  TABLE_SEATS_MAX,
} from '@/scene/room/plan/arrangement';

/**
 * A room that has become too large keeps its size for this long: one lost connection must not move everybody.
 */
export const SHRINK_AFTER_MS = 30_000;

/** The arrangement of a meeting with `seats` seats: a table as long as it is large enough, else an arc. */
export function useArrangement(people: readonly Participant[], seats: number): Arrangement {
  const needed: ArrangementName = people.some(({ seat }) => seat >= TABLE_SEATS_MAX) ? 'arc' : 'table';
  const [kept, setKept] = useState(needed);
  if (needed === 'arc' && kept !== needed) setKept(needed);
  useEffect(() => {
    if (kept === needed) return;
    const timer = setTimeout(() => setKept(needed), SHRINK_AFTER_MS);
    return () => clearTimeout(timer);
  }, [kept, needed]);
  return useMemo(() => createArrangement(kept, seats), [kept, seats]);
}
