import type { ScreenPacket } from '@/lib/transport/headless/media/screenReceiver';
import type { HeardPacket } from '@/lib/transport/headless/voice/voiceBook';

/** Payload types and the id of the audio level in every offer of the hub; a deployment may have others. */
const OPUS = 111;
const VP8 = 100;
const AUDIO_LEVEL_ID = 1;

/** The fixed header (RFC 3550, 5.1). */
const FIXED_BYTES = 12;
const screen = Buffer.alloc(FIXED_BYTES);
screen[0] = 0x80;
/** With one extension of one byte, padded to 32 bits (RFC 8285, 4.2). */
const voice = Buffer.alloc(FIXED_BYTES + 8);
voice[0] = 0x90;
voice.writeUInt16BE(0xbede, FIXED_BYTES);
voice.writeUInt16BE(1, FIXED_BYTES + 2);
voice[FIXED_BYTES + 4] = AUDIO_LEVEL_ID << 4;

type Fixed = Pick<HeardPacket, 'ssrc' | 'sequence' | 'timestamp' | 'hasMarker'>;

function writeFixed(header: Buffer, payloadType: number, { ssrc, sequence, timestamp, hasMarker }: Fixed): void {
  header[1] = (hasMarker ? 0x80 : 0) | payloadType;
  header.writeUInt16BE(sequence, 2);
  header.writeUInt32BE(timestamp, 4);
  header.writeUInt32BE(ssrc, 8);
}

/** The RTP header that a voice's packet would have had on the hub. Valid until the next call. */
export function writeVoiceHeader(packet: HeardPacket): Uint8Array {
  writeFixed(voice, OPUS, packet);
  voice[FIXED_BYTES + 5] = Math.min(127, Math.max(0, -packet.levelDbov));
  return voice;
}

/** The RTP header that a screen's packet would have had on the hub. Valid until the next call. */
export function writeScreenHeader(packet: ScreenPacket): Uint8Array {
  writeFixed(screen, VP8, packet);
  return screen;
}
