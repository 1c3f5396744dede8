'use client';

import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { MessageKey } from '@/app/_i18n/messages';
import { PICTURE_CHOICES, type PictureChoice } from '@/scene/frame/pictureQuality';
import { Icon } from '../icons/Icon';
import { Segment, Segments } from '../lobby/Segments';
import styles from './PictureItem.module.css';

const WORDS: Readonly<Record<PictureChoice, { name: MessageKey; means: MessageKey }>> = {
  auto: { name: 'more.pictureAuto', means: 'more.pictureAutoMeans' },
  low: { name: 'more.pictureLow', means: 'more.pictureLowMeans' },
  medium: { name: 'more.pictureMedium', means: 'more.pictureMediumMeans' },
  high: { name: 'more.pictureHigh', means: 'more.pictureHighMeans' },
};

interface PictureItemProps {
  readonly picture: PictureChoice;
  onPick(picture: PictureChoice): void;
}

/** How finely the room is drawn: four choices, and a sentence about the one that holds. */
export function PictureItem({ picture, onPick }: PictureItemProps) {
  const { t } = useTranslator();
  return (
    <li className={styles.item}>
      <fieldset className={styles.field} aria-describedby="picture-means">
        <legend className={styles.legend}>
          <Icon name="picture" sizePx={20} />
          {t('more.picture')}
        </legend>
        <Segments>
          {PICTURE_CHOICES.map((choice) => (
            <Segment
              key={choice}
              name="picture"
              label={t(WORDS[choice].name)}
              checked={choice === picture}
              onPick={() => onPick(choice)}
            />
          ))}
        </Segments>
        <p className={styles.means} id="picture-means" aria-live="polite">
          {t(WORDS[picture].means)}
        </p>
      </fieldset>
    </li>
  );
}
