'use client';

import { useEffect, useRef, useState } from 'react';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { MessageKey } from '@/app/_i18n/messages';
import type { TimelineProgress } from '@/lib/replay/openRecording';
import { Button, ButtonLink } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { parseClock } from '../replayLink';
import styles from './Export.module.css';
import { ExportForm, type ExportWish } from './ExportForm';
import { type ExportChoice, type ExportKind, fileKindOf, fileNameOf, isFilm, peopleFor } from './exportKinds';
import { type ExportFailure, type ExportWaiter, failureOf } from './exportOrder';

/** A file to be made. */
export interface WantedFile {
  readonly kind: ExportKind;
  /** Id; null for everybody or the room. Of a video: from whose seat it is seen. */
  readonly person: string | null;
  /** From the beginning of what can be played, ms; null for all there is. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
  readonly mimeType: string;
  /** Of a video: its height, pixels, and whether the camera stays where it is in the page; else the speaker is followed. */
  readonly height: number;
  readonly isSeenFromHere: boolean;
}

/** How far an export is. */
type Progress =
  | { readonly step: 'choosing'; readonly problem: MessageKey | null }
  | { readonly step: 'running'; readonly name: string; readonly share: number }
  | { readonly step: 'done'; readonly name: string; readonly sizeBytes: number; readonly url: string };

const SENTENCES: Readonly<Record<ExportFailure, MessageKey>> = {
  noPerson: 'exportFailed.noPerson',
  severalPeople: 'exportFailed.noPerson',
  nothingThere: 'exportFailed.nothingThere',
  tooLong: 'exportFailed.tooLong',
  avatar: 'exportFailed.avatar',
  unreachable: 'exportFailed.unreachable',
  cancelled: 'export.cancelled',
  broken: 'exportFailed.broken',
};

const FIRST_WISH = { person: '', view: 'speaker', height: 720, from: null, to: null } as const;

/** Has the browser save what is at an address. */
function save(url: string, name: string): void {
  const link = document.createElement('a');
  Object.assign(link, { href: url, download: name });
  link.click();
}

/** A size as people read it. */
function sizeText(sizeBytes: number, language: string): string {
  const megabytes = sizeBytes / 1_000_000;
  const digits = megabytes < 10 ? 1 : 0;
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: digits, minimumFractionDigits: digits });
  return `${number.format(Math.max(0.1, megabytes))} MB`;
}

/** Makes one file at a time, and lets go of it with the page. */
function useExport(make: (wanted: WantedFile, waiter: ExportWaiter) => Promise<Blob>) {
  const [progress, setProgress] = useState<Progress>({ step: 'choosing', problem: null });
  const running = useRef<AbortController | null>(null);
  const url = useRef<string | null>(null);
  const forget = () => {
    if (url.current !== null) URL.revokeObjectURL(url.current);
    url.current = null;
  };
  useEffect(
    () => () => {
      running.current?.abort();
      forget();
    },
    [],
  );
  const start = async (wanted: WantedFile, name: string) => {
    const controller = new AbortController();
    running.current = controller;
    forget();
    const { signal } = controller;
    const onShare = (share: number) => !signal.aborted && setProgress({ step: 'running', name, share });
    onShare(0);
    try {
      const file = await make(wanted, { signal, onShare });
      if (signal.aborted) return;
      url.current = URL.createObjectURL(file);
      save(url.current, name);
      setProgress({ step: 'done', name, sizeBytes: file.size, url: url.current });
    } catch (error) {
      if (!signal.aborted) setProgress({ step: 'choosing', problem: SENTENCES[failureOf(error)] });
    }
  };
  const cancel = () => {
    running.current?.abort();
    setProgress({ step: 'choosing', problem: SENTENCES.cancelled });
  };
  const again = () => setProgress({ step: 'choosing', problem: null });
  return { progress, start, cancel, again };
}

interface RunningProps {
  readonly name: string;
  readonly share: number;
  onCancel(): void;
  onClose(): void;
}

function Running({ name, share, onCancel, onClose }: RunningProps) {
  const { t } = useTranslator();
  const percent = Math.floor(share * 100);
  return (
    <>
      <p className={styles.name}>{name}</p>
      <div className={styles.progress}>
        <progress aria-label={t('export.running')} value={share} max={1} />
        <span>{`${percent} %`}</span>
      </div>
      <p className={styles.hint}>{t('export.goesOn')}</p>
      <div className={styles.buttons}>
        <Button tone="quiet" onClick={onCancel}>
          {t('common.cancel')}
        </Button>
        <Button tone="accent" onClick={onClose}>
          {t('export.watchOn')}
        </Button>
      </div>
    </>
  );
}

/** A time that was typed: null for the recording's own, NaN for what is none. */
function timeOf(typed: string | null): number | null {
  return typed === null || typed.trim() === '' ? null : (parseClock(typed) ?? Number.NaN);
}

