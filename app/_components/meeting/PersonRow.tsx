'use client';

import { useState } from 'react';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import { PERSON_MAX } from '@/app/_memory/voiceMemory';
import type { VoiceSession, VoiceSnapshot } from '@/app/_session/voiceContract';
import type { SeatedPerson } from '@/lib/core/meeting';
import { Icon } from '../icons/Icon';
import { Portrait } from '../seats/Portrait';
import { IconButton } from '../ui/IconButton';
import { VolumeSlider } from '../voice/VolumeSlider';
import { microphoneLook } from './microphoneLook';
import styles from './PeopleList.module.css';

interface PersonRowProps {
  readonly person: SeatedPerson;
  readonly isSelf: boolean;
  readonly voice: VoiceSession;
  readonly heard: VoiceSnapshot;
}

/** A microphone that is closed; read aloud as such. */
function MutedMark() {
  const { t } = useTranslator();
  return (
    <span className={styles.muted} title={t('people.muted')}>
      <Icon name="microphoneOff" sizePx={20} />
      <span className="visuallyHidden">{t('people.muted')}</span>
    </span>
  );
}

function isMuted({ person: { id }, isSelf, heard }: PersonRowProps): boolean {
  return isSelf ? microphoneLook(heard).icon === 'microphoneOff' : heard.mutedPeople.has(id);
}

/** One person at the table: who it is, whether they speak or are muted, and for others how loud one wants them. */
export function PersonRow(props: PersonRowProps) {
  const { person, isSelf, voice, heard } = props;
  const { t } = useTranslator();
  const [open, setOpen] = useState(false);
  const speaks = heard.speaking.has(person.id);
  const volume = heard.volumes[person.id] ?? 1;
  const volumeLabel = t('people.volumeOf', { name: person.name });
  return (
    <li className={styles.row}>
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
          {isMuted(props) && <MutedMark />}
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
