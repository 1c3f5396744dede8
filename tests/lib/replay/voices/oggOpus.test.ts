import { BufferSource, EncodedPacketSink, Input, OGG } from 'mediabunny';
import { expect, it } from 'vitest';
import { writeOggOpus } from '@/lib/replay/voices/oggOpus';

it('an Ogg file of Opus packets is read by another reader, packet by packet, also where they fill several pages', async () => {
  const packets = Array.from({ length: 400 }, (_, k) =>
    Uint8Array.from({ length: 1 + ((k * 37) % 700) }, (__, at) => (at === 0 ? 0x78 : (k + at) & 255)),
  );
  const input = new Input({ source: new BufferSource(writeOggOpus(packets, 960)), formats: [OGG] });
  const track = (await input.getPrimaryAudioTrack())!;
  expect(track.codec).toBe('opus');
  expect(track.numberOfChannels).toBe(1);
  const read: Uint8Array[] = [];
  for await (const { data } of new EncodedPacketSink(track).packets()) read.push(data);
  expect(read.map((bytes) => Buffer.from(bytes).toString('hex'))).toEqual(
    packets.map((bytes) => Buffer.from(bytes).toString('hex')),
  );
  input.dispose();
});
