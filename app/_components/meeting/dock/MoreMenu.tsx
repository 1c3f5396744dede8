'use client';

import { useRef } from 'react';
import { useBorrowedFocus, useDismiss } from '@/app/_hooks/usePopover';
import { useSnapshot } from '@/app/_hooks/useSnapshot';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { MessageKey } from '@/app/_i18n/messages';
import { MASTER_MAX } from '@/app/_memory/voiceMemory';
import type { VoiceSession } from '@/app/_session/voiceContract';
import type { WebcamSession } from '@/app/_session/webcamSession';
import { pageDevices } from '@/lib/devices/deviceManager';
import { PICTURE_CHOICES, type PictureChoice } from '@/scene/frame/pictureQuality';
import { Glyph } from '../../icons/Glyph';
import { Icon, type IconName } from '../../icons/Icon';
import { chooseTheme, nextTheme, THEME_LOOK, useLanguageSwitch, useTheme } from '../../page/Preferences';
import { MicrophoneSelect } from '../../ui/DeviceSelect';
import { Segment, Segments } from '../../ui/Segments';
import { VolumeSlider } from '../../ui/VolumeSlider';
import { WebcamTools } from '../../webcam/WebcamTools';
import { MOOD_LABEL, type UiControls } from '../meetingUi';
import type { LinkKind } from '../news/useNews';
import type { HostRecording } from '../recording/useRecording';
import itemStyles from './MenuItem.module.css';
import styles from './MoreMenu.module.css';
import pictureStyles from './PictureItem.module.css';
import soundStyles from './SoundItems.module.css';
import webcamStyles from './WebcamItem.module.css';

interface MenuItemProps {
  readonly icon: IconName;
  readonly label: string;
  /** The current choice. */
  readonly value?: string;
  readonly danger?: boolean;
  /** Only on narrow screens, whose dock leaves it out. */
  readonly narrow?: boolean;
  onPick(): void;
}

/** One line of the menu. */
function MenuItem({ icon, label, value, danger, narrow, onPick }: MenuItemProps) {
  return (
    <li className={itemStyles.place} data-narrow={narrow || undefined}>
      <button type="button" className={itemStyles.item} data-danger={danger || undefined} onClick={onPick}>
        <Icon name={icon} sizePx={20} />
        <span>{label}</span>
        {value && <span className={itemStyles.value}>{value}</span>}
      </button>
    </li>
  );
}

interface NarrowItemsProps {
  readonly hasSeat: boolean;
  /** Whether the room is drawn, so that its view can be changed. */
  readonly drawn: boolean;
  readonly controls: UiControls;
  readonly voice: VoiceSession;
}

/** The buttons that the dock leaves out on narrow screens. */
function NarrowItems({ hasSeat, drawn, controls, voice }: NarrowItemsProps) {
  const { t } = useTranslator();
  const { isSharing } = useSnapshot(voice);
  const { showSelf, mood } = controls.ui;
  const share = () => {
    controls.close();
    void voice.shareScreen(!isSharing);
  };
  return (
    <>
      {hasSeat && pageDevices.supports('screen') && (
        <MenuItem
          narrow
          icon={isSharing ? 'screenOff' : 'screen'}
          label={t(isSharing ? 'dock.stopSharing' : 'dock.share')}
          onPick={share}
        />
      )}
      {hasSeat && drawn && (
        <MenuItem
          narrow
          icon={showSelf ? 'selfShown' : 'selfHidden'}
          label={t(showSelf ? 'dock.hideSelf' : 'dock.showSelf')}
          onPick={controls.toggleSelf}
        />
      )}
      {drawn && <MenuItem narrow icon={mood} label={t(MOOD_LABEL[mood])} onPick={controls.nextMood} />}
    </>
  );
}

const WORDS: Readonly<Record<PictureChoice, { name: MessageKey; means: MessageKey }>> = {
  auto: { name: 'more.pictureAuto', means: 'more.pictureAutoMeans' },
  low: { name: 'more.pictureLow', means: 'more.pictureLowMeans' },
  medium: { name: 'more.pictureMedium', means: 'more.pictureMediumMeans' },
  high: { name: 'more.pictureHigh', means: 'more.pictureHighMeans' },
};

interface PictureItemProps {
  readonly picture: PictureChoice;
  onPick(picture: PictureChoice): void;
}

/** How finely the room is drawn: four choices, and a sentence about the current one. */
function PictureItem({ picture, onPick }: PictureItemProps) {
  const { t } = useTranslator();
  return (
    <li className={pictureStyles.item}>
      <fieldset className={pictureStyles.field} aria-describedby="picture-means">
        <legend className={pictureStyles.legend}>
          <Icon name="picture" sizePx={20} />
          {t('more.picture')}
        </legend>
        <Segments>
          {PICTURE_CHOICES.map((choice) => (
            <Segment
              key={choice}
              name="picture"
              label={t(WORDS[choice].name)}
              checked={choice === picture}
              onPick={() => onPick(choice)}
            />
          ))}
        </Segments>
        <p className={pictureStyles.means} id="picture-means" aria-live="polite">
          {t(WORDS[picture].means)}
        </p>
      </fieldset>
    </li>
  );
}