/** Which of two times makes no sense. */
function wrongOf(fromMs: number | null, toMs: number | null, lengthMs: number): 'from' | 'to' | null {
  if (fromMs !== null && !(fromMs < lengthMs)) return 'from';
  return toMs !== null && !(toMs > (fromMs ?? 0)) ? 'to' : null;
}

interface ExportPanelProps {
  readonly isOpen: boolean;
  /** The meeting's title, for the names of files. */
  readonly title: string;
  readonly progress: TimelineProgress | null;
  /** How long it plays, ms. */
  readonly lengthMs: number;
  /** Where the recording itself is; null for one that is a file of this device already. */
  readonly recordingUrl: string | null;
  /** What can be made here, besides the recording itself. */
  readonly kinds: readonly ExportKind[];
  make(wanted: WantedFile, waiter: ExportWaiter): Promise<Blob>;
  onClose(): void;
  /** Hears what is to be said while the panel is closed; '' for nothing. */
  onStatus(words: string): void;
}

/** Makes files of a recording. Closed, it goes on with what it makes. */
export function ExportPanel(props: ExportPanelProps) {
  const { isOpen, title, progress: read, lengthMs, recordingUrl, kinds, make, onClose, onStatus } = props;
  const { t, language } = useTranslator();
  const { progress, start, cancel, again } = useExport(make);
  const [wish, setWish] = useState<ExportWish>({ choice: recordingUrl ? 'recording' : 'wav', ...FIRST_WISH });
  const [wrongTime, setWrongTime] = useState<'from' | 'to' | null>(null);
  const people = peopleFor(wish.choice, read?.timeline.people ?? []);
  const chosenId = isFilm(wish.choice) ? wish.view.replace(/^seat:/, '') : wish.person;
  const person = people.find(({ id }) => id === chosenId) ?? null;
  const choices = new Set<ExportChoice>(recordingUrl ? ['recording', ...kinds] : kinds);
  const isRead = read?.share === 1;
  const percent = Math.floor((read?.share ?? 0) * 100);

  const status = {
    choosing: () => '',
    running: () => t('export.status', { percent: progress.step === 'running' ? Math.floor(progress.share * 100) : 0 }),
    done: () => t('export.saved'),
  }[progress.step]();
  const latest = useRef(onStatus);
  latest.current = onStatus;
  useEffect(() => latest.current(isOpen ? '' : status), [isOpen, status]);

  const onExport = () => {
    const startedAtMs = read?.timeline.startedAtMs ?? null;
    const { choice } = wish;
    if (choice === 'recording') {
      save(recordingUrl!, fileNameOf([title], startedAtMs, 'parley'));
      onClose();
      return;
    }
    const [fromMs, toMs] = [timeOf(wish.from), timeOf(wish.to)];
    const wrong = wrongOf(fromMs, toMs, lengthMs);
    setWrongTime(wrong);
    if (wrong !== null) return;
    const isArchive = person === null && ['vrma', 'bvh', 'glb'].includes(choice);
    const { extension, mimeType } = fileKindOf(choice, isArchive);
    const name = fileNameOf([title, person?.name ?? ''], startedAtMs, extension);
    const seen = { height: wish.height, isSeenFromHere: wish.view === 'now' };
    void start({ kind: choice, person: person?.id ?? null, fromMs, toMs, mimeType, ...seen }, name);
  };

  if (!isOpen) return null;
  return (
    <Dialog title={t('export.title')} size="wide" onClose={onClose}>
      {progress.step === 'choosing' && (
        <ExportForm
          wish={{ ...wish, person: isFilm(wish.choice) ? '' : (person?.id ?? '') }}
          people={people}
          lengthMs={lengthMs}
          choices={choices}
          wrongTime={wrongTime}
          wait={isRead ? null : t('export.wait', { percent })}
          problem={progress.problem && t(progress.problem)}
          onWish={(change) => setWish((old) => ({ ...old, ...change }))}
          onExport={onExport}
          onClose={onClose}
        />
      )}
      {progress.step === 'running' && <Running {...progress} onCancel={cancel} onClose={onClose} />}
      {progress.step === 'done' && (
        <>
          <p role="status">{t('export.savedAs', { size: sizeText(progress.sizeBytes, language) })}</p>
          <p className={styles.name}>{progress.name}</p>
          <div className={styles.buttons}>
            <Button tone="quiet" onClick={again}>
              {t('export.another')}
            </Button>
            <ButtonLink tone="quiet" href={progress.url} download={progress.name}>
              {t('export.saveAgain')}
            </ButtonLink>
            <Button tone="accent" onClick={onClose}>
              {t('common.close')}
            </Button>
          </div>
        </>
      )}
    </Dialog>
  );
}
