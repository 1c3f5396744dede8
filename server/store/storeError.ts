import { ReasonedError } from '@/lib/core/reasonedError';

type StoreErrorReason = 'unavailable' | 'inUse';

/** The database can't be used now. The message says what to do. */
export class StoreError extends ReasonedError<StoreErrorReason> {}

/** SQLSTATE classes of a server that is running but can't serve: connection, resources, operator, system. */
const AWAY_CLASSES = new Set(['08', '53', '57', '58']);

// Every SQLSTATE contains a digit; operating system codes such as EPIPE don't.
const SQLSTATE = /^(?=.*\d)[0-9A-Z]{5}$/;

function innermost(error: unknown): unknown {
  let inner = error;
  while (inner instanceof Error && inner.cause !== undefined) inner = inner.cause;
  return inner;
}

/** The SQLSTATE of a failed statement, or null if the server gave no answer. */
function sqlState(error: unknown): string | null {
  const code = (innermost(error) as { code?: unknown } | null)?.code;
  return typeof code === 'string' && SQLSTATE.test(code) ? code : null;
}

/** Whether a failure means that the database is away, and not that it refused a statement. */
export function isDatabaseAway(error: unknown): boolean {
  if (error instanceof TypeError || error instanceof RangeError) return false;
  const state = sqlState(error);
  return state === null || AWAY_CLASSES.has(state.slice(0, 2));
}
