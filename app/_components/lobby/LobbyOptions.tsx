'use client';

import dynamic from 'next/dynamic';
import { type DragEvent, type RefObject, useState } from 'react';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import { recallWebcam, rememberWebcam } from '@/app/_memory/webcamMemory';
import type { MotionChoice } from '@/app/_session/sessionContract';
import { pageWebcam } from '@/app/_session/webcamSession';
import type { MeetingLink } from '../meeting/meetingLink';
import { DropZone } from '../ui/DropZone';
import { Problem } from '../ui/Problem';
import { Segment, Segments } from '../ui/Segments';
import { type MicrophoneHandle, MicrophonePicker } from './MicrophonePicker';
import styles from './MotionPicker.module.css';
import type { MotionPreview } from './usePreviewSource';

interface MotionFileProps {
  readonly motion: MotionChoice;
  readonly preview: MotionPreview;
  onChange(motion: MotionChoice): void;
}

function useFileName(motion: MotionChoice): string | null {
  const { t } = useTranslator();
  if (motion.kind === 'bvhFile') return motion.fileName;
  return motion.kind === 'bvhUrl' ? t('lobby.motionFromLink') : null;
}

/** Takes a BVH file by drop or by choice; says what it plays, or which line can't be read. */
function MotionFile({ motion, preview, onChange }: MotionFileProps) {
  const { t } = useTranslator();
  const [over, setOver] = useState(false);
  const fileName = useFileName(motion);
  const read = async (file: File | undefined) => {
    if (file) onChange({ kind: 'bvhFile', fileName: file.name, text: await file.text() });
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void read(event.dataTransfer.files[0]);
  };
  const status = { reading: t('lobby.motionReading'), playing: t('lobby.motionPlaying'), unreadable: '' };
  return (
    <>
      <DropZone
        accept=".bvh"
        name={fileName ?? t('lobby.motionFileHint')}
        more={fileName && status[preview.state]}
        choose={t(fileName ? 'lobby.motionReplace' : 'lobby.motionChoose')}
        isOver={over}
        onFile={read}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      />
      <Problem sentence={preview.problem ? t(preview.problem.key, preview.problem.values) : null} />
    </>
  );
}

const WebcamPicker = dynamic(() => import('../webcam/WebcamPicker').then((module) => module.WebcamPicker), {
  ssr: false,
});

interface MotionPickerProps {
  readonly motion: MotionChoice;
  readonly preview: MotionPreview;
  onChange(motion: MotionChoice): void;
}

type MotionKind = 'idle' | 'webcam' | 'file';

function motionKindOf({ kind }: MotionChoice): MotionKind {
  return kind === 'idle' || kind === 'webcam' ? kind : 'file';
}

/** Chooses what moves the avatar: itself, the webcam, or a BVH file. */
function MotionPicker({ motion, preview, onChange }: MotionPickerProps) {
  const { t } = useTranslator();
  const [shown, setShown] = useState(motionKindOf(motion));
  const pick = (picked: MotionKind) => {
    setShown(picked);
    rememberWebcam({ isWanted: picked === 'webcam' });
    if (picked === 'webcam') return onChange({ kind: 'webcam', deviceId: recallWebcam().deviceId });
    pageWebcam().close();
    onChange({ kind: 'idle' });
  };
  const segment = (value: MotionKind, icon: 'idle' | 'webcam' | 'file', label: string) => (
    <Segment name="motion" icon={icon} label={label} checked={shown === value} onPick={() => pick(value)} />
  );
  return (
    <fieldset className={styles.picker}>
      <legend className={styles.legend}>{t('lobby.motion')}</legend>
      <Segments>
        {segment('idle', 'idle', t('lobby.motionIdle'))}
        {segment('webcam', 'webcam', t('lobby.motionWebcam'))}
        {segment('file', 'file', t('lobby.motionFile'))}
      </Segments>
      {shown === 'idle' && <p className={styles.hint}>{t('lobby.motionIdleHint')}</p>}
      {shown === 'webcam' && <WebcamPicker />}
      {shown === 'file' && <MotionFile motion={motion} preview={preview} onChange={onChange} />}
    </fieldset>
  );
}

export interface LobbyOptionsProps {
  readonly link: MeetingLink;
  readonly motion: MotionChoice;
  readonly preview: MotionPreview;
  readonly microphone: RefObject<MicrophoneHandle | null>;
  onMotion(motion: MotionChoice): void;
}

/** Microphone and motion, which may be left as they are. Loaded after the lobby has appeared. */
export function LobbyOptions({ link, motion, preview, microphone, onMotion }: LobbyOptionsProps) {
  return (
    <>
      <MicrophonePicker ref={microphone} linked={link.microphone} />
      <MotionPicker motion={motion} preview={preview} onChange={onMotion} />
    </>
  );
}
