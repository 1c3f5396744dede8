import { ReasonedError } from '@/lib/core/reasonedError';

/**
 * `unavailable`: the database is away. `inUse`: another process has the data folder. `unwritable`: nothing can be saved,
 * since the disk is full, write-protected or closed to this account.
 */
type StoreErrorReason = 'unavailable' | 'inUse' | 'unwritable';

/** The database can't be used now. The message says what to do. */
export class StoreError extends ReasonedError<StoreErrorReason> {}

/** SQLSTATE classes of a server that is running but can't serve: connection, resources, operator, system. */
const AWAY_CLASSES = new Set(['08', '53', '57', '58']);

// Every SQLSTATE contains a digit; operating system codes such as EPIPE don't.
const SQLSTATE = /^(?=.*\d)[0-9A-Z]{5}$/;

/** Why nothing can be written, and what the operator can do. */
const FULL = 'The disk is full. Make room.';
const QUOTA = 'The disk quota of this account is used up. Make room.';
const PROTECTED = 'It is write-protected. Mount it for writing, or choose another place.';
const FORBIDDEN = 'This account may not write there. Give it the rights, or choose another place.';

/** By the code of Node, of a database (SQLSTATE), or of the embedded database's system calls (WASI's numbers). */
const UNWRITABLE: Readonly<Record<string, string>> = {
  ENOSPC: FULL,
  EDQUOT: QUOTA,
  EROFS: PROTECTED,
  EACCES: FORBIDDEN,
  EPERM: FORBIDDEN,
  '53100': FULL,
  '25006': PROTECTED,
  'WASI 51': FULL,
  'WASI 19': QUOTA,
  'WASI 69': PROTECTED,
  'WASI 2': FORBIDDEN,
  'WASI 63': FORBIDDEN,
};

/** What database and operating system say of a failure. The embedded database throws system errors that are no `Error`. */
interface FailureFacts {
  readonly code?: unknown;
  readonly errno?: unknown;
  readonly severity?: unknown;
}

function innermost(error: unknown): unknown {
  let inner = error;
  while (inner instanceof Error && inner.cause !== undefined) inner = inner.cause;
  return inner;
}

function factsOf(error: unknown): FailureFacts {
  const inner = innermost(error);
  return typeof inner === 'object' && inner !== null ? inner : {};
}

/** The SQLSTATE of a failed statement, or null if the server gave no answer. */
function sqlState(error: unknown): string | null {
  const { code } = factsOf(error);
  return typeof code === 'string' && SQLSTATE.test(code) ? code : null;
}

/** Whether a failure means that the database is away, and not that it refused a statement. */
export function isDatabaseAway(error: unknown): boolean {
  if (error instanceof TypeError || error instanceof RangeError) return false;
  const state = sqlState(error);
  return state === null || AWAY_CLASSES.has(state.slice(0, 2));
}

/** Whether the embedded database can't go on after a failure: a further call would never return. */
export function isDatabaseBroken(error: unknown): boolean {
  const { severity } = factsOf(error);
  return severity === 'PANIC' || severity === 'FATAL' || innermost(error) instanceof WebAssembly.RuntimeError;
}

/**
 * The refusal if `error` says that nothing can be written to `place`, such as "The folder /data": a sentence with the
 * reason and what to do, and the error as its cause. Null for every other failure.
 */
export function unwritableError(error: unknown, place: string): StoreError | null {
  const { code, errno } = factsOf(error);
  const advice = UNWRITABLE[typeof code === 'string' ? code : `WASI ${errno}`];
  if (!advice) return null;
  return new StoreError('unwritable', `${place} can't be written to. ${advice}`, { cause: error });
}

/** What is at the bottom of a failure, in one line for the log. */
export function rootCause(error: unknown): string {
  const inner = innermost(error);
  return inner instanceof Error ? inner.message : JSON.stringify(inner);
}
