'use client';

import Link from 'next/link';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { VoiceSession } from '@/app/_session/voiceContract';
import type { WebcamSession } from '@/app/_session/webcamSession';
import type { MeetingRole } from '@/lib/core/meeting';
import { meetingPath } from '@/lib/core/meetingId';
import { Icon } from '../../icons/Icon';
import type { UiControls } from '../meetingUi';
import type { LinkKind } from '../news/useNews';
import type { HostRecording } from '../recording/useRecording';
import styles from './Dock.module.css';
import { DockButton, ViewButtons, VoiceButtons, WebcamButton } from './DockButtons';
import { MoreMenu } from './MoreMenu';

interface DockProps {
  readonly meetingId: string;
  readonly meetingRole: MeetingRole;
  /** Null for all but the host. */
  readonly recording: HostRecording | null;
  readonly controls: UiControls;
  readonly voice: VoiceSession;
  readonly webcam: WebcamSession;
  /** Whether the room is drawn, so that its view can be changed. */
  readonly drawn: boolean;
  /** Whether a spectator can take a seat. */
  readonly seatFree: boolean;
  /** Hidden until the pointer moves or the keyboard's focus comes. */
  readonly quiet: boolean;
  onCopy(kind: LinkKind): void;
  onLeave(): void;
}

/** The round buttons at the bottom. While hidden they can still be reached by keyboard, and then they show. */
export function Dock({
  meetingId,
  meetingRole,
  recording,
  controls,
  voice,
  webcam,
  drawn,
  seatFree,
  quiet,
  ...on
}: DockProps) {
  const { t } = useTranslator();
  const { panel } = controls.ui;
  const { onCopy, onLeave } = on;
  const open = panel === 'more';
  return (
    <div className={styles.place} data-quiet={quiet || undefined}>
      {open && (
        <MoreMenu
          recording={recording}
          hasSeat={meetingRole === 'participant'}
          drawn={drawn}
          controls={controls}
          voice={voice}
          webcam={webcam}
          onCopy={onCopy}
        />
      )}
      <div className={styles.dock} role="toolbar" aria-label={t('meeting.controls')}>
        {meetingRole === 'participant' && <VoiceButtons voice={voice} />}
        {meetingRole === 'participant' && <WebcamButton webcam={webcam} />}
        {drawn && <ViewButtons meetingRole={meetingRole} controls={controls} />}
        <DockButton icon="link" label={t('dock.copyLink')} shortcut="K" roomy onClick={() => onCopy('participant')} />
        <DockButton
          icon="people"
          label={t('dock.people')}
          shortcut="P"
          expanded={panel === 'people'}
          onClick={() => controls.toggle('people')}
        />
        <DockButton icon="more" label={t('dock.more')} expanded={open} onClick={() => controls.toggle('more')} />
        {meetingRole === 'spectator' && seatFree && (
          <Link className={styles.sit} href={meetingPath(meetingId)} prefetch={false}>
            <Icon name="seat" sizePx={20} />
            <span>{t('dock.sit')}</span>
          </Link>
        )}
        <button type="button" className={styles.leave} onClick={onLeave}>
          <Icon name="leave" sizePx={20} />
          <span>{t('dock.leave')}</span>
        </button>
      </div>
    </div>
  );
}
