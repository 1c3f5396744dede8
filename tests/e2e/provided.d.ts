import 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of a server with default settings, for the files that need no other. */
    parleyUrl: string;
    /** WebSocket address of the browser that all files of a project share. */
    chromiumUrl: string;
  }
}
