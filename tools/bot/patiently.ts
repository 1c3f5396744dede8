import { ParleyApiError } from '@/lib/api';

/** An API that asks to wait longer is told to the operator instead. */
const WAIT_MAX_MS = 5_000;
const ATTEMPTS_MAX = 5;

/** Makes a call again when the API asks to wait for it: a fleet from one address is let in as fast as it admits it. */
export async function patiently<T>(call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      const waitMs = error instanceof ParleyApiError ? (error.retryAfterMs ?? Number.NaN) : Number.NaN;
      if (attempt === ATTEMPTS_MAX || !(waitMs <= WAIT_MAX_MS)) throw error;
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
}
