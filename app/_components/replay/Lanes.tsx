'use client';

import { type CSSProperties, type KeyboardEvent, type PointerEvent, useEffect, useRef } from 'react';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { PlayedTime } from '@/lib/recording/playedTime';
import type { RecordingTimeline } from '@/lib/recording/timeline';
import type { ReplayTime } from '@/lib/replay/replayTime';
import { Icon } from '../icons/Icon';
import { Portrait } from '../seats/Portrait';
import styles from './Lanes.module.css';
import { clockText } from './replayLink';
import { type TimelinePerson, usePosition } from './useReplay';

/** Colours of lanes, round and round. */
const TONES = 6;
/** Speech shorter than this share of the whole is still seen. */
const LEAST_SHARE = 0.0015;

/** Stretches of time as one path in a box of 1 by 1. */
function pathOf(ranges: TimelinePerson['speaking'], played: PlayedTime): string {
  const share = (ms: number) => played.playedMsOf(ms) / played.lengthMs;
  return ranges
    .map(({ fromMs: from, toMs: to }) => {
      const width = Math.max(LEAST_SHARE, share(to) - share(from));
      return `M${share(from).toFixed(5)} 0h${width.toFixed(5)}v1h-${width.toFixed(5)}z`;
    })
    .join('');
}

interface TrackProps extends Pick<TimelinePerson, 'speaking'> {
  readonly time: ReplayTime;
  readonly tone: number | 'all';
}

function Track({ speaking, time, tone }: TrackProps) {
  return (
    <svg className={styles.track} data-tone={tone} viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
      <path d={pathOf(speaking, time.played)} />
    </svg>
  );
}

/** Keeps `--at`, the share of the recording that is over, on an element, frame by frame. */
function useHead(time: ReplayTime) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let frame = 0;
    const draw = () => {
      const share = time.positionMs / time.lengthMs;
      ref.current?.style.setProperty('--at', share.toFixed(5));
      frame = requestAnimationFrame(draw);
    };
    draw();
    return () => cancelAnimationFrame(frame);
  }, [time]);
  return ref;
}

const KEY_STEPS_MS: Readonly<Record<string, number>> = {
  ArrowLeft: -5000,
  ArrowDown: -5000,
  ArrowRight: 5000,
  ArrowUp: 5000,
  PageDown: -60_000,
  PageUp: 60_000,
};

/** Least time between two leaps while the place is dragged, ms. */
const SCRUB_EVERY_MS = 120;

/** The place in the recording, over all lanes: pressed, dragged, or moved by keys. */
function Playhead({ time }: { time: ReplayTime }) {
  const { t } = useTranslator();
  const head = useHead(time);
  const positionMs = usePosition(time, 500);
  const { lengthMs } = time;
  const soughtAtMs = useRef(0);
  const seekTo = (event: PointerEvent<HTMLDivElement>) => {
    soughtAtMs.current = event.timeStamp;
    const { left, width } = event.currentTarget.getBoundingClientRect();
    time.seek(((event.clientX - left) / width) * lengthMs);
  };
  const onKey = (event: KeyboardEvent) => {
    const step = KEY_STEPS_MS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    time.seekBy(step);
  };
  const at = clockText(positionMs);
  return (
    <div
      ref={head}
      className={styles.slider}
      role="slider"
      tabIndex={0}
      aria-label={t('replay.position')}
      aria-valuemin={0}
      aria-valuemax={Math.round(lengthMs / 1000)}
      aria-valuenow={Math.round(positionMs / 1000)}
      aria-valuetext={t('replay.positionText', { at, length: clockText(lengthMs) })}
      onKeyDown={onKey}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        seekTo(event);
      }}
      onPointerMove={(event) => {
        const isDue = event.timeStamp - soughtAtMs.current > SCRUB_EVERY_MS;
        if (event.buttons === 1 && isDue) seekTo(event);
      }}
      onPointerUp={seekTo}
    >
      <span className={styles.head} />
    </div>
  );
}

/** What a person of the recording can do for the viewer. */
interface LaneActions {
  readonly hidden: ReadonlySet<string>;
  readonly seatOf: string | null;
  onSit(personId: string): void;
  onHide(personId: string): void;
}

interface LaneProps extends LaneActions {
  readonly time: ReplayTime;
  readonly person: TimelinePerson;
  readonly tone: number;
  readonly isHere: boolean;
  readonly isSpeaking: boolean;
}

