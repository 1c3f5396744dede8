'use client';

import { useEffect, useRef } from 'react';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { SessionSnapshot } from '@/app/_session/sessionContract';
import type { VoiceSession } from '@/app/_session/voiceContract';
import { IconButton } from '../ui/IconButton';
import { useVoice } from '../voice/useVoice';
import styles from './SharedScreenOverlay.module.css';
import { screenLabel } from './screenLabel';

interface FullScreenProps {
  readonly stream: MediaStream;
  readonly label: string;
  onClose(): void;
}

function FullScreen({ stream, label, onClose }: FullScreenProps) {
  const { t } = useTranslator();
  const dialog = useRef<HTMLDialogElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  useEffect(() => {
    if (video.current) video.current.srcObject = stream;
  }, [stream]);
  return (
    <dialog
      ref={dialog}
      className={styles.overlay}
      aria-label={label}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <video ref={video} className={styles.picture} autoPlay muted playsInline aria-label={t('screen.picture')} />
      <div className={styles.bar}>
        <span className={styles.words}>{label}</span>
        <IconButton icon="close" label={t('common.close')} onClick={onClose} />
      </div>
    </dialog>
  );
}

interface SharedScreenOverlayProps {
  readonly voice: VoiceSession;
  readonly snapshot: SessionSnapshot;
  onClose(): void;
}

/** A shared screen as large as the window. Escape or the button lets the room be seen again, and so does its end. */
export function SharedScreenOverlay({ voice, snapshot, onClose }: SharedScreenOverlayProps) {
  const translator = useTranslator();
  const { screen } = useVoice(voice);
  const isOver = screen === null;
  const close = useRef(onClose);
  useEffect(() => {
    close.current = onClose;
  });
  useEffect(() => {
    if (isOver) close.current();
  }, [isOver]);
  if (!screen) return null;
  const label = screenLabel(translator, screen, snapshot.meeting?.people ?? []);
  return <FullScreen stream={screen.stream} label={label} onClose={onClose} />;
}
