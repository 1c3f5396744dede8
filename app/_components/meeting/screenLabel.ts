import type { Translator } from '@/app/_i18n/translator';
import type { ScreenView } from '@/app/_session/voiceContract';
import type { SeatedPerson } from '@/lib/core/meeting';

/** Whose screen it is, as a sentence. */
export function screenLabel({ t }: Translator, screen: ScreenView, people: readonly SeatedPerson[]): string {
  if (screen.isOwn) return t('screen.own');
  const name = people.find(({ id }) => id === screen.personId)?.name;
  return name ? t('screen.shares', { name }) : t('screen.someone');
}
