import { CHANNEL_CASES, IDENTITY_CASES, MEDIA_CASES, transportContract } from '@/tests/contract/transport';
import { TRANSPORT_CASES } from '@/tests/contract/transportCases';
import { LOOPBACK_MEDIA } from '@/tests/server/hub/testHub';
import { headlessHarness, stockHarness } from './headlessWorld';

/** What depends on who names people: the roster alone, or presence too. */
const NAMED = ['T-11', 'T-56'];

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
transportContract('headless, a stock Jitsi', () => stockHarness({}), [...TRANSPORT_CASES, ...IDENTITY_CASES]);
transportContract(
  'headless, a stock Jitsi that names people in presence',
  () => stockHarness({ identity: true }),
  TRANSPORT_CASES.filter(({ id }) => NAMED.includes(id)),
);
transportContract(
  'headless, with voices over a hub without media',
  async () => ({ ...(await headlessHarness({}, { media: 'voice' })), blockMedia: async () => {} }),
  MEDIA_CASES,
);
