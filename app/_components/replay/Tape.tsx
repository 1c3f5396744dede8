'use client';

import type { ReactNode } from 'react';
import { useSnapshot } from '@/app/_hooks/useSnapshot';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { MessageKey } from '@/app/_i18n/messages';
import { RATES, type Replay } from '@/lib/replay/replay';
import type { ReplayTime } from '@/lib/replay/replayTime';
import type { View } from '@/scene/react/sceneContract';
import { Icon, type IconName } from '../icons/Icon';
import { nextOf } from '../meeting/meetingUi';
import { ReplayIcon, type ReplayIconName } from './ReplayIcon';
import { LEAP_MS } from './replayKeys';
import { clockText } from './replayLink';
import styles from './Tape.module.css';
import { usePosition } from './useReplay';

/** Icon and name of each view. */
export const VIEW_LOOK: Readonly<Record<View, { icon: IconName; label: MessageKey }>> = {
  orbit: { icon: 'orbit', label: 'replay.viewOrbit' },
  speaker: { icon: 'speaker', label: 'replay.viewSpeaker' },
  overTable: { icon: 'overTable', label: 'replay.viewOverTable' },
  free: { icon: 'freeView', label: 'replay.viewFree' },
  firstPerson: { icon: 'seatView', label: 'replay.viewSeat' },
};

interface TapeButtonProps {
  readonly label: string;
  readonly shortcut?: string;
  readonly pressed?: boolean;
  /** Left out on narrow screens. */
  readonly roomy?: boolean;
  readonly tone?: 'main';
  readonly children: ReactNode;
  onClick(): void;
}

function TapeButton({ label, shortcut, pressed, roomy, tone, children, onClick }: TapeButtonProps) {
  return (
    <button
      type="button"
      className={styles.button}
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      aria-keyshortcuts={shortcut}
      data-roomy={roomy || undefined}
      data-tone={tone}
      onClick={onClick}
    >
      {children}
    </button>
  );
}

/** The time that is shown, and how long the recording is. */
function Times({ time }: { time: ReplayTime }) {
  const positionMs = usePosition(time, 250);
  return (
    <p className={styles.times}>
      <span>{clockText(positionMs)}</span>
      <span className={styles.length}>{clockText(time.lengthMs)}</span>
    </p>
  );
}

function PlayButton({ replay, onToggle }: { replay: Replay; onToggle(): void }) {
  const { t } = useTranslator();
  const { isPlaying, hasEnded } = useSnapshot(replay.store);
  const look: readonly [ReplayIconName, MessageKey] = isPlaying
    ? ['pause', 'replay.pause']
    : hasEnded
      ? ['again', 'replay.again']
      : ['play', 'replay.play'];
  return (
    <TapeButton label={t(look[1])} shortcut="K" tone="main" onClick={onToggle}>
      <ReplayIcon name={look[0]} />
    </TapeButton>
  );
}

function SpeedButton({ replay }: { replay: Replay }) {
  const { t } = useTranslator();
  const { rate } = useSnapshot(replay.store);
  return (
    <label className={styles.speed} title={t('replay.speed')}>
      <span className="visuallyHidden">{t('replay.speed')}</span>
      <select value={rate} onChange={({ target }) => replay.setRate(Number(target.value))}>
        {RATES.map((each) => (
          <option key={each} value={each}>
            {`${each}×`}
          </option>
        ))}
      </select>
    </label>
  );
}

interface TapeProps {
  readonly replay: Replay;
  readonly time: ReplayTime;
  readonly view: View;
  /** The person whose seat the view is from; '' for a free view. */
  readonly seatName: string;
  readonly drawn: boolean;
  readonly isHeard: boolean;
  readonly lanesOpen: boolean;
  /** Whether there is a link to a moment. */
  readonly hasLink: boolean;
  /** What has just happened, or is waited for. */
  readonly status: string;
  readonly children: ReactNode;
  onTogglePlay(): void;
  onNextView(): void;
  onToggleSound(): void;
  onToggleLanes(): void;
  onCopy(): void;
  onExport(): void;
}

/** The controls of a replay, above its lanes. */
export function Tape(props: TapeProps) {
  const { replay, time, view, seatName, drawn, isHeard, lanesOpen, hasLink, status, children, ...on } = props;
  const { t } = useTranslator();
  const look = VIEW_LOOK[view];
  const by = (ms: number) => () => time.seekBy(ms);
  return (
    <section className={styles.tape} aria-label={t('replay.controls')}>
      <div className={styles.bar}>
        <div className={styles.group}>
          <PlayButton replay={replay} onToggle={on.onTogglePlay} />
          <TapeButton label={t('replay.back')} shortcut="J" roomy onClick={by(-LEAP_MS)}>
            <ReplayIcon name="back" />
          </TapeButton>
          <TapeButton label={t('replay.forward')} shortcut="L" roomy onClick={by(LEAP_MS)}>
            <ReplayIcon name="forward" />
          </TapeButton>
          <Times time={time} />
        </div>
        <p className={styles.status} role="status">
          {status}
        </p>
        <div className={styles.group}>
          <SpeedButton replay={replay} />
          <TapeButton
            label={t(isHeard ? 'replay.mute' : 'replay.unmute')}
            shortcut="M"
            pressed={!isHeard}
            onClick={on.onToggleSound}
          >
            <Icon name={isHeard ? 'volume' : 'volumeOff'} />
          </TapeButton>
          {drawn && (
            <TapeButton label={t(look.label, { name: seatName })} shortcut="C" onClick={on.onNextView}>
              <Icon name={look.icon} />
            </TapeButton>
          )}
          <TapeButton
            label={t(lanesOpen ? 'replay.hideLanes' : 'replay.showLanes')}
            shortcut="P"
            pressed={lanesOpen}
            onClick={on.onToggleLanes}
          >
            <ReplayIcon name="lanes" />
          </TapeButton>
          {hasLink && (
            <TapeButton label={t('replay.copyMoment')} onClick={on.onCopy}>
              <Icon name="link" />
            </TapeButton>
          )}
          <TapeButton label={t('replay.save')} shortcut="X" onClick={on.onExport}>
            <ReplayIcon name="save" />
          </TapeButton>
        </div>
      </div>
      {children}
    </section>
  );
}

/** The views that the button goes through; a seat is chosen at its person. */
const VIEWS: readonly View[] = ['orbit', 'speaker', 'overTable', 'free'];

export function nextReplayView(view: View): View {
  return nextOf(VIEWS, view);
}
