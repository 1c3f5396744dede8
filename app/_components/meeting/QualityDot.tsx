'use client';

import { useRef } from 'react';
import { useDismiss } from '@/app/_hooks/usePopover';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { MessageKey } from '@/app/_i18n/messages';
import type { Tier } from '@/lib/core/meeting';
import { tierForSeated } from '@/lib/quality/tiers';
import styles from './QualityDot.module.css';

/** Why the tier is what it is: the number of people, or the operator's limit. */
export function qualityReason(tier: Tier, seated: number): MessageKey {
  return tierForSeated(seated).name === tier.name ? `quality.${tier.name}Why` : 'quality.lowered';
}

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
  readonly tier: Tier;
  readonly seated: number;
  readonly open: boolean;
  onToggle(): void;
}

/** A dot for the tier; pressed, it says what the tier is and why. */
export function QualityDot({ tier, seated, open, onToggle }: QualityDotProps) {
  const { t } = useTranslator();
  const name = t('quality.button', { tier: t(`quality.${tier.name}`) });
  return (
    <div className={styles.quality}>
      <button type="button" className={styles.button} aria-label={name} aria-expanded={open} onClick={onToggle}>
        <span className={styles.dot} data-tier={tier.name} />
      </button>
      {open && (
        <QualityCard name={name} onClose={onToggle}>
          {t(qualityReason(tier, seated), { fps: tier.fps })}
        </QualityCard>
      )}
    </div>
  );
}
