'use client';

import { useRef } from 'react';
import { useBorrowedFocus, useDismiss } from '@/app/_hooks/usePopover';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { CameraSession } from '@/app/_session/cameraContract';
import type { VoiceSession } from '@/app/_session/voiceContract';
import type { MeetingRole } from '@/lib/core/meeting';
import { CameraItems } from '../camera/CameraItems';
import { Icon } from '../icons/Icon';
import type { IconName } from '../icons/iconShapes';
import { useLanguageSwitch } from '../preferences/LanguageSwitch';
import { nextTheme, THEME_LOOK } from '../preferences/ThemeSwitch';
import { chooseTheme, useTheme } from '../preferences/useTheme';
import styles from './MoreMenu.module.css';
import { PictureItem } from './PictureItem';
import { SoundItems } from './SoundItems';
import type { RoomControls } from './useRoomView';

function Item(props: { icon: IconName; label: string; value?: string; danger?: boolean; onPick(): void }) {
  return (
    <li>
      <button type="button" className={styles.item} data-danger={props.danger || undefined} onClick={props.onPick}>
        <Icon name={props.icon} sizePx={20} />
        <span>{props.label}</span>
        {props.value && <span className={styles.value}>{props.value}</span>}
      </button>
    </li>
  );
}

interface MoreMenuProps {
  readonly isHost: boolean;
  readonly hasSeat: boolean;
  readonly controls: RoomControls;
  readonly voice: VoiceSession;
  readonly camera: CameraSession;
  onCopy(role: MeetingRole): void;
}

/** What is wanted seldom: picture, sound, camera, links, language, appearance, keys, and the end for all where one is the host. */
export function MoreMenu({ isHost, hasSeat, controls, voice, camera, onCopy }: MoreMenuProps) {
  const { t } = useTranslator();
  const theme = useTheme();
  const changeLanguage = useLanguageSwitch();
  const list = useRef<HTMLUListElement>(null);
  useBorrowedFocus(list, true, 'button');
  useDismiss(list, controls.close);
  const copy = (role: MeetingRole) => {
    onCopy(role);
    controls.close();
  };
  return (
    <ul className={styles.menu} ref={list} aria-label={t('dock.more')}>
      <PictureItem picture={controls.view.picture} onPick={controls.setPicture} />
      <SoundItems voice={voice} hasSeat={hasSeat} />
      {hasSeat && <CameraItems camera={camera} />}
      <Item icon="link" label={t('more.copyLink')} onPick={() => copy('participant')} />
      <Item icon="watch" label={t('more.copyWatchLink')} onPick={() => copy('spectator')} />
      <Item
        icon="language"
        label={t('preferences.language')}
        value={t('preferences.languageSwitch')}
        onPick={changeLanguage}
      />
      <Item
        icon="theme"
        label={t('preferences.theme')}
        value={t(THEME_LOOK[theme].label)}
        onPick={() => chooseTheme(nextTheme(theme))}
      />
      <Item icon="keyboard" label={t('more.shortcuts')} onPick={() => controls.open('shortcuts')} />
      {isHost && <Item icon="end" label={t('more.end')} danger onPick={() => controls.open('end')} />}
    </ul>
  );
}
