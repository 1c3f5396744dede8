'use client';

import { useRef } from 'react';
import { useDismiss } from '@/app/_hooks/usePopover';
import { useSettledChange } from '@/app/_hooks/useSettledChange';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import styles from './QualityDot.module.css';
import { qualitySentence, type ShownQuality } from './qualitySentence';

/** A tier is announced once it has held this long: trying for more and giving up is nobody's business. */
const ANNOUNCED_AFTER_MS = 6_000;

function QualityCard({ name, onClose, children }: { name: string; onClose(): void; children: string }) {
  const card = useRef<HTMLParagraphElement>(null);
  useDismiss(card, onClose);
  return (
    <p className={styles.card} ref={card} role="status">
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
export function QualityDot({ quality, open, onToggle }: QualityDotProps) {
  const { t } = useTranslator();
  const { tier, reason } = quality;
  const name = t('quality.button', { tier: t(`quality.${tier.name}`) });
  const announced = useSettledChange(reason === 'hidden' ? null : tier.name, ANNOUNCED_AFTER_MS);
  return (
    <div className={styles.quality}>
      <button type="button" className={styles.button} aria-label={name} aria-expanded={open} onClick={onToggle}>
        <span className={styles.dot} data-tier={tier.name} />
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
