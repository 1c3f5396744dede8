'use client';

import { useRef } from 'react';
import { useBorrowedFocus, useDismiss } from '@/app/_hooks/usePopover';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { VoiceSession } from '@/app/_session/voiceContract';
import type { WebcamSession } from '@/app/_session/webcamContract';
import type { MeetingRole } from '@/lib/core/meeting';
import { CameraItems } from '../camera/CameraItems';
import { useLanguageSwitch } from '../preferences/LanguageSwitch';
import { nextTheme, THEME_LOOK } from '../preferences/ThemeSwitch';
import { chooseTheme, useTheme } from '../preferences/useTheme';
import { MenuItem } from './MenuItem';
import styles from './MoreMenu.module.css';
import { NarrowItems } from './NarrowItems';
import { PictureItem } from './PictureItem';
import { SoundItems } from './SoundItems';
import type { RoomControls } from './useRoomView';

interface MoreMenuProps {
  readonly isHost: boolean;
  readonly hasSeat: boolean;
  /** Whether there is a picture whose view can be changed. */
  readonly drawn: boolean;
  readonly controls: RoomControls;
  readonly voice: VoiceSession;
  readonly camera: WebcamSession;
  onCopy(role: MeetingRole): void;
}

/**
 * What is wanted seldom: picture, sound, camera, how one is seen, links, language, theme, keys, and the end for all where
 * one is the host.
 */
export function MoreMenu({ isHost, hasSeat, drawn, controls, voice, camera, onCopy }: MoreMenuProps) {
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
      <NarrowItems hasSeat={hasSeat} drawn={drawn} controls={controls} voice={voice} />
      <PictureItem picture={controls.view.picture} onPick={controls.setPicture} />
      <SoundItems voice={voice} hasSeat={hasSeat} />
      {hasSeat && <CameraItems camera={camera} />}
      {hasSeat && <MenuItem icon="person" label={t('more.appearance')} onPick={() => controls.open('appearance')} />}
      <MenuItem icon="link" label={t('more.copyLink')} onPick={() => copy('participant')} />
      <MenuItem icon="watch" label={t('more.copyWatchLink')} onPick={() => copy('spectator')} />
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
      {isHost && <MenuItem icon="end" label={t('more.end')} danger onPick={() => controls.open('end')} />}
    </ul>
  );
}
