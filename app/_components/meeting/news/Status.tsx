'use client';

import { useEffect, useRef, useState } from 'react';
import { useDismiss } from '@/app/_hooks/usePopover';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { MessageKey } from '@/app/_i18n/messages';
import type { SessionSnapshot } from '@/app/_session/sessionContract';
import type { MeetingView } from '@/lib/core/meeting';
import type { QualityChoice, QualityReason } from '@/lib/quality/quality';
import { tierForSeated } from '@/lib/quality/tiers';
import { Icon } from '../../icons/Icon';
import { seatPlace } from '../../seats/SeatRing';
import type { UiControls } from '../meetingUi';
import { RecordingMark } from '../recording/RecordingNotices';
import qualityStyles from './QualityDot.module.css';
import dialStyles from './SeatDial.module.css';
import styles from './Status.module.css';

/** The sentence for each reason except the number of people, which has a sentence for each tier. */
const SENTENCES: Readonly<Record<Exclude<QualityReason, 'people'>, MessageKey>> = {
  operator: 'quality.operator',
  uplink: 'quality.uplink',
  receivers: 'quality.receivers',
  budget: 'quality.budget',
  hidden: 'quality.hidden',
  slowDevice: 'quality.slowDevice',
  headroom: 'quality.headroom',
};

/** The part of the quality that is shown. */
type ShownQuality = Pick<QualityChoice, 'tier' | 'reason'>;

/** The local participant's quality, or the meeting's for spectators, who send nothing. */
function shownQuality(meeting: Pick<MeetingView, 'tier' | 'people'>, own: QualityChoice | null): ShownQuality {
  if (own) return own;
  const { tier, people } = meeting;
  return { tier, reason: tierForSeated(people.length).name === tier.name ? 'people' : 'operator' };
}

/** The sentence that says why the quality is as it is; it has the placeholder `{fps}`. */
function qualitySentence({ tier, reason }: ShownQuality): MessageKey {
  return reason === 'people' ? `quality.${tier.name}Why` : SENTENCES[reason];
}

/** The latest value that changed and then held for `holdMs`; null until one did. Nulls are skipped. */
function useSettledChange<Value>(value: Value | null, holdMs: number): Value | null {
  const [told, setTold] = useState({ value, hasChanged: false });
  useEffect(() => {
    if (value === null || value === told.value) return;
    const timer = setTimeout(() => setTold({ value, hasChanged: true }), holdMs);
    return () => clearTimeout(timer);
  }, [value, told.value, holdMs]);
  return told.hasChanged ? told.value : null;
}

/** A tier is announced once it has held this long, so that short attempts at a better one are not. */
const ANNOUNCED_AFTER_MS = 6_000;

function QualityCard({ name, onClose, children }: { name: string; onClose(): void; children: string }) {
  const card = useRef<HTMLParagraphElement>(null);
  useDismiss(card, onClose);
  return (
    <p className={qualityStyles.card} ref={card} role="status">
      <strong>{name}</strong>
      {children}
    </p>
  );
}

interface QualityDotProps {
  readonly quality: ShownQuality;
  readonly open: boolean;
  onToggle(): void;
}

/** A dot for the tier; pressing it shows the tier and the reason. Tiers that hold are announced. */
function QualityDot({ quality, open, onToggle }: QualityDotProps) {
  const { t } = useTranslator();
  const { tier, reason } = quality;
  const name = t('quality.button', { tier: t(`quality.${tier.name}`) });
  const announced = useSettledChange(reason === 'hidden' ? null : tier.name, ANNOUNCED_AFTER_MS);
  return (
    <div className={qualityStyles.quality}>
      <button type="button" className={qualityStyles.button} aria-label={name} aria-expanded={open} onClick={onToggle}>
        <span className={qualityStyles.dot} data-tier={tier.name} />
      </button>
      <p className="visuallyHidden" role="status">
        {announced && t('quality.button', { tier: t(`quality.${announced}`) })}
      </p>
      {open && (
        <QualityCard name={name} onClose={onToggle}>
          {t(qualitySentence(quality), { fps: tier.fps })}
        </QualityCard>
      )}
    </div>
  );
}