function Lane({ time, person, tone, isHere, isSpeaking, hidden, seatOf, onSit, onHide }: LaneProps) {
  const { t } = useTranslator();
  const { id, name } = person;
  const isHidden = hidden.has(id);
  const sits = seatOf === id;
  return (
    <li className={styles.lane} data-away={!isHere || isHidden || undefined}>
      <span className={styles.person} data-speaking={isSpeaking || undefined}>
        <span className={styles.face}>
          <Portrait avatar={person.avatar} />
        </span>
        <span className={styles.name}>{name}</span>
      </span>
      <button
        type="button"
        className={styles.act}
        aria-pressed={sits}
        aria-label={t(sits ? 'replay.stand' : 'replay.sit', { name })}
        title={t(sits ? 'replay.stand' : 'replay.sit', { name })}
        disabled={!isHere || isHidden}
        onClick={() => onSit(id)}
      >
        <Icon name="seat" sizePx={18} />
      </button>
      <button
        type="button"
        className={styles.act}
        aria-pressed={isHidden}
        aria-label={t(isHidden ? 'replay.show' : 'replay.hide', { name })}
        title={t(isHidden ? 'replay.show' : 'replay.hide', { name })}
        onClick={() => onHide(id)}
      >
        <Icon name={isHidden ? 'selfHidden' : 'firstPerson'} sizePx={18} />
      </button>
      <span className={styles.place}>
        <Track speaking={person.speaking} time={time} tone={tone % TONES} />
      </span>
    </li>
  );
}

interface ChaptersProps {
  readonly time: ReplayTime;
  readonly chapters: RecordingTimeline['chapters'];
}

/** A length of time in words, in whole hours, minutes or seconds. */
function breakText(ms: number, language: string): string {
  const minutes = ms / 60_000;
  const [unit, value] =
    minutes >= 60
      ? (['hour', minutes / 60] as const)
      : minutes >= 1
        ? (['minute', minutes] as const)
        : (['second', ms / 1000] as const);
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(Math.round(value));
}

/** Where the recording was interrupted. */
function Breaks({ time }: { time: ReplayTime }) {
  const { t, language } = useTranslator();
  const { played, lengthMs } = time;
  return played.stretches.slice(1).map(({ fromMs, atMs }, k) => {
    const text = t('replay.break', { length: breakText(fromMs - played.stretches[k]!.toMs, language) });
    const place = { '--from': atMs / lengthMs } as CSSProperties;
    return <span key={fromMs} className={styles.break} style={place} role="img" aria-label={text} title={text} />;
  });
}

/** Where chapters begin, by name. */
function Chapters({ time, chapters }: ChaptersProps) {
  const { t } = useTranslator();
  const { played, lengthMs } = time;
  return (
    <ol className={styles.chapters} aria-label={t('replay.chapters')}>
      {chapters.map(({ timeMs, title }, k) => {
        const atMs = played.playedMsOf(timeMs);
        const next = chapters[k + 1];
        const untilMs = next ? played.playedMsOf(next.timeMs) : lengthMs;
        const place = { '--from': atMs / lengthMs } as CSSProperties;
        const width = { '--share': (untilMs - atMs) / lengthMs } as CSSProperties;
        return (
          <li key={timeMs} style={{ ...place, ...width }}>
            <button type="button" title={title} onClick={() => time.seek(atMs)}>
              <span className="visuallyHidden">{t('replay.chapter', { title })}</span>
              <span aria-hidden="true">{title}</span>
            </button>
          </li>
        );
      })}
    </ol>
  );
}

interface LanesProps extends LaneActions {
  readonly time: ReplayTime;
  readonly timeline: Pick<RecordingTimeline, 'people' | 'chapters'>;
  /** One lane a person; otherwise one for everybody. */
  readonly isOpen: boolean;
  readonly here: ReadonlySet<string>;
  readonly speaking: ReadonlySet<string>;
}

/** Who speaks when, chapters, and the place in the recording. */
export function Lanes({ time, timeline, isOpen, here, speaking, ...actions }: LanesProps) {
  const { t } = useTranslator();
  const { people, chapters } = timeline;
  return (
    <div className={styles.lanes} data-open={isOpen || undefined}>
      {chapters.length > 0 && <Chapters time={time} chapters={chapters} />}
      <div className={styles.scroller}>
        <div className={styles.all}>
          {isOpen ? (
            <ol aria-label={t('replay.lanes')}>
              {people.map((person, tone) => (
                <Lane
                  key={person.id}
                  time={time}
                  person={person}
                  tone={tone}
                  isHere={here.has(person.id)}
                  isSpeaking={speaking.has(person.id)}
                  {...actions}
                />
              ))}
            </ol>
          ) : (
            <span className={styles.place}>
              <Track speaking={people.flatMap((person) => person.speaking)} time={time} tone="all" />
            </span>
          )}
          <Breaks time={time} />
          <Playhead time={time} />
        </div>
      </div>
    </div>
  );
}
