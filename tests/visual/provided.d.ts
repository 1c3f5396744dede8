import 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** Whether pictures are written anew instead of compared: `npm run visual -- --update`. */
    updateGoldens: boolean;
  }
}
