'use client';

import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { MeetingRole } from '@/lib/core/meeting';
import { meetingPath } from './meetingLink';

/** Copies a link of the meeting and says so. */
export function useCopyLink(meetingId: string, say: (text: string) => void): (role: MeetingRole) => Promise<void> {
  const { t } = useTranslator();
  return async (role) => {
    try {
      await navigator.clipboard.writeText(new URL(meetingPath(meetingId, role), window.location.origin).href);
      say(t(role === 'spectator' ? 'toast.watchCopied' : 'toast.copied'));
    } catch {
      say(t('toast.copyFailed'));
    }
  };
}
