'use client';

import { type FormEvent, type ReactNode, useId } from 'react';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { MessageKey } from '@/app/_i18n/messages';
import type { RecordingTimeline } from '@/lib/recording/timeline';
import { Icon } from '../../icons/Icon';
import { Button } from '../../ui/Button';
import { Problem } from '../../ui/Problem';
import { Segment, Segments } from '../../ui/Segments';
import { TextField } from '../../ui/TextField';
import { clockText } from '../replayLink';
import styles from './Export.module.css';
import { type ExportChoice, isFilm } from './exportKinds';

/** What is chosen in the form. */
export interface ExportWish {
  readonly choice: ExportChoice;
  /** Id; '' for everybody or the room. */
  readonly person: string;
  /** From where a video is seen: `speaker`, `now`, or somebody's seat, `seat:` and their id. */
  readonly view: string;
  /** Height of a video, pixels. */
  readonly height: FilmHeight;
  /** Begin and end as typed; null for those of the recording. */
  readonly from: string | null;
  readonly to: string | null;
}

type FilmHeight = 360 | 720 | 1080;

const GROUPS: ReadonlyArray<readonly [MessageKey, readonly ExportChoice[]]> = [
  ['export.groupRecording', ['recording']],
  ['export.groupVideo', ['mp4', 'film']],
  ['export.groupSound', ['wav', 'webm']],
  ['export.groupMotion', ['vrma', 'bvh', 'glb']],
  ['export.groupText', ['vtt']],
];

interface SelectFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly children: ReactNode;
  onPick(value: string): void;
}

/** A labelled choice from a native list, which every phone shows well. */
function SelectField({ label, hint, value, children, onPick }: SelectFieldProps) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <span className={styles.place}>
        <select
          id={id}
          className={styles.select}
          value={value}
          aria-describedby={hint ? `${id}-hint` : undefined}
          onChange={({ target }) => onPick(target.value)}
        >
          {children}
        </select>
        <span className={styles.arrow}>
          <Icon name="chevronDown" sizePx={16} />
        </span>
      </span>
      {hint && (
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      )}
    </div>
  );
}

interface WhoProps {
  readonly wish: ExportWish;
  readonly people: RecordingTimeline['people'];
  onPick(person: string): void;
}

/** Whose motion or voice, or from whose seat it is heard. */
function Who({ wish, people, onPick }: WhoProps) {
  const { t } = useTranslator();
  const { choice } = wish;
  if (choice === 'recording' || choice === 'vtt' || isFilm(choice)) return null;
  const isMix = choice === 'wav';
  return (
    <SelectField label={t(isMix ? 'export.heardFrom' : 'export.who')} value={wish.person} onPick={onPick}>
      <option value="">{t(isMix ? 'export.room' : 'export.everybody')}</option>
      {people.map(({ id, name }) => (
        <option key={id} value={id}>
          {isMix ? t('export.seatOf', { name }) : name}
        </option>
      ))}
    </SelectField>
  );
}

interface FilmFieldsProps {
  readonly wish: ExportWish;
  readonly people: RecordingTimeline['people'];
  onWish(change: Partial<ExportWish>): void;
}

const HEIGHTS: readonly FilmHeight[] = [360, 720, 1080];

/** From where a video is seen, and how large it is. */
function FilmFields({ wish, people, onWish }: FilmFieldsProps) {
  const { t } = useTranslator();
  return (
    <>
      <SelectField label={t('export.view')} value={wish.view} onPick={(view) => onWish({ view })}>
        <option value="speaker">{t('export.viewSpeaker')}</option>
        <option value="now">{t('export.viewNow')}</option>
        {people.map(({ id, name }) => (
          <option key={id} value={`seat:${id}`}>
            {t('export.seatOf', { name })}
          </option>
        ))}
      </SelectField>
      <fieldset className={styles.field}>
        <legend className={styles.label}>{t('export.size')}</legend>
        <Segments>
          {HEIGHTS.map((height) => (
            <Segment
              key={height}
              name="height"
              label={`${height}p`}
              checked={wish.height === height}
              onPick={() => onWish({ height })}
            />
          ))}
        </Segments>
      </fieldset>
    </>
  );
}

interface ExportFormProps {
  readonly wish: ExportWish;
  /** Those one of whom can be chosen. */
  readonly people: RecordingTimeline['people'];
  readonly lengthMs: number;
  /** What can be chosen here. */
  readonly choices: ReadonlySet<ExportChoice>;
  /** Which of the times makes no sense. */
  readonly wrongTime: 'from' | 'to' | null;
  /** Why it cannot begin yet; null if it can. */
  readonly wait: string | null;
  /** What went wrong last time. */
  readonly problem: string | null;
  onWish(change: Partial<ExportWish>): void;
  onExport(): void;
  onClose(): void;
}

/** Chooses what to make of a recording. */
export function ExportForm(props: ExportFormProps) {
  const { wish, people, lengthMs, choices, wrongTime, wait, problem, onWish } = props;
  const { t } = useTranslator();
  const { choice } = wish;
  const isWhole = choice === 'recording';
  const waits = wait !== null && !isWhole;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!waits) props.onExport();
  };
  const groups = GROUPS.map(([label, all]) => [label, all.filter((each) => choices.has(each))] as const);
  const time = (which: 'from' | 'to', ms: number) => (
    <TextField
      label={t(which === 'from' ? 'export.from' : 'export.to')}
      inputMode="text"
      value={wish[which] ?? clockText(ms)}
      error={wrongTime === which ? t(which === 'from' ? 'export.wrongFrom' : 'export.wrongTo') : null}
      onChange={({ target }) => onWish({ [which]: target.value })}
    />
  );
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <SelectField
        label={t('export.what')}
        hint={t(`exportHint.${choice}`)}
        value={choice}
        onPick={(value) => onWish({ choice: value as ExportChoice })}
      >
        {groups.map(
          ([label, offered]) =>
            offered.length > 0 && (
              <optgroup key={label} label={t(label)}>
                {offered.map((each) => (
                  <option key={each} value={each}>
                    {t(`exportKind.${each}`)}
                  </option>
                ))}
              </optgroup>
            ),
        )}
      </SelectField>
      <Who wish={wish} people={people} onPick={(person) => onWish({ person })} />
      {isFilm(choice) && <FilmFields wish={wish} people={people} onWish={onWish} />}
      {!isWhole && (
        <div className={styles.times}>
          {time('from', 0)}
          {time('to', lengthMs)}
        </div>
      )}
      <Problem sentence={problem} />
      <div className={styles.buttons}>
        {waits && <p className={styles.wait}>{wait}</p>}
        <Button tone="quiet" onClick={props.onClose}>
          {t('common.close')}
        </Button>
        <Button tone="accent" type="submit" disabled={waits}>
          {t(isWhole ? 'export.save' : 'export.start')}
        </Button>
      </div>
    </form>
  );
}
