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
import type { RoomControls } from '../view';
import qualityDotStyles from './QualityDot.module.css';
import roomStatusStyles from './RoomStatus.module.css';
import seatDialStyles from './SeatDial.module.css';

/** The sentence for every reason but the number of people, which has one for each tier. */
const SENTENCES: Readonly<Record<Exclude<QualityReason, 'people'>, MessageKey>> = {
  operator: 'quality.operator',
  uplink: 'quality.uplink',
  receivers: 'quality.receivers',
  budget: 'quality.budget',
  hidden: 'quality.hidden',
  slowDevice: 'quality.slowDevice',
  headroom: 'quality.headroom',
};

/** What a person is shown of the quality. */
export type ShownQuality = Pick<QualityChoice, 'tier' | 'reason'>;

/** One's own quality, or, for who only watches, that of the meeting. */
export function shownQuality(meeting: Pick<MeetingView, 'tier' | 'people'>, own: QualityChoice | null): ShownQuality {
  if (own) return own;
  const { tier, people } = meeting;
  return { tier, reason: tierForSeated(people.length).name === tier.name ? 'people' : 'operator' };
}

/** The sentence that says why the quality is what it is; it names `{fps}`. */
export function qualitySentence({ tier, reason }: ShownQuality): MessageKey {
  return reason === 'people' ? `quality.${tier.name}Why` : SENTENCES[reason];
}

/** The newest value that differed from the one before for `holdMs` at least; null until there was one. Null says nothing. */
function useSettledChange<Value>(value: Value | null, holdMs: number): Value | null {
  const [told, setTold] = useState({ value, hasChanged: false });
  useEffect(() => {
    if (value === null || value === told.value) return;
    const timer = setTimeout(() => setTold({ value, hasChanged: true }), holdMs);
    return () => clearTimeout(timer);
  }, [value, told.value, holdMs]);
  return told.hasChanged ? told.value : null;
}

/** A tier is announced once it has held this long: trying for more and giving up is nobody's business. */
const ANNOUNCED_AFTER_MS = 6_000;

function QualityCard({ name, onClose, children }: { name: string; onClose(): void; children: string }) {
  const card = useRef<HTMLParagraphElement>(null);
  useDismiss(card, onClose);
  return (
    <p className={qualityDotStyles.card} ref={card} role="status">
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

/** A dot for the tier; pressed, it says what the tier is and why. Tiers that have come to stay are announced. */
function QualityDot({ quality, open, onToggle }: QualityDotProps) {
  const { t } = useTranslator();
  const { tier, reason } = quality;
  const name = t('quality.button', { tier: t(`quality.${tier.name}`) });
  const announced = useSettledChange(reason === 'hidden' ? null : tier.name, ANNOUNCED_AFTER_MS);
  return (
    <div className={qualityDotStyles.quality}>
      <button
        type="button"
        className={qualityDotStyles.button}
        aria-label={name}
        aria-expanded={open}
        onClick={onToggle}
      >
        <span className={qualityDotStyles.dot} data-tier={tier.name} />
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

/** The time of day in epoch milliseconds, read again every `everyMs`; null until the page runs in a browser. */
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
export function formatElapsed(seconds: number): string {
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

/** The table in small: a dot a seat, filled where somebody sits. Decorative. */
function SeatDial({ seats, taken }: { seats: number; taken: readonly number[] }) {
  return (
    <svg
      className={seatDialStyles.dial}
      viewBox="0 0 100 100"
      width="40"
      height="40"
      aria-hidden="true"
      focusable="false"
    >
      <circle className={seatDialStyles.table} cx="50" cy="50" r="27" />
      {Array.from({ length: seats }, (_, seat) => {
        const { left, top } = seatPlace(seat, seats, SEAT_SHARE);
        return (
          <circle
            key={seat}
            className={taken.includes(seat) ? seatDialStyles.taken : seatDialStyles.free}
            cx={left}
            cy={top}
            r="7"
          />
        );
      })}
    </svg>
  );
}

/** Top left: what this meeting is, how long one is here, how many sit and watch, and how finely all move. */
export function RoomStatus({ snapshot, controls }: { snapshot: SessionSnapshot; controls: RoomControls }) {
  const { t, count } = useTranslator();
  const { meeting, quality, self, liveSinceMs } = snapshot;
  if (!meeting) return null;
  const taken = meeting.people.length;
  const seats = meeting.maxParticipants;
  return (
    <section className={roomStatusStyles.status} aria-label={t('meeting.status')}>
      <SeatDial seats={seats} taken={meeting.people.map(({ seat }) => seat)} />
      <div className={roomStatusStyles.words}>
        <h1 className={roomStatusStyles.title}>{meeting.title || t('lobby.untitled')}</h1>
        <p className={roomStatusStyles.facts}>
          {liveSinceMs !== null && <Elapsed sinceMs={liveSinceMs} />}
          <span>
            <span aria-hidden="true">{`${taken}/${seats}`}</span>
            <span className="visuallyHidden">{t('meeting.seats', { taken, seats })}</span>
          </span>
          {meeting.spectators > 0 && (
            <span className={roomStatusStyles.watchers}>
              <Icon name="firstPerson" sizePx={16} />
              <span aria-hidden="true">{meeting.spectators}</span>
              <span className="visuallyHidden">{count('meeting.watchers', meeting.spectators)}</span>
            </span>
          )}
        </p>
      </div>
      {self && (
        <QualityDot
          quality={shownQuality(meeting, quality)}
          open={controls.view.panel === 'quality'}
          onToggle={() => controls.toggle('quality')}
        />
      )}
    </section>
  );
}
