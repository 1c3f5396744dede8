'use client';

import { useRef, useState } from 'react';
import { useBorrowedFocus } from '@/app/_hooks/usePopover';
import { useSnapshot } from '@/app/_hooks/useSnapshot';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import { PERSON_MAX } from '@/app/_memory/voiceMemory';
import type { SessionSnapshot } from '@/app/_session/sessionContract';
import type { VoiceSession, VoiceSnapshot } from '@/app/_session/voiceContract';
import type { SeatedPerson } from '@/lib/core/meeting';
import { Icon, type IconName } from '../../icons/Icon';
import { Portrait } from '../../seats/Portrait';
import { Button } from '../../ui/Button';
import { IconButton } from '../../ui/IconButton';
import { VolumeSlider } from '../../ui/VolumeSlider';
import { microphoneLook } from '../dock/deviceLook';
import drawerStyles from './PeopleDrawer.module.css';
import styles from './PeopleList.module.css';

interface PersonRowProps {
  readonly person: SeatedPerson;
  readonly isSelf: boolean;
  readonly voice: VoiceSession;
  readonly heard: VoiceSnapshot;
}

/** Marks a person who is not heard, for screen readers too. */
function SilentMark({ icon, text }: { icon: IconName; text: string }) {
  return (
    <span className={styles.muted} title={text}>
      <Icon name={icon} sizePx={20} />
      <span className="visuallyHidden">{text}</span>
    </span>
  );
}

function isMuted({ person: { id }, isSelf, heard }: PersonRowProps): boolean {
  return isSelf ? microphoneLook(heard).icon === 'microphoneOff' : heard.mutedPeople.has(id);
}

/** One person at the table: name, whether they speak or are muted, and a volume for everyone but the local participant. */
function PersonRow(props: PersonRowProps) {
  const { person, isSelf, voice, heard } = props;
  const { t } = useTranslator();
  const [open, setOpen] = useState(false);
  const speaks = heard.speaking.has(person.id);
  const volume = heard.volumes[person.id] ?? 1;
  const volumeLabel = t('people.volumeOf', { name: person.name });
  return (
    <li>
      <div className={styles.person}>
        <span className={styles.portrait} data-speaking={speaks || undefined}>
          <Portrait avatar={person.avatar} />
        </span>
        <span className={styles.words}>
          <span className={styles.name}>{person.name}</span>
          <span className={styles.seat}>
            {t(speaks ? 'people.speaking' : 'people.seat', { seat: person.seat + 1 })}
          </span>
        </span>
        <span className={styles.marks}>
          {heard.unheardPeople.has(person.id) && <SilentMark icon="noVoice" text={t('people.unheard')} />}
          {isMuted(props) && <SilentMark icon="microphoneOff" text={t('people.muted')} />}
          {isSelf ? (
            <span className={styles.you}>{t('people.you')}</span>
          ) : (
            <IconButton
              icon={volume === 0 ? 'volumeOff' : 'volume'}
              label={volumeLabel}
              aria-expanded={open}
              onClick={() => setOpen(!open)}
            />
          )}
        </span>
      </div>
      {open && !isSelf && (
        <div className={styles.volume}>
          <VolumeSlider
            label={volumeLabel}
            volume={volume}
            most={PERSON_MAX}
            onChange={(chosen) => voice.setVolume(person.id, chosen)}
          />
        </div>
      )}
    </li>
  );
}

/** Everyone with a seat, in the order of the seats; marks the local participant. */
export function PeopleList({ snapshot, voice }: { snapshot: SessionSnapshot; voice: VoiceSession }) {
  const { t } = useTranslator();
  const heard = useSnapshot(voice);
  const people = [...(snapshot.meeting?.people ?? [])].sort((a, b) => a.seat - b.seat);
  const selfId = snapshot.self?.id ?? null;
  if (people.length === 0) return <p className={styles.note}>{t('people.none')}</p>;
  const alone = people.length === 1 && people[0]?.id === selfId;
  return (
    <>
      <ul className={styles.list} aria-label={t('people.title')}>
        {people.map((person) => (
          <PersonRow key={person.id} person={person} isSelf={person.id === selfId} voice={voice} heard={heard} />
        ))}
      </ul>
      {alone && <p className={styles.note}>{t('people.alone')}</p>}
    </>
  );
}

interface PeopleDrawerProps {
  readonly open: boolean;
  readonly snapshot: SessionSnapshot;
  readonly voice: VoiceSession;
  onClose(): void;
  onInvite(): void;
}

/** The list of people as a drawer on the right, or a sheet on phones. Gives the focus back when it closes. */
export function PeopleDrawer({ open, snapshot, voice, onClose, onInvite }: PeopleDrawerProps) {
  const { t, count } = useTranslator();
  const panel = useRef<HTMLElement>(null);
  useBorrowedFocus(panel, open);
  if (!open) return null;
  const { spectators: watching = 0, viewers = 0 } = snapshot.meeting ?? {};
  return (
    <aside className={drawerStyles.drawer} ref={panel} tabIndex={-1} aria-label={t('people.title')}>
      <header className={drawerStyles.header}>
        <h2 className={drawerStyles.title}>{t('people.title')}</h2>
        <IconButton icon="close" label={t('common.close')} onClick={onClose} />
      </header>
      <div className={drawerStyles.body}>
        <PeopleList snapshot={snapshot} voice={voice} />
        {watching > 0 && <p className={drawerStyles.watching}>{count('people.watching', watching)}</p>}
        {viewers > 0 && <p className={drawerStyles.watching}>{count('live.peopleWatching', viewers)}</p>}
      </div>
      <Button tone="quiet" onClick={onInvite}>
        {t('people.invite')}
      </Button>
    </aside>
  );
}
