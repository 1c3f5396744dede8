import '@/tests/support/app/dom';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { recallLobby } from '@/app/_memory/lobbyMemory';
import { parseTheme, THEMES } from '@/app/_memory/preferences';
import { MASTER_MAX, PERSON_MAX, recallVoice, rememberVoice, withVolume } from '@/app/_memory/voiceMemory';
import { recallWardrobe } from '@/app/_memory/wardrobeMemory';
import { recallWebcam, rememberWebcam } from '@/app/_memory/webcamMemory';
import { avatarKeyOf } from '@/lib/core/avatars';

/** The largest number of people whose volume is kept. */
const PEOPLE_MAX = 64;
/** The largest number of recent meetings. */
const RECENT_MAX = 6;

const store = (key: string, value: unknown) => localStorage.setItem(key, JSON.stringify(value));

/** Runs `check` with everything a storage may hold at `key`: any text, any JSON, and any JSON in each of `fields`. */
function withAnythingStored(key: string, fields: readonly string[], check: () => void): void {
  const record = fc.record(Object.fromEntries(fields.map((field) => [field, fc.jsonValue()])));
  const stored = fc.oneof(
    fc.string(),
    fc.jsonValue().map((value) => JSON.stringify(value)),
    record.map((value) => JSON.stringify(value)),
  );
  fc.assert(
    fc.property(stored, (text) => {
      localStorage.setItem(key, text);
      check();
    }),
  );
}

describe('the memory of the lobby', () => {
  it('the lobby’s memory comes back as it was stored, without an invisible name', () => {
    store('parley.lobby', { name: 'Lin', avatar: 'cleo' });
    expect(recallLobby()).toEqual({ name: 'Lin', avatar: 'cleo' });
    store('parley.lobby', { name: '\u3164\u200b', avatar: 'cleo' });
    expect(recallLobby()).toEqual({ name: '', avatar: 'cleo' });
  });

  it('the lobby’s memory knows a coloured avatar, and replaces one that no longer exists', () => {
    const avatar = 'cleo:skin=rose,clothes=teal';
    store('parley.lobby', { name: '', avatar });
    expect(recallLobby()).toEqual({ name: '', avatar });
    store('parley.lobby', { name: '', avatar: 'nobody:skin=rose' });
    expect(recallLobby().avatar).toBe('ada');
  });

  it('the lobby’s memory is usable whatever the storage holds', () => {
    withAnythingStored('parley.lobby', ['name', 'avatar'], () => {
      const { name, avatar } = recallLobby();
      expect(typeof name).toBe('string');
      expect(avatarKeyOf(avatar)).not.toBeNull();
    });
  });
});

describe('the memory of avatars', () => {
  it('the colours of each avatar come back, without those of another avatar or none', () => {
    const ada = 'ada:skin=cocoa';
    store('parley.wardrobe', { ada, bo: ada, cleo: 'cleo:<b>', dayo: 7, nobody: 'ada' });
    expect(recallWardrobe()).toEqual({ ada });
  });

  it('the colours of each avatar are usable whatever the storage holds', () => {
    withAnythingStored('parley.wardrobe', ['ada', 'bo'], () => {
      for (const [key, avatar] of Object.entries(recallWardrobe())) expect(avatarKeyOf(avatar)).toBe(key);
    });
  });
});

describe('the memory of the webcam', () => {
  it('what is remembered of the webcam comes back as it was stored, and changes in part', () => {
    const memory = { isWanted: true, deviceId: 'desk', calibration: { version: 1 } };
    store('parley.camera', memory);
    expect(recallWebcam()).toEqual(memory);
    rememberWebcam({ isWanted: false });
    expect(recallWebcam()).toEqual({ ...memory, isWanted: false });
  });

  it('what is remembered of the webcam is empty where nothing usable is stored', () => {
    const nothing = { isWanted: false, deviceId: '', calibration: null };
    for (const stored of [null, 7, 'x', [], { isWanted: 'yes', deviceId: 3 }]) {
      store('parley.camera', stored);
      expect(recallWebcam()).toEqual(nothing);
    }
    withAnythingStored('parley.camera', ['isWanted', 'deviceId', 'calibration'], () => {
      expect(typeof recallWebcam().deviceId).toBe('string');
      expect(typeof recallWebcam().isWanted).toBe('boolean');
    });
  });
});

