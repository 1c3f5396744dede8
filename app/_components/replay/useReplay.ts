'use client';

import { useEffect, useState } from 'react';
import type { RecordingTimeline } from '@/lib/recording/timeline';
import { type OpenRecording, readTimelineSteps, type TimelineProgress } from '@/lib/replay/openRecording';
import { Replay } from '@/lib/replay/replay';
import { ReplayScreens } from '@/lib/replay/replayScreens';
import { ReplayTime } from '@/lib/replay/replayTime';
import { SAMPLE_RATE } from '@/lib/replay/voices/opusDecoder';
import { ReplayVoices } from '@/lib/replay/voices/replayVoices';
import { VoiceMixer } from '@/lib/voice/voiceMixer';

/** Level of a person who is said to speak, and whose voice is not there. */
export const SPOKEN_LEVEL = 0.6;

/** A replay and its sound. */
export interface ReplaySession {
  readonly replay: Replay;
  /** Null where the browser has no Web Audio. */
  readonly voices: ReplayVoices | null;
  /** Null where the browser decodes no video. */
  readonly screens: ReplayScreens | null;
}

/** The voices of a replay; null where the browser has no Web Audio. */
export function openVoices(replay: Replay): ReplayVoices | null {
  try {
    return new ReplayVoices(replay, new VoiceMixer(SAMPLE_RATE));
  } catch {
    return null;
  }
}

/** The shared screens of a replay; null where the browser decodes no video. */
export function openScreens(replay: Replay): ReplayScreens | null {
  return ReplayScreens.isSupported ? new ReplayScreens(replay) : null;
}

/** A replay that begins at `startMs` of the played time, and is closed with the page. */
export function useReplaySession(recording: OpenRecording, startMs: number): ReplaySession | null {
  const [session, setSession] = useState<ReplaySession | null>(null);
  useEffect(() => {
    const replay = new Replay({ recording });
    const voices = openVoices(replay);
    const screens = openScreens(replay);
    const stopFollowing = recording.follow?.();
    new ReplayTime(replay, recording.rows).seek(startMs);
    setSession({ replay, voices, screens });
    return () => {
      setSession(null);
      stopFollowing?.();
      voices?.close();
      screens?.close();
      replay.close();
    };
  }, [recording, startMs]);
  return session;
}

/** The least time between two time lines that are shown while a recording is read, ms. */
const SHOWN_EVERY_MS = 700;
const RETRY_MS = 4000;
/** How often a recording that is still being made is read on, ms. */
const GROWING_MS = 2000;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The time line of a recording as far as it has been read; null at first. Reads while nothing else is to be done. */
export function useTimeline(recording: OpenRecording): TimelineProgress | null {
  const [progress, setProgress] = useState<TimelineProgress | null>(null);
  useEffect(() => {
    let isCurrent = true;
    async function read(): Promise<void> {
      let shownAtMs = Number.NEGATIVE_INFINITY;
      for await (const step of readTimelineSteps(recording)) {
        if (!isCurrent) return;
        if (step.share === 1 || performance.now() - shownAtMs > SHOWN_EVERY_MS) {
          shownAtMs = performance.now();
          setProgress(step);
        }
        await pause(step.share === 1 ? GROWING_MS : 0);
      }
      // That it is over is to be seen.
      if (isCurrent) setProgress((last) => last && { ...last });
    }
    async function readWhole(): Promise<void> {
      // The first moment comes first.
      await pause(SHOWN_EVERY_MS);
      while (isCurrent) {
        try {
          return await read();
        } catch {
          await pause(RETRY_MS);
        }
      }
    }
    void readWhole();
    return () => {
      isCurrent = false;
    };
  }, [recording]);
  return progress;
}

export type TimelinePerson = RecordingTimeline['people'][number];

/** The played time that is shown, ms, read every `everyMs`. */
export function usePosition(time: ReplayTime, everyMs: number): number {
  const [positionMs, setPosition] = useState(time.positionMs);
  useEffect(() => {
    const timer = window.setInterval(() => setPosition(time.positionMs), everyMs);
    return () => window.clearInterval(timer);
  }, [time, everyMs]);
  return positionMs;
}
