import 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** Whether goldens are overwritten instead of compared: `npm run visual -- --update`. */
    updateGoldens: boolean;
  }
}
