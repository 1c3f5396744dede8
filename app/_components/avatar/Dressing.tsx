'use client';

import dynamic from 'next/dynamic';
import { type CSSProperties, useEffect, useMemo, useState } from 'react';
import { useReducedMotion } from '@/app/_hooks/useMediaQuery';
import { useHasGpu } from '@/app/_hooks/useWebgl';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { Translator } from '@/app/_i18n/translator';
import { recallWardrobe, rememberWardrobe } from '@/app/_memory/wardrobeMemory';
import { type DefaultAvatarRef, formatAvatarRef, nearestAvatarRef, parseAvatarRef } from '@/lib/core/avatarRef';
import {
  type ClothesName,
  type ClothesSwatch,
  HAIR_COVERED,
  type HairName,
  type HairSwatch,
  type SkinName,
  type SkinSwatch,
} from '@/lib/core/avatarSwatches';
import { AVATAR_KEYS } from '@/lib/core/avatars';
import type { PeopleDrawn } from '@/scene/react/previews/PeoplePreview';
import { Icon } from '../icons/Icon';
import { loadPictures } from '../ui/loadPictures';
import { SceneBoundary } from '../ui/SceneBoundary';
import { Segment, Segments } from '../ui/Segments';
import colourStyles from './AvatarColours.module.css';
import peopleStyles from './AvatarPeople.module.css';
import type { LiveFrames } from './AvatarPicker';
import pickerStyles from './AvatarPicker.module.css';
import { COLOUR_SLOTS, type ColourSlot, lookOf, recoloured, surpriseAvatar, swatchesOf } from './avatarChoice';
import swatchStyles from './SwatchRow.module.css';

/** The name of a swatch. */
function swatchLabel({ t }: Translator, slot: ColourSlot, name: string): string {
  if (slot === 'skin') return t(`skin.${name as SkinName}`);
  if (slot === 'hair') return t(`hair.${name as HairName}`);
  return t(`clothes.${name as ClothesName}`);
}

/** Describes an avatar and its colours in a sentence, for screen readers. */
function useAvatarWords(): (avatar: DefaultAvatarRef) => string {
  const translator = useTranslator();
  const { t } = translator;
  return (avatar) => {
    const look = lookOf(avatar);
    const [skin, hair, clothes] = COLOUR_SLOTS.map((slot) => swatchLabel(translator, slot, look[slot]));
    return t('avatarPicker.surpriseIs', {
      name: t(`avatar.${avatar.key}`),
      skin: skin!,
      hair: hair!,
      clothes: clothes!,
    });
  };
}

/** Picks another avatar in random colours, and describes it. */
function SurpriseButton({ avatar, onChange }: { avatar: string; onChange(avatar: string): void }) {
  const { t } = useTranslator();
  const words = useAvatarWords();
  const [surprise, setSurprise] = useState('');
  const before = parseAvatarRef(avatar);
  return (
    <>
      <button
        type="button"
        className={pickerStyles.surprise}
        onClick={() => {
          const next = surpriseAvatar(before?.kind === 'default' ? before.key : null, Math.random);
          setSurprise(words(next));
          onChange(formatAvatarRef(next));
        }}
      >
        <Icon name="surprise" sizePx={20} />
        {t('avatarPicker.surprise')}
      </button>
      <p className="visuallyHidden" role="status">
        {surprise}
      </p>
    </>
  );
}

interface AvatarSourcesProps {
  readonly isCustom: boolean;
  onPick(isCustom: boolean): void;
}

/** Switches between the default avatars and a custom avatar. */
function AvatarSources({ isCustom, onPick }: AvatarSourcesProps) {
  const { t } = useTranslator();
  return (
    <div className={pickerStyles.whole}>
      <Segments>
        <Segment
          name="avatarSource"
          label={t('avatarPicker.default')}
          checked={!isCustom}
          onPick={() => onPick(false)}
        />
        <Segment name="avatarSource" label={t('avatarPicker.custom')} checked={isCustom} onPick={() => onPick(true)} />
      </Segments>
    </div>
  );
}

const PeoplePreview = dynamic(() => loadPictures().then((module) => module.PeoplePreview), {
  ssr: false,
});

interface LivePeopleProps extends LiveFrames {
  /** A reference for each of `AVATAR_KEYS`, in that order. */
  readonly people: readonly string[];
}

const NONE_DRAWN: PeopleDrawn = [];

/**
 * Draws people over their portraits: with a GPU all of them, moving; without one only those whose colours differ from the
 * portrait's, and only once.
 */
