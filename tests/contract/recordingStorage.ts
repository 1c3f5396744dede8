import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RecordingStorage } from '@/server/store/recordings/recordingStorage';

const text = (bytes: Uint8Array | null) => bytes && Buffer.from(bytes).toString('latin1');
const bytes = (content: string) => Buffer.from(content, 'latin1');

/** The contract of every storage of recordings. `open` gives an empty one; each call of what it returns, another view of it. */
export function recordingStorageContract(open: () => Promise<() => RecordingStorage>): void {
  let storage: RecordingStorage;
  let another: () => RecordingStorage;
  beforeAll(async () => {
    another = await open();
    storage = another();
  }, 60_000);
  const used: string[] = [];
  const newId = () => {
    const id = randomBytes(16).toString('hex');
    used.push(id);
    return id;
  };
  afterAll(async () => {
    for (const id of used) await storage?.remove(id);
  });

  it('what is appended is read back, at every offset and across appends', async () => {
    const id = newId();
    const file = await storage.open(id, 'segments');
    expect(file.sizeBytes).toBe(0);
    for (const part of ['ab', 'c', 'defg']) await file.append(bytes(part));
    expect(file.sizeBytes).toBe(7);
    for (let from = 0; from <= 8; from += 1) {
      for (let size = 0; size <= 8; size += 1) {
        expect(text(await storage.read(id, 'segments', from, size))).toBe('abcdefg'.slice(from, from + size));
      }
    }
    await file.close();
  });

  it('another process reads what has been appended up to now', async () => {
    const id = newId();
    const file = await storage.open(id, 'segments');
    const reader = another();
    expect(await reader.sizeOf(id, 'segments')).toBe(0);
    expect(text(await reader.read(id, 'segments', 0, 9))).toBe('');
    for (const [part, all] of [
      ['one', 'one'],
      ['two', 'onetwo'],
    ] as const) {
      await file.append(bytes(part));
      expect(await reader.sizeOf(id, 'segments')).toBe(all.length);
      expect(text(await reader.read(id, 'segments', 0, 99))).toBe(all);
    }
    await file.close();
  });

  it('a file that is opened again goes on at its end, or where it is cut off', async () => {
    const id = newId();
    const first = await storage.open(id, 'segments');
    await first.append(bytes('whole'));
    await first.append(bytes('torn'));
    await first.close();
    const reader = another();
    expect(text(await reader.read(id, 'segments', 0, 99))).toBe('wholetorn');
    const second = await another().open(id, 'segments');
    expect(second.sizeBytes).toBe(9);
    await second.truncate(6);
    await second.append(bytes('+more'));
    expect(second.sizeBytes).toBe(11);
    expect(text(await another().read(id, 'segments', 0, 99))).toBe('wholet+more');
    await second.truncate(5);
    expect(await another().sizeOf(id, 'segments')).toBe(5);
    await second.truncate(0);
    await second.append(bytes('anew'));
    expect(text(await another().read(id, 'segments', 0, 99))).toBe('anew');
    await second.close();
  });

  it('of two writers of one file the second to append is refused', async () => {
    const id = newId();
    const [one, other] = [await storage.open(id, 'segments'), await another().open(id, 'segments')];
    await one.append(bytes('one'));
    await expect(other.append(bytes('other'))).rejects.toMatchObject({ reason: 'inUse' });
    await one.append(bytes('+1'));
    expect(text(await another().read(id, 'segments', 0, 99))).toBe('one+1');
    await Promise.all([one.close(), other.close()]);
  });

  it('a small file is written as a whole, replaced, and null where there is none', async () => {
    const id = newId();
    expect(await storage.readWhole(id, 'poster.png')).toBeNull();
    await storage.write(id, 'poster.png', bytes('a longer picture'));
    expect(text(await another().readWhole(id, 'poster.png'))).toBe('a longer picture');
    await storage.write(id, 'poster.png', bytes('picture'));
    expect(text(await another().readWhole(id, 'poster.png'))).toBe('picture');
  });

  it('a removed recording leaves nothing, and others stay', async () => {
    const [gone, kept] = [newId(), newId()];
    for (const id of [gone, kept]) {
      const file = await storage.open(id, 'segments');
      for (let part = 0; part < 4; part += 1) await file.append(bytes(`${part}`));
      await file.close();
      await storage.write(id, 'info.json', bytes('{}'));
    }
    expect(await another().list()).toEqual(expect.arrayContaining([gone, kept]));
    expect(text(await storage.read(gone, 'segments', 0, 9))).toBe('0123');
    await another().remove(gone);
    await storage.remove(gone);
    expect(await storage.list()).not.toContain(gone);
    expect(text(await storage.read(gone, 'segments', 0, 9))).toBe('');
    expect(await storage.sizeOf(gone, 'segments')).toBe(0);
    expect(await storage.readWhole(gone, 'info.json')).toBeNull();
    expect(text(await storage.read(kept, 'segments', 0, 9))).toBe('0123');
    expect(await storage.list()).toContain(kept);
  });

  it('how much room there is is a number of bytes, or not known', async () => {
    const bytes = await storage.freeBytes();
    if (bytes !== null) expect(bytes).toBeGreaterThan(0);
  });

  it('large appends come back byte for byte', async () => {
    const id = newId();
    const parts = Array.from({ length: 3 }, () => randomBytes(1_000_003));
    const file = await storage.open(id, 'segments');
    for (const part of parts) await file.append(part);
    const all = Buffer.concat(parts);
    expect(all.equals(await another().read(id, 'segments', 0, all.length))).toBe(true);
    const [from, size] = [999_999, 1_000_009];
    expect(all.subarray(from, from + size).equals(await another().read(id, 'segments', from, size))).toBe(true);
    await file.close();
  });

  it.each(['../../etc', 'A'.repeat(32), '', `${'a'.repeat(32)}/..`, 'a'.repeat(31)])(
    'an id that no recording has, such as %j, is refused',
    async (id) => {
      for (const call of [
        () => storage.open(id, 'segments'),
        () => storage.read(id, 'segments', 0, 1),
        () => storage.write(id, 'segments', bytes('')),
        () => storage.remove(id),
      ]) {
        await expect(call()).rejects.toThrow(RangeError);
      }
    },
  );

  it.each(['../secret', 'a/b', '', '.hidden', 'Upper'])(
    'a name that no file has, such as %j, is refused',
    async (name) => {
      await expect(storage.readWhole(newId(), name)).rejects.toThrow(RangeError);
      await expect(storage.open(newId(), name)).rejects.toThrow(RangeError);
    },
  );
}
