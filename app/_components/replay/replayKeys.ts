'use client';

import { useEffect, useRef } from 'react';
import { RATES, type Replay } from '@/lib/replay/replay';
import type { ReplayTime } from '@/lib/replay/replayTime';

const STEP_MS = 5000;
export const LEAP_MS = 10_000;

/** The next speed up (1) or down (-1). */
function nextRate(rate: number, step: 1 | -1): number {
  const at = (RATES as readonly number[]).indexOf(rate);
  return RATES[Math.max(0, Math.min(RATES.length - 1, at + step))] ?? 1;
}

/** What keys do besides moving in time. */
export interface ReplayCommands {
  togglePlay(): void;
  nextView(): void;
  toggleSound(): void;
  toggleLanes(): void;
  openExport(): void;
}

/** What a key does; null for none. Digits go to tenths of the recording. */
function actionOf(key: string, replay: Replay, time: ReplayTime, commands: ReplayCommands): (() => void) | null {
  const by = (ms: number) => () => time.seekBy(ms);
  const { rate } = replay.clock;
  const actions: Readonly<Record<string, () => void>> = {
    ' ': commands.togglePlay,
    k: commands.togglePlay,
    j: by(-LEAP_MS),
    l: by(LEAP_MS),
    arrowleft: by(-STEP_MS),
    arrowright: by(STEP_MS),
    home: () => time.seek(0),
    end: () => time.seek(time.lengthMs),
    '<': () => replay.setRate(nextRate(rate, -1)),
    '>': () => replay.setRate(nextRate(rate, 1)),
    c: commands.nextView,
    m: commands.toggleSound,
    p: commands.toggleLanes,
    x: commands.openExport,
  };
  if (/^\d$/.test(key)) return () => time.seek((Number(key) / 10) * time.lengthMs);
  return actions[key] ?? null;
}

/** Whether an element does something with a key itself. */
function takesKey(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest('input, textarea, select, dialog')) return true;
  return key === ' ' && target.closest('button, a') !== null;
}

/** The keyboard of a replay. */
export function useReplayKeys(replay: Replay, time: ReplayTime, commands: ReplayCommands): void {
  const latest = useRef(commands);
  useEffect(() => {
    latest.current = commands;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const key = event.key.toLowerCase();
      if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || takesKey(event.target, key))
        return;
      const action = actionOf(key, replay, time, latest.current);
      if (!action) return;
      event.preventDefault();
      action();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [replay, time]);
}
