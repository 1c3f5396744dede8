'use client';

import { useEffect, useRef, useState } from 'react';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { MessageKey } from '@/app/_i18n/messages';
import type { MeetingSession, SessionSnapshot } from '@/app/_session/sessionContract';
import { ParleyApiError } from '@/lib/api';
import type { RecordingRefusal } from '@/lib/core/recording';
import { playRecordingSound } from './recordingSound';

/** Tells of recordings that start and stop, by word and sound; also those who come while one is made. */
export function useRecordingNews(
  { phase, meeting }: SessionSnapshot,
  isSilent: boolean,
  say: (text: string) => void,
): void {
  const { t } = useTranslator();
  const id = phase === 'live' ? (meeting?.recording?.id ?? null) : undefined;
  const end = meeting?.recordingEnd;
  const before = useRef<string | null>(null);
  useEffect(() => {
    // Nothing is known while the connection is not there.
    if (id === undefined || id === before.current) return;
    before.current = id;
    const ended = end ? (`recordingEnd.${end}` as const) : 'recording.stopped';
    say(t(id === null ? ended : 'recording.started'));
    if (!isSilent) playRecordingSound(id === null ? 'stopped' : 'started');
  }, [id, end, isSilent, say, t]);
}

const REFUSALS: Partial<Record<RecordingRefusal, MessageKey>> = {
  off: 'recording.off',
  noRoom: 'recording.noRoom',
  tooMany: 'recording.tooMany',
};

function refusalOf(error: unknown): MessageKey {
  const reason = error instanceof ParleyApiError ? error.recordingReason : undefined;
  return (reason && REFUSALS[reason]) ?? 'recording.failed';
}

/** What the host does with the recording of the meeting. */
export interface HostRecording {
  readonly isRunning: boolean;
  /** Whether the server has yet to answer. */
  readonly isBusy: boolean;
  /** Where the last recording can be watched; null without one. */
  readonly replayUrl: string | null;
  toggle(): void;
  dismiss(): void;
}

/** Starts and stops recordings for the host. */
export function useHostRecording(
  session: MeetingSession,
  { meeting }: SessionSnapshot,
  say: (text: string) => void,
): HostRecording {
  const { t } = useTranslator();
  const [isBusy, setBusy] = useState(false);
  const [replayUrl, setReplayUrl] = useState<string | null>(null);
  const isRunning = Boolean(meeting?.recording);
  const change = async () => {
    setBusy(true);
    try {
      if (isRunning) setReplayUrl((await session.stopRecording()).replayUrl);
      else await session.startRecording();
    } catch (error) {
      say(t(refusalOf(error)));
    } finally {
      setBusy(false);
    }
  };
  return { isRunning, isBusy, replayUrl, toggle: () => void change(), dismiss: () => setReplayUrl(null) };
}
