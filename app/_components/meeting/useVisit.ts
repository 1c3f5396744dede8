'use client';

import { useEffect } from 'react';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import { recentMeetings } from '@/app/_memory/recentMeetings';
import type { SessionSnapshot } from '@/app/_session/sessionContract';
import type { MeetingRole } from '@/lib/core/meeting';

/** Remembers a meeting one sat in, forgets one that is over, and names the browser's tab after it. */
export function useVisit(meetingId: string, role: MeetingRole, { phase, failure, meeting }: SessionSnapshot): void {
  const { t } = useTranslator();
  const title = meeting?.title;
  useEffect(() => {
    if (phase === 'live' && role === 'participant') recentMeetings.visit(meetingId, title ?? '');
  }, [phase, role, meetingId, title]);

  const over = failure?.reason === 'ended' || failure?.reason === 'notFound';
  useEffect(() => {
    if (over) recentMeetings.remove(meetingId);
  }, [over, meetingId]);

  useEffect(() => {
    if (title === undefined) return;
    document.title = `${title || t('lobby.untitled')} · ${t('app.name')}`;
  }, [title, t]);
}
