import { afterAll, vi } from 'vitest';

// Files share processes, so each leaves its process as it found it.
afterAll(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});
