import type { OpusSource } from '@/lib/transport/headless/voice/opusPacket';
import { seededRandom } from '@/tools/seededRandom';

const PACKETS = 50;
const PACKET_MS = 20;
/** 32 kbit/s. */
const PACKET_BYTES = 80;
const LOUDEST_DBOV = -20;
const STEP_DB = 3;

/**
 * A voice of 50 packets a second that never pauses. The hub reads no Opus, so its bytes are random; each person is quieter
 * than the one before, so that who is forwarded does not change.
 */
export function syntheticVoice(person: number): OpusSource {
  const random = seededRandom(person + 1);
  const levelDbov = LOUDEST_DBOV - STEP_DB * person;
  const packets = Array.from({ length: PACKETS }, () => ({
    data: Uint8Array.from({ length: PACKET_BYTES }, () => Math.floor(random() * 256)),
    durationMs: PACKET_MS,
    levelDbov,
  }));
  return { packets };
}
