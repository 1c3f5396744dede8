import 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where a server without settings is, for all files that want no other. */
    parleyUrl: string;
  }
}