/** The volume of everyone, and for participants which microphone is sent. */
function SoundItems({ voice, hasSeat }: { voice: VoiceSession; hasSeat: boolean }) {
  const { t } = useTranslator();
  const { master, devices, deviceId, microphone } = useSnapshot(voice);
  return (
    <>
      <li className={soundStyles.item}>
        <Icon name={master === 0 ? 'volumeOff' : 'volume'} sizePx={20} />
        <VolumeSlider
          label={t('more.volume')}
          volume={master}
          most={MASTER_MAX}
          onChange={(volume) => voice.setMaster(volume)}
        />
      </li>
      {hasSeat && microphone !== 'off' && devices.length > 0 && (
        <li className={soundStyles.select}>
          <MicrophoneSelect
            devices={devices}
            deviceId={deviceId}
            onPick={(picked) => void voice.takeMicrophone(picked)}
          />
        </li>
      )}
    </>
  );
}

/** The webcam, while it is on. */
function WebcamItem({ webcam }: { webcam: WebcamSession }) {
  const { phase } = useSnapshot(webcam);
  if (phase !== 'live') return null;
  return (
    <li className={webcamStyles.item}>
      <WebcamTools webcam={webcam} />
    </li>
  );
}

/** Starts and stops the recording of the meeting. */
function RecordingItem({ recording, onPicked }: { recording: HostRecording; onPicked(): void }) {
  const { t } = useTranslator();
  const { isRunning, isBusy, toggle } = recording;
  const pick = () => {
    toggle();
    onPicked();
  };
  return (
    <li className={itemStyles.place}>
      <button type="button" className={itemStyles.item} disabled={isBusy} onClick={pick}>
        <Glyph sizePx={20}>
          <circle cx="12" cy="12" r="8.5" />
          {isRunning ? (
            <path d="M9.5 9.5h5v5h-5Z" fill="currentColor" />
          ) : (
            <circle cx="12" cy="12" r="3.5" fill="currentColor" />
          )}
        </Glyph>
        <span>{t(isRunning ? 'recording.stop' : 'recording.start')}</span>
      </button>
    </li>
  );
}

interface MoreMenuProps {
  /** Null for all but the host. */
  readonly recording: HostRecording | null;
  readonly hasSeat: boolean;
  /** Whether the room is drawn, so that its view can be changed. */
  readonly drawn: boolean;
  readonly controls: UiControls;
  readonly voice: VoiceSession;
  readonly webcam: WebcamSession;
  onCopy(kind: LinkKind): void;
}

/** What is wanted seldom: picture, sound, webcam, appearance, links, language, theme, keys; for the host, recording and the end for all. */
export function MoreMenu({ recording, hasSeat, drawn, controls, voice, webcam, onCopy }: MoreMenuProps) {
  const { t } = useTranslator();
  const theme = useTheme();
  const changeLanguage = useLanguageSwitch();
  const list = useRef<HTMLUListElement>(null);
  useBorrowedFocus(list, true, 'button');
  useDismiss(list, controls.close);
  const copy = (kind: LinkKind) => {
    onCopy(kind);
    controls.close();
  };
  return (
    <ul className={styles.menu} ref={list} aria-label={t('dock.more')}>
      <NarrowItems hasSeat={hasSeat} drawn={drawn} controls={controls} voice={voice} />
      <PictureItem picture={controls.ui.picture} onPick={controls.setPicture} />
      <SoundItems voice={voice} hasSeat={hasSeat} />
      {hasSeat && <WebcamItem webcam={webcam} />}
      {hasSeat && <MenuItem icon="person" label={t('more.appearance')} onPick={() => controls.open('appearance')} />}
      <MenuItem icon="link" label={t('more.copyLink')} onPick={() => copy('participant')} />
      <MenuItem icon="watch" label={t('more.copyWatchLink')} onPick={() => copy('spectator')} />
      {recording?.isRunning && <MenuItem icon="watch" label={t('live.copyLink')} onPick={() => copy('live')} />}
      <MenuItem
        icon="language"
        label={t('preferences.language')}
        value={t('preferences.languageSwitch')}
        onPick={changeLanguage}
      />
      <MenuItem
        icon="theme"
        label={t('preferences.theme')}
        value={t(THEME_LOOK[theme].label)}
        onPick={() => chooseTheme(nextTheme(theme))}
      />
      <MenuItem icon="keyboard" label={t('more.shortcuts')} onPick={() => controls.open('shortcuts')} />
      {recording && <RecordingItem recording={recording} onPicked={controls.close} />}
      {recording && <MenuItem icon="end" label={t('more.end')} danger onPick={() => controls.open('end')} />}
    </ul>
  );
}
