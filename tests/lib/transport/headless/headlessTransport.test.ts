import { CHANNEL_CASES, IDENTITY_CASES, MEDIA_CASES, transportContract } from '@/tests/contract/transport';
import { LOOPBACK_MEDIA } from '@/tests/server/hub/testHub';
import { claimedHarness } from './claimedWorld';
import { headlessHarness } from './headlessWorld';

transportContract('headless, WebSocket', () => headlessHarness({}));
transportContract(
  'headless, WebSocket, sessions from two occupants on',
  () => headlessHarness({ minParticipants: 2 }),
  CHANNEL_CASES,
);
transportContract(
  'headless, data channel',
  () => headlessHarness({ media: LOOPBACK_MEDIA, bridgeChannel: 'datachannel' }),
  CHANNEL_CASES,
);
// A stock Jitsi keeps the endpoint of a lost session for a minute, longer than a case takes.
transportContract('headless, a stock Jitsi', () =>
  headlessHarness({ jicofo: { identity: true }, media: LOOPBACK_MEDIA, limits: { resumeWindowMs: 15_000 } }),
);
transportContract(
  'headless, with voices over a hub without media',
  async () => ({ ...(await headlessHarness({}, { media: 'voice' })), blockMedia: async () => {} }),
  MEDIA_CASES,
);
transportContract('headless, without identities in presence', claimedHarness, IDENTITY_CASES);
