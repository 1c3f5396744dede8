import type { HeardPacket } from '@/lib/transport/headless/voice/voiceBook';

/** Payload type of Opus and id of the audio level in every offer of the hub; a deployment may have others. */
const OPUS = 111;
const AUDIO_LEVEL_ID = 1;

/** The fixed header (RFC 3550, 5.1) and one extension of one byte, padded to 32 bits (RFC 8285, 4.2). */
const header = Buffer.alloc(20);
header[0] = 0x90;
header.writeUInt16BE(0xbede, 12);
header.writeUInt16BE(1, 14);
header[16] = AUDIO_LEVEL_ID << 4;

/** The RTP header that a voice's packet would have had on the hub. Valid until the next call. */
export function writeVoiceHeader({ ssrc, sequence, timestamp, hasMarker, levelDbov }: HeardPacket): Uint8Array {
  header[1] = (hasMarker ? 0x80 : 0) | OPUS;
  header.writeUInt16BE(sequence, 2);
  header.writeUInt32BE(timestamp, 4);
  header.writeUInt32BE(ssrc, 8);
  header[17] = Math.min(127, Math.max(0, -levelDbov));
  return header;
}