/** The time in epoch milliseconds, read again every `everyMs`; null until the page runs in a browser. */
function useNowMs(everyMs: number): number | null {
  const [nowMs, setNowMs] = useState<number | null>(null);
  useEffect(() => {
    const read = () => setNowMs(Date.now());
    read();
    const timer = window.setInterval(read, everyMs);
    return () => window.clearInterval(timer);
  }, [everyMs]);
  return nowMs;
}

const HOUR_S = 3600;
const MINUTE_S = 60;

/** Seconds as a clock reads them: `0:07`, `12:34`, `1:02:03`. */
function formatElapsed(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / HOUR_S);
  const minutes = Math.floor((whole % HOUR_S) / MINUTE_S);
  const two = (value: number) => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % MINUTE_S)}` : `${minutes}:${two(whole % MINUTE_S)}`;
}

/** The time since `sinceMs` (epoch milliseconds), ticking. */
function Elapsed({ sinceMs }: { sinceMs: number }) {
  const { t } = useTranslator();
  const nowMs = useNowMs(1000);
  return (
    <span role="timer" aria-label={t('meeting.elapsed')}>
      {formatElapsed(nowMs === null ? 0 : (nowMs - sinceMs) / 1000)}
    </span>
  );
}

const SEAT_SHARE = 0.14;

/** A small table: one dot per seat, filled if it is taken. Decorative. */
function SeatDial({ seats, taken }: { seats: number; taken: readonly number[] }) {
  return (
    <svg className={dialStyles.dial} viewBox="0 0 100 100" width="40" height="40" aria-hidden="true" focusable="false">
      <circle className={dialStyles.table} cx="50" cy="50" r="27" />
      {Array.from({ length: seats }, (_, seat) => {
        const { left, top } = seatPlace(seat, seats, SEAT_SHARE);
        return (
          <circle
            key={seat}
            className={taken.includes(seat) ? dialStyles.taken : dialStyles.free}
            cx={left}
            cy={top}
            r="7"
          />
        );
      })}
    </svg>
  );
}

/** Top left: title, time in the meeting, seats, spectators and movement quality. */
export function Status({ snapshot, controls }: { snapshot: SessionSnapshot; controls: UiControls }) {
  const { t, count } = useTranslator();
  const { meeting, quality, self, liveSinceMs } = snapshot;
  if (!meeting) return null;
  const taken = meeting.people.length;
  const seats = meeting.maxParticipants;
  const viewers = meeting.viewers ?? 0;
  return (
    <section className={styles.status} aria-label={t('meeting.status')}>
      <SeatDial seats={seats} taken={meeting.people.map(({ seat }) => seat)} />
      <div className={styles.words}>
        <h1 className={styles.title}>{meeting.title || t('meeting.untitled')}</h1>
        <p className={styles.facts}>
          {liveSinceMs !== null && <Elapsed sinceMs={liveSinceMs} />}
          <span>
            <span aria-hidden="true">{`${taken}/${seats}`}</span>
            <span className="visuallyHidden">{t('meeting.seats', { taken, seats })}</span>
          </span>
          {meeting.recording && <RecordingMark />}
          {meeting.spectators + viewers > 0 && (
            <span className={styles.watchers}>
              <Icon name="firstPerson" sizePx={16} />
              <span aria-hidden="true">{meeting.spectators + viewers}</span>
              <span className="visuallyHidden">
                {[
                  meeting.spectators > 0 && count('meeting.watchers', meeting.spectators),
                  viewers > 0 && count('live.watchers', viewers),
                ]
                  .filter(Boolean)
                  .join(', ')}
              </span>
            </span>
          )}
        </p>
      </div>
      {self && (
        <QualityDot
          quality={shownQuality(meeting, quality)}
          open={controls.ui.panel === 'quality'}
          onToggle={() => controls.toggle('quality')}
        />
      )}
    </section>
  );
}
