import fc from 'fast-check';
import { expect, it } from 'vitest';
import { GrowingFile } from '@/app/_components/replay/export/growingFile';

const bytesOf = async (blob: Blob) => new Uint8Array(await blob.arrayBuffer());

it('a file has what was written last at each place, wherever the pieces came', async () => {
  const writes = fc.array(fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 50 }), fc.nat(200)), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(writes, async (pieces) => {
      const file = new GrowingFile('x/y');
      const model: number[] = [];
      for (const [bytes, at] of pieces) {
        file.write(bytes, at);
        while (model.length < at) model.push(0);
        model.splice(at, bytes.length, ...bytes);
        bytes.fill(255);
      }
      const blob = file.finish();
      expect(blob.type).toBe('x/y');
      expect([...(await bytesOf(blob))]).toEqual(model);
    }),
    { numRuns: 60 },
  );
});

it('large files keep their order', async () => {
  const file = new GrowingFile('');
  const piece = new Uint8Array(1024 * 1024);
  for (let k = 0; k < 9; k += 1) file.write(piece.fill(k), k * piece.length);
  file.write(Uint8Array.of(77), 0);
  const bytes = await bytesOf(file.finish());
  expect(bytes.length).toBe(9 * piece.length);
  expect([bytes[0], bytes[1], bytes[piece.length], bytes.at(-1)]).toEqual([77, 0, 1, 8]);
});