function LivePeople({ people, frames, onCover }: LivePeopleProps) {
  const hasGpu = useHasGpu();
  const reducedMotion = useReducedMotion();
  const [drawn, setDrawn] = useState<PeopleDrawn>(NONE_DRAWN);
  const [isImpossible, setImpossible] = useState(false);
  const wanted = useMemo(
    () => people.map((avatar, index) => (hasGpu || avatar !== AVATAR_KEYS[index] ? avatar : null)),
    [people, hasGpu],
  );
  const draws = !isImpossible && wanted.some((avatar) => avatar !== null);
  useEffect(() => {
    onCover(wanted.map((avatar, index) => draws && avatar !== null && !!drawn[index]));
  }, [onCover, wanted, drawn, draws]);
  if (!draws) return null;
  return (
    <SceneBoundary fallback={null}>
      <div className={peopleStyles.live} data-drawn={drawn !== NONE_DRAWN || undefined}>
        <PeoplePreview
          avatars={wanted}
          frames={frames}
          isStill={reducedMotion || !hasGpu}
          onDrawn={setDrawn}
          onUnsupported={() => setImpossible(true)}
        />
      </div>
    </SceneBoundary>
  );
}

type Swatch = SkinSwatch | HairSwatch | ClothesSwatch;

interface SwatchRowProps {
  readonly slot: ColourSlot;
  readonly title: string;
  readonly swatches: Readonly<Record<string, Swatch>>;
  /** The name of the current one. */
  readonly chosen: string;
  onPick(name: string): void;
}

/** The colours of a swatch: the main one and those that go with it. */
function paint(swatch: Swatch): CSSProperties {
  const [main, second, third] =
    'top' in swatch
      ? [swatch.top, swatch.trim, swatch.trousers]
      : 'hair' in swatch
        ? [swatch.hair, swatch.brow, swatch.brow]
        : [swatch.skin, swatch.lip, swatch.lip];
  return { '--main': main, '--second': second, '--third': third } as CSSProperties;
}

/** A choice of named colours. */
function SwatchRow({ slot, title, swatches, chosen, onPick }: SwatchRowProps) {
  const translator = useTranslator();
  return (
    <fieldset className={swatchStyles.row}>
      <legend className={swatchStyles.title}>
        {title}
        <span className={swatchStyles.chosen} aria-hidden="true">
          {swatchLabel(translator, slot, chosen)}
        </span>
      </legend>
      <div className={swatchStyles.swatches} data-slot={slot}>
        {Object.entries(swatches).map(([name, swatch]) => (
          <label key={name} className={swatchStyles.swatch} title={swatchLabel(translator, slot, name)}>
            <input
              className="coveringInput"
              type="radio"
              name={slot}
              value={name}
              aria-label={swatchLabel(translator, slot, name)}
              checked={name === chosen}
              onChange={() => onPick(name)}
            />
            <span className={swatchStyles.chip} style={paint(swatch)} />
          </label>
        ))}
      </div>
    </fieldset>
  );
}

interface AvatarColoursProps {
  /** A reference as `nearestAvatarRef` reads it. */
  readonly avatar: string;
  onChange(avatar: string): void;
}

/** Chooses the colours of an avatar: skin, hair and clothes; one button resets them. */
function AvatarColours({ avatar: text, onChange }: AvatarColoursProps) {
  const { t } = useTranslator();
  const avatar = nearestAvatarRef(text);
  if (avatar?.kind !== 'default') return null;
  const look = lookOf(avatar);
  const swatches = swatchesOf(avatar.key);
  const isUncoloured = Object.keys(avatar.colours).length === 0;
  const title = { skin: 'avatarPicker.skin', hair: 'avatarPicker.hair', clothes: 'avatarPicker.clothes' } as const;
  const titleOf = (slot: (typeof COLOUR_SLOTS)[number]) =>
    t(slot === 'hair' && HAIR_COVERED.has(avatar.key) ? 'avatarPicker.brows' : title[slot]);
  return (
    <div className={colourStyles.colours}>
      {COLOUR_SLOTS.map((slot) => (
        <SwatchRow
          key={slot}
          slot={slot}
          title={titleOf(slot)}
          swatches={swatches[slot]}
          chosen={look[slot]}
          onPick={(name) => onChange(formatAvatarRef(recoloured(avatar, slot, name)))}
        />
      ))}
      <button type="button" className={colourStyles.reset} disabled={isUncoloured} onClick={() => onChange(avatar.key)}>
        <Icon name="reset" sizePx={20} />
        {t('avatarPicker.reset', { name: t(`avatar.${avatar.key}`) })}
      </button>
    </div>
  );
}

/** Loaded when it is wanted. */
const CustomAvatarLater = dynamic(() => import('./CustomAvatar').then((module) => module.CustomAvatar), {
  ssr: false,
});

/** Everything for colouring and replacing avatars. Loaded after the lobby has appeared, since joining does not need it. */
export const dressing = {
  recallWardrobe,
  rememberWardrobe,
  SurpriseButton,
  AvatarSources,
  AvatarColours,
  LivePeople,
  CustomAvatar: CustomAvatarLater,
};
