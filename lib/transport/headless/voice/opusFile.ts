import { readFile } from 'node:fs/promises';
import { BufferSource, EncodedPacketSink, Input, MATROSKA, OGG, WEBM } from 'mediabunny';
import { ReasonedError } from '@/lib/core/reasonedError';
import { opusDurationMs } from '@/lib/webrtc/opusDuration';
import { type OpusPacket, type OpusSource, SILENCE_DBOV } from './opusPacket';

type OpusFileErrorReason = 'unreadable' | 'tooLarge' | 'notOpus' | 'empty';

/** Why a file cannot be sent as a voice. */
export class OpusFileError extends ReasonedError<OpusFileErrorReason> {}

const FILE_MAX_BYTES = 64 * 1024 * 1024;
/** What fits into one UDP packet beside the headers of RTP and SRTP. */
const PACKET_MAX_BYTES = 1200;
/** Packets this small carry no sound: discontinuous transmission (RFC 6716, 2.1.9). */
const DTX_MAX_BYTES = 2;
/** Nothing is decoded, so loudness is unknown: every packet with sound is announced as calm speech into a headset. */
const ASSUMED_LEVEL_DBOV = -30;

/** Reads an Ogg or WebM file with an Opus track. @throws OpusFileError */
export async function readOpusFile(path: string): Promise<OpusSource> {
  const bytes = await readFile(path).catch((cause: Error) => {
    throw new OpusFileError('unreadable', `${path} cannot be read: ${cause.message}`, { cause });
  });
  return parseOpus(bytes, path);
}

async function parseOpus(bytes: Uint8Array, name: string): Promise<OpusSource> {
  if (bytes.byteLength > FILE_MAX_BYTES) {
    throw new OpusFileError('tooLarge', `${name} is larger than ${FILE_MAX_BYTES / 1024 / 1024} MB.`);
  }
  const input = new Input({ source: new BufferSource(bytes), formats: [OGG, WEBM, MATROSKA] });
  try {
    const packets = await readPackets(input, name);
    if (packets.length === 0) throw new OpusFileError('empty', `${name} holds no sound.`);
    return { packets };
  } catch (error) {
    if (error instanceof OpusFileError) throw error;
    throw new OpusFileError('notOpus', `${name} is not an Ogg or WebM file with Opus sound.`, { cause: error });
  } finally {
    input.dispose();
  }
}

async function readPackets(input: Input, name: string): Promise<OpusPacket[]> {
  const track = await input.getPrimaryAudioTrack();
  if (track?.codec !== 'opus') throw new OpusFileError('notOpus', `${name} has no Opus track.`);
  const packets: OpusPacket[] = [];
  for await (const { data } of new EncodedPacketSink(track).packets()) {
    const durationMs = opusDurationMs(data);
    if (durationMs === 0 || data.byteLength > PACKET_MAX_BYTES) continue;
    const levelDbov = data.byteLength <= DTX_MAX_BYTES ? SILENCE_DBOV : ASSUMED_LEVEL_DBOV;
    packets.push({ data: data.slice(), durationMs, levelDbov });
  }
  return packets;
}
