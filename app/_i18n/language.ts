/** The languages of the pages, by the value of `<html lang>`. */
const LANGUAGES = ['en', 'zh-Hans'] as const;

export type Language = (typeof LANGUAGES)[number];

/** The cookie that holds a chosen language; without it, the browser's preference decides. */
export const LANGUAGE_COOKIE = 'parley-language';

/** The other language, for a switch of two. */
export function otherLanguage(language: Language): Language {
  return language === 'en' ? 'zh-Hans' : 'en';
}

function isLanguage(text: string | undefined): text is Language {
  return (LANGUAGES as readonly string[]).includes(text ?? '');
}

interface Preference {
  readonly tag: string;
  readonly weight: number;
}

function parsePreference(item: string): Preference {
  const [tag = '', ...parameters] = item.trim().toLowerCase().split(';');
  const quality = parameters.map((parameter) => /^\s*q=([\d.]+)\s*$/.exec(parameter)?.[1]).find(Boolean);
  return { tag: tag.trim(), weight: quality === undefined ? 1 : Number(quality) || 0 };
}

/** The language for a request: the chosen one, else the best of `Accept-Language` (RFC 9110, 12.5.4), else English. */
export function negotiateLanguage(chosen: string | undefined, acceptLanguage: string | null): Language {
  if (isLanguage(chosen)) return chosen;
  const wanted = (acceptLanguage ?? '')
    .split(',')
    .map(parsePreference)
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight);
  for (const { tag } of wanted) {
    if (tag === 'zh' || tag.startsWith('zh-')) return 'zh-Hans';
    if (tag === 'en' || tag.startsWith('en-')) return 'en';
  }
  return 'en';
}