describe('the memory of sound', () => {
  it('what is remembered about sound comes back as it was stored', () => {
    const memory = { wish: 'muted', deviceId: 'desk', master: 0.5, people: { a: 2, b: 0 } } as const;
    rememberVoice(memory);
    expect(recallVoice()).toEqual(memory);
  });

  it('without a memory no microphone is wanted and no volume changed', () => {
    expect(recallVoice()).toEqual({ wish: 'none', deviceId: '', master: 1, people: {} });
  });

  it('what is remembered about sound is usable whatever the storage holds', () => {
    withAnythingStored('parley.voice', ['wish', 'deviceId', 'master', 'people'], () => {
      const { wish, master, people } = recallVoice();
      expect(['open', 'muted', 'none']).toContain(wish);
      expect(master).toBeGreaterThanOrEqual(0);
      expect(master).toBeLessThanOrEqual(MASTER_MAX);
      for (const volume of Object.values(people)) {
        expect(volume).toBeGreaterThanOrEqual(0);
        expect(volume).toBeLessThanOrEqual(PERSON_MAX);
      }
    });
  });

  it('only volumes that differ are kept, within their bounds', () => {
    expect(withVolume({ a: 2 }, 'b', 9)).toEqual({ a: 2, b: PERSON_MAX });
    expect(withVolume({ a: 2, b: 0 }, 'a', 1)).toEqual({ b: 0 });
  });

  it('the oldest volumes are forgotten beyond the limit', () => {
    const many = Array.from({ length: PEOPLE_MAX + 3 }, (_, at) => `p-${at}`);
    const kept = many.reduce((people, id) => withVolume(people, id, 0.5), {} as Readonly<Record<string, number>>);
    expect(Object.keys(kept)).toEqual(many.slice(3));
  });
});

describe('recent meetings', () => {
  /** The list as a page reads it that has just been loaded. */
  async function recall() {
    vi.resetModules();
    return (await import('@/app/_memory/recentMeetings')).recentMeetings;
  }

  it('recent meetings come back without what is none', async () => {
    const kept = { id: 'round-table', title: '', visitedMs: 1 };
    store('parley.recent', [kept, { id: '../evil', title: '', visitedMs: 1 }, null, { id: 'abc' }]);
    expect((await recall()).getSnapshot()).toEqual([kept]);
  });

  it('recent meetings are usable whatever the storage holds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.jsonValue().map((value) => JSON.stringify(value)),
        ),
        async (text) => {
          localStorage.setItem('parley.recent', text);
          expect((await recall()).getSnapshot().length).toBeLessThanOrEqual(RECENT_MAX);
        },
      ),
    );
  });

  it('a visit comes first in the recent meetings, each once, and the oldest is forgotten', async () => {
    const recent = await recall();
    for (const id of ['aaa', 'bbb', 'ccc', 'ddd', 'eee', 'fff', 'bbb']) recent.visit(id, '');
    const ids = () => recent.getSnapshot().map(({ id }) => id);
    expect(ids()).toEqual(['bbb', 'fff', 'eee', 'ddd', 'ccc', 'aaa']);
    recent.visit('ggg', '');
    expect(ids()).toEqual(['ggg', 'bbb', 'fff', 'eee', 'ddd', 'ccc']);
    expect((await recall()).getSnapshot().map(({ id }) => id)).toEqual(ids());
  });
});

it('an unknown theme is the system’s', () => {
  for (const theme of THEMES) expect(parseTheme(theme)).toBe(theme);
  expect(parseTheme('<script>')).toBe('system');
  expect(parseTheme(undefined)).toBe('system');
});
