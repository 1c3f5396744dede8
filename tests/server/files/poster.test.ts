import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { Posters } from '@/server/files/poster';

const MODELS = join(process.cwd(), 'public', 'models');
const OWN = `own:${'a'.repeat(64)}`;

/** The pixels where faces are. */
const facesOf = (jpeg: Buffer) =>
  sharp(jpeg).extract({ left: 400, top: 190, width: 400, height: 150 }).raw().toBuffer();

/** Mean difference of two pictures, 0 to 255. */
function differenceOf(a: Buffer, b: Buffer): number {
  return a.reduce((sum, value, k) => sum + Math.abs(value - b[k]!), 0) / a.length;
}

describe('the poster of a recording', () => {
  it('a poster has the size that sites ask for, and the faces of those who were there', async () => {
    const posters = new Posters();
    const [empty, full] = [await posters.draw([], MODELS), await posters.draw(['ada', 'gus:skin=cocoa', OWN], MODELS)];
    for (const poster of [empty, full]) {
      expect(await sharp(poster).metadata()).toMatchObject({ format: 'jpeg', width: 1200, height: 630 });
    }
    expect(differenceOf(await facesOf(full), await facesOf(empty))).toBeGreaterThan(15);
  });

  it('a poster is drawn once for the same faces, however many there are, and whatever else they wear', async () => {
    const posters = new Posters();
    const many = ['ada', 'bo', 'cleo', 'dayo', 'emi', 'farah', 'gus', 'hari', OWN];
    const first = posters.draw(many, MODELS);
    expect(posters.draw([...many.slice(0, 6), 'ines'], MODELS)).toBe(first);
    expect(posters.draw(['ada:hair=black', ...many.slice(1)], MODELS)).toBe(first);
    expect(posters.draw(['bo'], MODELS)).not.toBe(first);
    expect((await first).length).toBeLessThan(300_000);
  });

  it('a poster that could not be drawn is tried again', async () => {
    const posters = new Posters();
    await expect(posters.draw(['ada'], '/nowhere')).rejects.toThrow();
    expect((await posters.draw(['ada'], MODELS)).length).toBeGreaterThan(10_000);
  });
});
