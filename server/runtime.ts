/** What Next's route adapters may ask of the process that serves them. */
export interface Runtime {
  /** Answers an API request; `ip` is the caller's address as the process saw it. */
  handleApi(request: Request, facts: { readonly ip: string }): Promise<Response>;
}

/** Header in which the process hands the caller's address to the route adapters; never taken from outside. */
export const CLIENT_IP_HEADER = 'x-parley-client-ip';

// Next bundles its routes apart from the process around them, so a module variable would exist twice.
const RUNTIME = Symbol.for('parley.runtime');

type Holder = { [RUNTIME]?: Runtime };

/** Offers `runtime` to the route adapters of this process. */
export function provideRuntime(runtime: Runtime): void {
  (globalThis as Holder)[RUNTIME] = runtime;
}

/** The process's runtime, or null where the pages are served by Next alone. */
export function findRuntime(): Runtime | null {
  return (globalThis as Holder)[RUNTIME] ?? null;
}
