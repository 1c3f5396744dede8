'use client';

import { useEffect, useRef } from 'react';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { SessionSnapshot } from '@/app/_session/sessionContract';
import { peopleChanges } from './peopleChanges';

/** Tells who joins and leaves while one is live, and when one is back after a break. */
export function useRoomNews(snapshot: SessionSnapshot, say: (text: string) => void): void {
  const { t } = useTranslator();
  const before = useRef<SessionSnapshot | null>(null);
  useEffect(() => {
    const last = before.current;
    before.current = snapshot;
    if (snapshot.phase !== 'live') return;
    if (last?.phase === 'connecting' && snapshot.self?.role === 'spectator') say(t('meeting.watching'));
    if (!last) return;
    if (last.phase === 'reconnecting') say(t('toast.back'));
    if (last.phase !== 'live' || !last.meeting || !snapshot.meeting) return;
    const { joined, left } = peopleChanges(last.meeting.people, snapshot.meeting.people, snapshot.self?.id ?? null);
    for (const { name } of joined) say(t('toast.joined', { name }));
    for (const { name } of left) say(t('toast.left', { name }));
  }, [snapshot, say, t]);
}
