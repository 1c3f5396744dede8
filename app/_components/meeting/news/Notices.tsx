'use client';

import { type ReactNode, useEffect, useState } from 'react';
import { useSnapshot } from '@/app/_hooks/useSnapshot';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { Translator } from '@/app/_i18n/translator';
import type { SessionSnapshot } from '@/app/_session/sessionContract';
import type { ScreenView, VoiceSession, VoiceSnapshot } from '@/app/_session/voiceContract';
import type { WebcamSession } from '@/app/_session/webcamSession';
import type { MeetingRole, SeatedPerson } from '@/lib/core/meeting';
import { Mark } from '../../brand/Mark';
import { Icon } from '../../icons/Icon';
import { IconButton } from '../../ui/IconButton';
import type { DeviceOffer } from '../meetingLink';
import veilStyles from './ConnectionVeil.module.css';
import { DeviceOffers } from './DeviceOffers';
import styles from './Notices.module.css';
import pillStyles from './Pill.module.css';
import toastStyles from './Toasts.module.css';
import type { Toast } from './useNews';

/** Whose screen it is, as a sentence. */
export function screenLabel({ t }: Translator, screen: ScreenView, people: readonly SeatedPerson[]): string {
  if (screen.isOwn) return t('screen.youShare');
  const name = people.find(({ id }) => id === screen.personId)?.name;
  return name ? t('screen.shares', { name }) : t('screen.someoneShares');
}

interface ScreenNoticeProps {
  readonly screen: ScreenView;
  readonly people: readonly SeatedPerson[];
  onLook(): void;
  onStop(): void;
}

/** Who shares a screen, with the one thing to do about it. */
function ScreenNotice({ screen, people, onLook, onStop }: ScreenNoticeProps) {
  const translator = useTranslator();
  const { t } = translator;
  return (
    <div className={`${pillStyles.pill} ${styles.screen}`} role="status">
      <span className={pillStyles.words}>{screenLabel(translator, screen, people)}</span>
      <button type="button" className={styles.action} onClick={screen.isOwn ? onStop : onLook}>
        <Icon name={screen.isOwn ? 'screenOff' : 'enlarge'} sizePx={16} />
        {t(screen.isOwn ? 'dock.stopSharing' : 'screen.enlarge')}
      </button>
    </div>
  );
}

type MediaFacts = Pick<VoiceSnapshot, 'media' | 'mediaPort'>;

/** Why no voices come through, and what to do about it. Without a port on offer, the site itself carries none. */
function blockedSentence({ t }: Translator, { mediaPort: port }: MediaFacts, seated: boolean): string {
  if (port === null) return t('voice.none');
  return `${t(seated ? 'voice.blocked' : 'voice.blockedWatch')} ${t('voice.blockedAsk', { port })}`;
}

/** Says once that no voices come through; afterwards only the microphone's button and the plates do. */
function BlockedNotice({ facts, seated }: { facts: MediaFacts; seated: boolean }) {
  const translator = useTranslator();
  const [told, setTold] = useState<'not yet' | 'now' | 'done'>('not yet');
  const isBlocked = facts.media === 'blocked';
  useEffect(() => {
    setTold((before) => {
      if (isBlocked) return before === 'not yet' ? 'now' : before;
      return before === 'not yet' ? before : 'done';
    });
  }, [isBlocked]);
  return (
    <div role="alert">
      {told === 'now' && (
        <div className={styles.blocked}>
          <p>{blockedSentence(translator, facts, seated)}</p>
          <IconButton icon="close" label={translator.t('common.close')} onClick={() => setTold('done')} />
        </div>
      )}
    </div>
  );
}

interface NoticesProps {
  readonly voice: VoiceSession;
  readonly webcam: WebcamSession;
  readonly people: readonly SeatedPerson[];
  /** What to offer to turn on. */
  readonly offer: DeviceOffer;
  /** Whether the local person has a seat, and so a voice. */
  readonly seated: boolean;
  onLook(): void;
  /** More of them. */
  readonly children?: ReactNode;
}

/**
 * Top middle, what waits for a press: that no voices come through, what the link asked for, that the browser still blocks
 * sound, and who shares a screen.
 */
export function Notices({ voice, webcam, people, offer, seated, onLook, children }: NoticesProps) {
  const { t } = useTranslator();
  const { isBlocked, screen, media, mediaPort } = useSnapshot(voice);
  return (
    <div className={styles.notices}>
      <BlockedNotice facts={{ media, mediaPort }} seated={seated} />
      {children}
      <DeviceOffers voice={voice} webcam={webcam} offer={offer} />
      {isBlocked && (
        <button type="button" className={styles.hear} onClick={() => voice.hearOthers()}>
          <Icon name="volume" sizePx={20} />
          {t('voice.hear')}
        </button>
      )}
      {screen && (
        <ScreenNotice screen={screen} people={people} onLook={onLook} onStop={() => void voice.shareScreen(false)} />
      )}
    </div>
  );
}

type ConnectionFacts = Pick<SessionSnapshot, 'phase' | 'isOutOfDate' | 'trouble'>;

interface ConnectionVeilProps extends ConnectionFacts {
  readonly meetingRole: MeetingRole;
}

/** What to say about a connection that is not as it should be; null if it is. */
function connectionSentence({ t }: Translator, { phase, isOutOfDate, trouble }: ConnectionFacts): string | null {
  if (phase !== 'live' && phase !== 'reconnecting') return null;
  if (trouble === 'bridge') return t('meeting.bridgeAway');
  if (phase === 'reconnecting') return t('meeting.reconnecting');
  if (trouble === 'signalling') return t('meeting.serverLost');
  return isOutOfDate ? t('meeting.outOfDate') : null;
}

/**
 * Covers the room while connecting, with the scene visible behind it; a thin bar while reconnecting, and a sentence about
 * what is out of reach or out of date.
 */
export function ConnectionVeil({ meetingRole: role, ...facts }: ConnectionVeilProps) {
  const translator = useTranslator();
  const { t } = translator;
  const { phase } = facts;
  const sentence = connectionSentence(translator, facts);
  return (
    <div role="status" className={veilStyles.status}>
      {phase === 'connecting' && (
        <div className={veilStyles.veil}>
          <p className={veilStyles.card}>
            <Mark sizePx={36} />
            {t(role === 'spectator' ? 'meeting.connectingWatch' : 'meeting.connecting')}
          </p>
        </div>
      )}
      {phase === 'reconnecting' && <div className={veilStyles.line} />}
      {sentence && <p className={veilStyles.lost}>{sentence}</p>}
    </div>
  );
}

/** Short messages, bottom left, read aloud politely. */
export function Toasts({ toasts }: { toasts: readonly Toast[] }) {
  return (
    <div className={toastStyles.toasts} role="log" aria-live="polite">
      {toasts.map(({ id, text }) => (
        <p key={id} className={toastStyles.toast}>
          {text}
        </p>
      ))}
    </div>
  );
}
