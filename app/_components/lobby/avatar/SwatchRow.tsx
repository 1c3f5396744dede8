'use client';

import type { CSSProperties } from 'react';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { ClothesSwatch, HairSwatch, SkinSwatch } from '@/lib/core/avatarSwatches';
import type { ColourSlot } from './avatarChoice';
import styles from './SwatchRow.module.css';
import { swatchLabel } from './swatchLabel';

type Swatch = SkinSwatch | HairSwatch | ClothesSwatch;

interface SwatchRowProps {
  readonly slot: ColourSlot;
  readonly title: string;
  readonly swatches: Readonly<Record<string, Swatch>>;
  /** Name of the one worn. */
  readonly chosen: string;
  onPick(name: string): void;
}

/** The colours a swatch is painted with: what it shows most of, and what goes with it. */
function paint(swatch: Swatch): CSSProperties {
  const [main, second, third] =
    'top' in swatch
      ? [swatch.top, swatch.trim, swatch.trousers]
      : 'hair' in swatch
        ? [swatch.hair, swatch.brow, swatch.brow]
        : [swatch.skin, swatch.lip, swatch.lip];
  return { '--main': main, '--second': second, '--third': third } as CSSProperties;
}

/** One choice among colours, each with a name. */
export function SwatchRow({ slot, title, swatches, chosen, onPick }: SwatchRowProps) {
  const translator = useTranslator();
  return (
    <fieldset className={styles.row}>
      <legend className={styles.title}>
        {title}
        <span className={styles.chosen} aria-hidden="true">
          {swatchLabel(translator, slot, chosen)}
        </span>
      </legend>
      <div className={styles.swatches} data-slot={slot}>
        {Object.entries(swatches).map(([name, swatch]) => (
          <label key={name} className={styles.swatch} title={swatchLabel(translator, slot, name)}>
            <input
              className="coveringInput"
              type="radio"
              name={slot}
              value={name}
              aria-label={swatchLabel(translator, slot, name)}
              checked={name === chosen}
              onChange={() => onPick(name)}
            />
            <span className={styles.chip} style={paint(swatch)} />
          </label>
        ))}
      </div>
    </fieldset>
  );
}
