import type { QuotaSettings } from '@/server/services/recordings/recordingQuota';

/** Limits of recordings that nothing reaches. */
export const ROOMY: QuotaSettings = {
  maxMs: 86_400_000,
  maxBytes: 1e9,
  meetingMaxBytes: 1e10,
  siteMaxBytes: 1e11,
  freeMinBytes: 0,
  atOnce: 100,
};
