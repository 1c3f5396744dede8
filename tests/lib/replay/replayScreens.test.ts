import { describe, expect, it } from 'vitest';
import { RecordingTimes } from './screenWorld';

describe('shared screens of a replay', () => {
  it('each frame is decoded in its turn, from the keyframe with which sharing begins', async () => {
    const { replay, screens, decoded, run } = new RecordingTimes();
    await replay.seek(0);
    replay.play();
    await run(3000);
    expect(screens.store.getSnapshot().shown).toBeNull();
    await run(4000);
    expect(screens.store.getSnapshot().shown).toMatchObject({ personId: 'ana', name: 'Ana' });
    expect(decoded.at(0)).toBe('key 4000');
    expect(decoded).toHaveLength(16);
    expect(screens.version).toBe(16);
  });

  it('a leap decodes from the last keyframe, however far back, and shows what was there', async () => {
    const { replay, decoded, restarts } = new RecordingTimes();
    await replay.seek(13_600);
    expect(decoded[0]).toBe('key 4000');
    expect(decoded.at(-1)).toBe('delta 13600');
    expect(decoded).toHaveLength(49);
    decoded.length = 0;
    await replay.seek(14_500);
    expect(decoded).toEqual(['key 14000', 'delta 14200', 'delta 14400']);
    expect(restarts()).toBeGreaterThan(1);
  });

  it('where nobody shares there is none, and one that is shared afterwards takes its place', async () => {
    const { replay, screens, decoded } = new RecordingTimes();
    await replay.seek(17_500);
    expect(screens.store.getSnapshot().shown).toBeNull();
    expect(decoded).toEqual([]);
    await replay.seek(19_100);
    expect(screens.store.getSnapshot().shown).toMatchObject({ name: 'Ben' });
    expect(decoded).toEqual(['key 18000', ...['18200', '18400', '18600', '18800', '19000'].map((at) => `delta ${at}`)]);
    expect(screens.version).toBe(6);
  });

  it('without anybody to watch them, screens cost no reading', async () => {
    const watched = new RecordingTimes();
    await watched.replay.seek(13_600);
    const unwatched = new RecordingTimes();
    unwatched.screens.close();
    await unwatched.replay.seek(13_600);
    expect(unwatched.reads()).toBeLessThan(watched.reads());
    expect(unwatched.decoded).toEqual([]);
  });
});
