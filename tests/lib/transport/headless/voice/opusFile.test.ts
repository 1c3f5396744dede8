import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OpusFileError, readOpusFile } from '@/lib/transport/headless/voice/opusFile';
import { opusDurationMs } from '@/lib/webrtc/opusDuration';
import { encodeTone, readOpus, wrapOpus } from '../madeVoice';

describe('an Opus file', () => {
  it.each(['ogg', 'webm'] as const)('an Opus file in %s gives back exactly its packets', async (container) => {
    const packets = encodeTone(1);
    const { packets: read } = await readOpus(await wrapOpus(packets, container));
    expect(read.map(({ data }) => Buffer.from(data).toString('hex'))).toEqual(
      packets.map((data) => Buffer.from(data).toString('hex')),
    );
    expect(read.every(({ durationMs }) => durationMs === 20)).toBe(true);
    expect(read.every(({ levelDbov }) => levelDbov === -30)).toBe(true);
  });

  it('Opus packets without sound have the level of silence', async () => {
    const [sound] = encodeTone(0.02);
    const toc = sound![0]!;
    const { packets } = await readOpus(await wrapOpus([sound!, Uint8Array.of(toc), sound!], 'ogg'));
    expect(packets.map(({ levelDbov }) => levelDbov)).toEqual([-30, -127, -30]);
  });

  it('the error names the file that cannot be read', async () => {
    await expect(readOpusFile('/nowhere/voice.opus')).rejects.toThrow(/^\/nowhere\/voice\.opus cannot be read/);
    await expect(readOpus(new Uint8Array(100))).rejects.toThrow(/voice\.opus is not an Ogg or WebM file/);
  });

  it('any other content is refused with an OpusFileError', async () => {
    const file = await wrapOpus(encodeTone(0.1), 'ogg');
    const flips = fc.array(fc.record({ at: fc.nat(file.length - 1), to: fc.nat(255) }), {
      minLength: 1,
      maxLength: 30,
    });
    await fc.assert(
      fc.asyncProperty(flips, fc.nat(file.length), async (changes, length) => {
        const broken = file.slice(0, length);
        for (const { at, to } of changes) if (at < length) broken[at] = to;
        const outcome = await readOpus(broken).catch((error: unknown) => error);
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(OpusFileError);
        else expect((outcome as { packets: unknown[] }).packets.length).toBeGreaterThan(0);
      }),
      { numRuns: 100 },
    );
  });
});

describe('the duration of an Opus packet', () => {
  it.each([
    [[0x00], 10],
    [[0x08], 20],
    [[0x18], 60],
    [[0x60], 10],
    [[0x68], 20],
    [[0x80], 2.5],
    [[0xf8], 20],
    [[0xf9], 40],
    [[0xfb, 3], 60],
    [[0xfb, 6], 120],
    [[0xfb, 7], 0],
    [[0xfb], 0],
    [[], 0],
  ])('the duration of the Opus packet %j is %d ms', (bytes, durationMs) => {
    expect(opusDurationMs(Uint8Array.from(bytes))).toBe(durationMs);
  });
});
