'use client';

import { type CSSProperties, type KeyboardEvent, type PointerEvent, useEffect, useRef } from 'react';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { RecordingTimeline } from '@/lib/recording/timeline';
import type { Replay } from '@/lib/replay/replay';
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
function pathOf(ranges: TimelinePerson['speaking'], fromMs: number, lengthMs: number): string {
  const share = (ms: number) => ms / lengthMs;
  return ranges
    .map(({ fromMs: from, toMs: to }) => {
      const width = Math.max(LEAST_SHARE, share(to - from));
      return `M${share(from - fromMs).toFixed(5)} 0h${width.toFixed(5)}v1h-${width.toFixed(5)}z`;
    })
    .join('');
}

interface TrackProps extends Pick<TimelinePerson, 'speaking'> {
  readonly replay: Replay;
  readonly tone: number | 'all';
}

function Track({ speaking, replay, tone }: TrackProps) {
  const { fromMs, toMs } = replay;
  return (
    <svg className={styles.track} data-tone={tone} viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
      <path d={pathOf(speaking, fromMs, toMs - fromMs)} />
    </svg>
  );
}

/** Keeps `--at`, the share of the recording that is over, on an element, frame by frame. */
function useHead(replay: Replay) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let frame = 0;
    const draw = () => {
      const share = (replay.positionMs - replay.fromMs) / (replay.toMs - replay.fromMs);
      ref.current?.style.setProperty('--at', share.toFixed(5));
      frame = requestAnimationFrame(draw);
    };
    draw();
    return () => cancelAnimationFrame(frame);
  }, [replay]);
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
function Playhead({ replay }: { replay: Replay }) {
  const { t } = useTranslator();
  const head = useHead(replay);
  const positionMs = usePosition(replay, 500);
  const { fromMs, toMs } = replay;
  const soughtAtMs = useRef(0);
  const seekTo = (event: PointerEvent<HTMLDivElement>) => {
    soughtAtMs.current = event.timeStamp;
    const { left, width } = event.currentTarget.getBoundingClientRect();
    void replay.seek(fromMs + ((event.clientX - left) / width) * (toMs - fromMs));
  };
  const onKey = (event: KeyboardEvent) => {
    const step = KEY_STEPS_MS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    void replay.seek(replay.positionMs + step);
  };
  const at = clockText(positionMs - fromMs);
  return (
    <div
      ref={head}
      className={styles.slider}
      role="slider"
      tabIndex={0}
      aria-label={t('replay.position')}
      aria-valuemin={0}
      aria-valuemax={Math.round((toMs - fromMs) / 1000)}
      aria-valuenow={Math.round((positionMs - fromMs) / 1000)}
      aria-valuetext={t('replay.positionText', { at, length: clockText(toMs - fromMs) })}
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
  readonly replay: Replay;
  readonly person: TimelinePerson;
  readonly tone: number;
  readonly isHere: boolean;
  readonly isSpeaking: boolean;
}

function Lane({ replay, person, tone, isHere, isSpeaking, hidden, seatOf, onSit, onHide }: LaneProps) {
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
        <Track speaking={person.speaking} replay={replay} tone={tone % TONES} />
      </span>
    </li>
  );
}

interface ChaptersProps {
  readonly replay: Replay;
  readonly chapters: RecordingTimeline['chapters'];
}

/** Where chapters begin, by name. */
function Chapters({ replay, chapters }: ChaptersProps) {
  const { t } = useTranslator();
  const { fromMs, toMs } = replay;
  return (
    <ol className={styles.chapters} aria-label={t('replay.chapters')}>
      {chapters.map(({ timeMs, title }, k) => {
        const place = { '--from': (timeMs - fromMs) / (toMs - fromMs) } as CSSProperties;
        const untilMs = chapters[k + 1]?.timeMs ?? toMs;
        const width = { '--share': (untilMs - timeMs) / (toMs - fromMs) } as CSSProperties;
        return (
          <li key={timeMs} style={{ ...place, ...width }}>
            <button type="button" title={title} onClick={() => void replay.seek(timeMs)}>
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
  readonly replay: Replay;
  readonly timeline: Pick<RecordingTimeline, 'people' | 'chapters'>;
  /** One lane a person; otherwise one for everybody. */
  readonly isOpen: boolean;
  readonly here: ReadonlySet<string>;
  readonly speaking: ReadonlySet<string>;
}

/** Who speaks when, chapters, and the place in the recording. */
export function Lanes({ replay, timeline, isOpen, here, speaking, ...actions }: LanesProps) {
  const { t } = useTranslator();
  const { people, chapters } = timeline;
  return (
    <div className={styles.lanes} data-open={isOpen || undefined}>
      {chapters.length > 0 && <Chapters replay={replay} chapters={chapters} />}
      <div className={styles.scroller}>
        <div className={styles.all}>
          {isOpen ? (
            <ol aria-label={t('replay.lanes')}>
              {people.map((person, tone) => (
                <Lane
                  key={person.id}
                  replay={replay}
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
              <Track speaking={people.flatMap((person) => person.speaking)} replay={replay} tone="all" />
            </span>
          )}
          <Playhead replay={replay} />
        </div>
      </div>
    </div>
  );
}
