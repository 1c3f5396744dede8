import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedPacket,
  OggOutputFormat,
  Output,
  WebMOutputFormat,
} from 'mediabunny';
import OpusScript from 'opusscript';
import { readOpusFile } from '@/lib/transport/headless/voice/opusFile';
import type { OpusSource } from '@/lib/transport/headless/voice/opusPacket';

const RATE_HZ = 48_000;
const FRAME_SAMPLES = 960;
const FRAME_SECONDS = FRAME_SAMPLES / RATE_HZ;

/** `seconds` of a tone as Opus packets of 20 ms. */
export function encodeTone(seconds: number, toneHz = 440): Uint8Array[] {
  const encoder = new OpusScript(RATE_HZ, 1, OpusScript.Application.VOIP);
  const packets: Uint8Array[] = [];
  for (let frame = 0; frame < seconds / FRAME_SECONDS; frame += 1) {
    const pcm = Buffer.alloc(FRAME_SAMPLES * 2);
    for (let k = 0; k < FRAME_SAMPLES; k += 1) {
      const phase = (2 * Math.PI * toneHz * (frame * FRAME_SAMPLES + k)) / RATE_HZ;
      pcm.writeInt16LE(Math.round(Math.sin(phase) * 8_000), k * 2);
    }
    packets.push(Uint8Array.from(encoder.encode(pcm, FRAME_SAMPLES)));
  }
  encoder.delete();
  return packets;
}

/** `OpusHead` (RFC 7845, 5.1) for one channel. */
function opusHead(): Uint8Array {
  const head = Buffer.alloc(19);
  head.write('OpusHead', 0, 'latin1');
  head.writeUInt8(1, 8);
  head.writeUInt8(1, 9);
  head.writeUInt16LE(312, 10);
  head.writeUInt32LE(RATE_HZ, 12);
  return head;
}

/** Puts Opus packets of 20 ms into a file. */
export async function wrapOpus(packets: readonly Uint8Array[], container: 'ogg' | 'webm'): Promise<Uint8Array> {
  const target = new BufferTarget();
  const output = new Output({ format: container === 'ogg' ? new OggOutputFormat() : new WebMOutputFormat(), target });
  const source = new EncodedAudioPacketSource('opus');
  output.addAudioTrack(source);
  await output.start();
  const decoderConfig = { codec: 'opus', numberOfChannels: 1, sampleRate: RATE_HZ, description: opusHead() };
  for (const [index, data] of packets.entries()) {
    await source.add(new EncodedPacket(data, 'key', index * FRAME_SECONDS, FRAME_SECONDS), { decoderConfig });
  }
  await output.finalize();
  if (!target.buffer) throw new Error('nothing was written');
  return new Uint8Array(target.buffer);
}

/** What `readOpusFile` makes of a file of these bytes. @throws OpusFileError */
export async function readOpus(bytes: Uint8Array): Promise<OpusSource> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-opus-'));
  try {
    const path = join(folder, 'voice.opus');
    await writeFile(path, bytes);
    return await readOpusFile(path);
  } finally {
    await rm(folder, { recursive: true });
  }
}
