import 'vitest';
import type { BrowserKind } from './support/browser';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of a server with default settings, for the files that need no other. */
    parleyUrl: string;
    /** WebSocket addresses of the browsers that all files share. */
    chromiumUrls: Record<BrowserKind, string>;
  }
}
