import { afterEach, describe, expect, it, vi } from 'vitest';
import { AVATAR_KEYS, avatarCoarseModelUrl, avatarModelUrl, DEFAULT_AVATAR, isAvatarKey } from '@/lib/core/avatars';
import { ManualClock, systemClock } from '@/lib/core/clock';
import { createConsoleLog, silentLog } from '@/lib/core/log';
import { ReasonedError } from '@/lib/core/reasonedError';

describe('the clocks', () => {
  it('the manual one moves only when it is moved', () => {
    const clock = new ManualClock(5);
    expect(clock.nowMs()).toBe(5);
    clock.advance(2.5);
    expect(clock.nowMs()).toBe(7.5);
  });

  it('the system one never goes back', () => {
    const times = Array.from({ length: 1000 }, () => systemClock.nowMs());
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });
});

describe('the default avatars', () => {
  it('are known by key, each with a model', () => {
    for (const key of AVATAR_KEYS) {
      expect(isAvatarKey(key)).toBe(true);
      expect(avatarModelUrl(key)).toBe(`/models/${key}.vrm`);
      expect(avatarCoarseModelUrl(key)).toBe(`/models/${key}-lod2.vrm`);
    }
    expect(AVATAR_KEYS).toContain(DEFAULT_AVATAR);
    for (const other of ['', 'Ada', '../ada', 'constructor']) expect(isAvatarKey(other)).toBe(false);
  });
});

describe('a reasoned error', () => {
  class TeapotError extends ReasonedError<'hot' | 'empty'> {}

  it('carries its reason, its sentence, its class and its cause', () => {
    const cause = new Error('fire');
    const error = new TeapotError('hot', 'Let it cool down.', { cause });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'TeapotError', reason: 'hot', message: 'Let it cool down.', cause });
  });
});

describe('the log', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('writes one line with time, level, message and facts', () => {
    const lines: string[] = [];
    vi.spyOn(console, 'warn').mockImplementation((line: string) => lines.push(line));
    createConsoleLog().warn('packet dropped', { reason: 'too large', sizeBytes: 2000, isOurs: false, id: undefined });
    expect(lines).toEqual([
      expect.stringMatching(/^\d{4}-.*Z warn packet dropped reason="too large" sizeBytes=2000 isOurs=false$/),
    ]);
  });

  it('keeps a text with line breaks on one line', () => {
    const lines: string[] = [];
    vi.spyOn(console, 'error').mockImplementation((line: string) => lines.push(line));
    createConsoleLog().error('odd', { name: 'a\nb' });
    expect(lines[0]).not.toContain('\n');
  });

  it('leaves out what matters less than asked for, and all where silent', () => {
    const info = vi.spyOn(console, 'info').mockImplementation(() => {});
    const error = vi.spyOn(console, 'error').mockImplementation(() => {});
    const log = createConsoleLog('error');
    log.info('unheard');
    log.error('heard');
    silentLog.error('unheard');
    expect(info).not.toHaveBeenCalled();
    expect(error).toHaveBeenCalledTimes(1);
  });
});
