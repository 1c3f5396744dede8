'use client';

import dynamic from 'next/dynamic';
import { type ChangeEvent, type DragEvent, type RefObject, useState } from 'react';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import { recallWebcam, rememberWebcam } from '@/app/_memory/webcamMemory';
import type { MotionChoice } from '@/app/_session/sessionContract';
import { pageWebcam } from '@/app/_session/webcamSession';
import type { MeetingLink } from '../meeting/meetingLink';
import { Problem } from '../ui/Problem';
import { Segment, Segments } from '../ui/Segments';
import { type MicrophoneHandle, MicrophonePicker } from './MicrophonePicker';
import motionFileStyles from './MotionFile.module.css';
import motionPickerStyles from './MotionPicker.module.css';
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

/** Where a BVH file is dropped or chosen; says what it plays, or which line it stumbled over. */
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
  const pick = (event: ChangeEvent<HTMLInputElement>) => {
    void read(event.target.files?.[0]);
    event.target.value = '';
  };
  const status = { reading: t('lobby.motionReading'), playing: t('lobby.motionPlaying'), unreadable: '' };
  return (
    <>
      <label
        className={motionFileStyles.drop}
        data-over={over || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <input className="visuallyHidden" type="file" accept=".bvh" onChange={pick} />
        <span className={motionFileStyles.words}>
          <span className={motionFileStyles.name}>{fileName ?? t('lobby.motionFileHint')}</span>
          {fileName && <span className={motionFileStyles.state}>{status[preview.state]}</span>}
        </span>
        <span className={motionFileStyles.choose}>{t(fileName ? 'lobby.motionReplace' : 'lobby.motionChoose')}</span>
      </label>
      <Problem sentence={preview.problem ? t(preview.problem.key, preview.problem.values) : null} />
    </>
  );
}

const CameraPicker = dynamic(() => import('../webcam/WebcamPicker').then((module) => module.CameraPicker), {
  ssr: false,
});

interface MotionPickerProps {
  readonly motion: MotionChoice;
  readonly preview: MotionPreview;
  onChange(motion: MotionChoice): void;
}

type Way = 'idle' | 'camera' | 'file';

function wayOf({ kind }: MotionChoice): Way {
  return kind === 'idle' || kind === 'camera' ? kind : 'file';
}

/** What moves the avatar: by itself, the camera, or a BVH file. */
function MotionPicker({ motion, preview, onChange }: MotionPickerProps) {
  const { t } = useTranslator();
  const [way, setWay] = useState(wayOf(motion));
  const pick = (picked: Way) => {
    setWay(picked);
    rememberWebcam({ isWanted: picked === 'camera' });
    if (picked === 'camera') return onChange({ kind: 'camera', deviceId: recallWebcam().deviceId });
    pageWebcam().close();
    onChange({ kind: 'idle' });
  };
  const segment = (value: Way, icon: 'idle' | 'webcam' | 'file', label: string) => (
    <Segment name="motion" icon={icon} label={label} checked={way === value} onPick={() => pick(value)} />
  );
  return (
    <fieldset className={motionPickerStyles.picker}>
      <legend className={motionPickerStyles.legend}>{t('lobby.motion')}</legend>
      <Segments>
        {segment('idle', 'idle', t('lobby.motionIdle'))}
        {segment('camera', 'webcam', t('lobby.motionCamera'))}
        {segment('file', 'file', t('lobby.motionFile'))}
      </Segments>
      {way === 'idle' && <p className={motionPickerStyles.hint}>{t('lobby.motionIdleHint')}</p>}
      {way === 'camera' && <CameraPicker />}
      {way === 'file' && <MotionFile motion={motion} preview={preview} onChange={onChange} />}
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

/** What one may choose but need not: microphone and motion. Fetched after the lobby stands. */
export function LobbyOptions({ link, motion, preview, microphone, onMotion }: LobbyOptionsProps) {
  return (
    <>
      <MicrophonePicker ref={microphone} linked={link.microphone} />
      <MotionPicker motion={motion} preview={preview} onChange={onMotion} />
    </>
  );
}
