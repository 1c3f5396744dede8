import type { MessageKey } from '@/app/_i18n/messages';
import type { MeetingView } from '@/lib/core/meeting';
import type { QualityChoice, QualityReason } from '@/lib/quality/quality';
import { tierForSeated } from '@/lib/quality/tiers';

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
