import { it } from 'vitest';
import { TapChunks } from '@/server/recorder/tapChunk';
import { BOXED_NUMBER_BYTES, expectBytesPerCall } from '@/tests/support/allocations';

it('copying a packet for the recorder allocates at most its time, and handing over chunks that come back nothing', () => {
  const chunks: TapChunks = new TapChunks((chunk) => chunks.giveBack(chunk));
  const [header, payload] = [new Uint8Array(20), new Uint8Array(80)];
  const packets = 20;
  expectBytesPerCall(packets * BOXED_NUMBER_BYTES, (call) => {
    for (let k = 0; k < packets; k += 1) chunks.add('audio', 'e1', 'ann', call + k / 8, header, payload);
  });
});
