import { cookies, headers } from 'next/headers';
import { messagesOf } from './catalogues';
import { LANGUAGE_COOKIE, negotiateLanguage } from './language';
import { createTranslator } from './translator';

/** The language of the current request. Only on the server. */
export async function requestLanguage() {
  const [jar, head] = await Promise.all([cookies(), headers()]);
  return negotiateLanguage(jar.get(LANGUAGE_COOKIE)?.value, head.get('accept-language'));
}

/** The texts for the current request. Only on the server. */
export async function requestTranslator() {
  const language = await requestLanguage();
  return createTranslator(language, messagesOf(language));
}
