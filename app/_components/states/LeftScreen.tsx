'use client';

import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { MeetingRole } from '@/lib/core/meeting';
import { Button } from '../ui/Button';
import { StateScreen } from './StateScreen';

/** After leaving: calm, with the way back. */
export function LeftScreen({ meetingRole: role, onRejoin }: { meetingRole: MeetingRole; onRejoin(): void }) {
  const { t } = useTranslator();
  const watched = role === 'spectator';
  return (
    <StateScreen
      story="away"
      sentence={t(watched ? 'left.sentenceWatch' : 'left.sentence')}
      action={
        <Button tone="accent" onClick={onRejoin}>
          {t(watched ? 'left.rejoinWatch' : 'left.rejoin')}
        </Button>
      }
    />
  );
}
