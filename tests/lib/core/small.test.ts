import { afterEach, describe, expect, it, vi } from 'vitest';
import { AVATAR_KEYS, avatarCoarseModelUrl, avatarModelUrl, DEFAULT_AVATAR, isAvatarKey } from '@/lib/core/avatars';
import { systemClock } from '@/lib/core/clock';
import { createConsoleLog, silentLog } from '@/lib/core/log';
import { ReasonedError } from '@/lib/core/reasonedError';
import { ManualClock } from '@/tests/support/manualClock';

describe('the clocks', () => {
  it('a manual clock moves only when it is moved', () => {
    const clock = new ManualClock(5);
    expect(clock.nowMs()).toBe(5);
    clock.advance(2.5);
    expect(clock.nowMs()).toBe(7.5);
  });

  it('the system clock never goes back', () => {
    const times = Array.from({ length: 1000 }, () => systemClock.nowMs());
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });
});

describe('the default avatars', () => {
  it('default avatars are known by key, each with a model', () => {
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

  it('a reasoned error carries its reason, its sentence, its class and its cause', () => {
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

  it('a log entry is one line with time, level, message and facts', () => {
    const lines: string[] = [];
    vi.spyOn(console, 'warn').mockImplementation((line: string) => lines.push(line));
    createConsoleLog().warn('packet dropped', { reason: 'too large', sizeBytes: 2000, isOurs: false, id: undefined });
    expect(lines).toEqual([
      expect.stringMatching(/^\d{4}-.*Z warn packet dropped reason="too large" sizeBytes=2000 isOurs=false$/),
    ]);
  });

  it('a log entry with line breaks stays on one line', () => {
    const lines: string[] = [];
    vi.spyOn(console, 'error').mockImplementation((line: string) => lines.push(line));
    createConsoleLog().error('odd', { name: 'a\nb' });
    expect(lines[0]).not.toContain('\n');
  });

  it('a log leaves out entries below its level, and a silent log all', () => {
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
