'use client';

import { type DragEvent, useCallback, useEffect, useState } from 'react';
import { useLater } from '@/app/_hooks/useLater';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { OpenRecording } from '@/lib/replay/openRecording';
import type { ReplayErrorReason } from '@/lib/replay/replayError';
import type { MarkStory } from '../brand/Mark';
import { StateScreen, WaitingScreen } from '../page/StateScreen';
import { Button, ButtonLink } from '../ui/Button';
import { DropZone } from '../ui/DropZone';
import styles from './ReplayPage.module.css';
import { filesUrlOf } from './replayLink';
import type { ReplayParts } from './replayParts';

/** What is replayed: the recording of a link, or a file of the person's own. */
export type ReplaySubject = { readonly right: string } | { readonly file: File };

/** How far opening is. */
type Opening =
  | { readonly step: 'choosing' }
  | { readonly step: 'opening'; readonly share: number }
  | { readonly step: 'failed'; readonly reason: ReplayErrorReason }
  | { readonly step: 'open'; readonly recording: OpenRecording };

const STORIES: Readonly<Record<ReplayErrorReason, MarkStory>> = {
  notFound: 'missing',
  expired: 'away',
  unreachable: 'apart',
  notARecording: 'outline',
  newerVersion: 'outline',
  empty: 'missing',
  unreadable: 'outline',
};

const loadParts = (): Promise<ReplayParts> => import('./replayParts');

/** Opens what is asked for, again for each `attempt`. */
function useOpening(parts: ReplayParts | null, subject: ReplaySubject | null, attempt: number): Opening {
  const [opening, setOpening] = useState<Opening>({ step: 'choosing' });
  useEffect(() => {
    if (!parts || !subject) return;
    let isCurrent = true;
    const onShare = (share: number) => isCurrent && setOpening({ step: 'opening', share });
    onShare(0);
    const opened =
      'file' in subject ? parts.openFile(subject.file, onShare) : parts.openAddress(filesUrlOf(subject.right));
    opened.then(
      (recording) => isCurrent && setOpening({ step: 'open', recording }),
      (error: unknown) => isCurrent && setOpening({ step: 'failed', reason: parts.asReplayError(error).reason }),
    );
    return () => {
      isCurrent = false;
    };
  }, [parts, subject, attempt]);
  return opening;
}

function FileChooser({ onFile }: { onFile(file: File): void }) {
  const { t } = useTranslator();
  return (
    <div className={styles.chooser}>
      <DropZone
        accept=".parley"
        name={t('replay.dropFile')}
        more={t('replay.staysHere')}
        choose={t('replay.chooseFile')}
        isOver={false}
        isTall
        onFile={onFile}
      />
    </div>
  );
}

function Progress({ share }: { share: number }) {
  const { t } = useTranslator();
  return (
    <div className={styles.progress}>
      <progress aria-label={t('replay.opening')} value={share} max={1} />
    </div>
  );
}

/** Takes a file that is dropped anywhere on the page. */
function useDroppedFile(onFile: (file: File) => void) {
  return {
    onDragOver: (event: DragEvent) => event.preventDefault(),
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      const [file] = event.dataTransfer.files;
      if (file) onFile(file);
    },
  };
}

interface ReplayPageProps {
  /** The right in the link; null for a file of the person's own. */
  readonly right: string | null;
  /** The moment to begin at, ms. */
  readonly startMs: number;
}

/** A recording's page: opens it, says why not, or shows it. */
export function ReplayPage({ right, startMs }: ReplayPageProps) {
  const { t } = useTranslator();
  const parts = useLater(loadParts);
  const [subject, setSubject] = useState<ReplaySubject | null>(() => (right === null ? null : { right }));
  const [attempt, setAttempt] = useState(0);
  const opening = useOpening(parts, subject, attempt);
  const onFile = useCallback((file: File) => setSubject({ file }), []);
  const drop = useDroppedFile(onFile);
  const isFile = subject === null || 'file' in subject;

  function screen() {
    if (opening.step === 'open' && parts && subject) {
      return <parts.ReplayRoom key={attempt} subject={subject} recording={opening.recording} startMs={startMs} />;
    }
    if (opening.step === 'failed') {
      const { reason } = opening;
      const sentence = t(`replayFailed.${reason}`);
      return <StateScreen story={STORIES[reason]} sentence={sentence} action={actionFor(reason)} />;
    }
    if (subject === null) {
      return <StateScreen story="outline" sentence={t('replay.choose')} action={<FileChooser onFile={onFile} />} />;
    }
    if (opening.step === 'opening' && isFile) {
      return (
        <StateScreen story="together" sentence={t('replay.opening')} action={<Progress share={opening.share} />} />
      );
    }
    return <WaitingScreen />;
  }

  function actionFor(reason: ReplayErrorReason) {
    if (isFile) return <FileChooser onFile={onFile} />;
    if (reason === 'unreachable' || reason === 'empty') {
      return (
        <Button tone="accent" size="large" onClick={() => setAttempt((before) => before + 1)}>
          {t('common.retry')}
        </Button>
      );
    }
    return (
      <ButtonLink tone="accent" size="large" href="/">
        {t('common.home')}
      </ButtonLink>
    );
  }

  return <div {...drop}>{screen()}</div>;
}
