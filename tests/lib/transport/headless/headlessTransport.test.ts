import { transportContract } from '@/tests/contract/transport';
import { headlessHarness, LOOPBACK_MEDIA } from './headlessWorld';

transportContract('headless, WebSocket', () => headlessHarness({}));
transportContract('headless, WebSocket, a session from the second on', () => headlessHarness({ minParticipants: 2 }));
transportContract('headless, data channel', () =>
  headlessHarness({ media: LOOPBACK_MEDIA, bridgeChannel: 'datachannel' }),
);
