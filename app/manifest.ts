import type { MetadataRoute } from 'next';
import { requestTranslator } from './_i18n/requestTranslator';

export default async function manifest(): Promise<MetadataRoute.Manifest> {
  const { t } = await requestTranslator();
  return {
    name: t('app.name'),
    short_name: t('app.name'),
    description: t('app.description'),
    start_url: '/',
    display: 'standalone',
    background_color: '#f6efe3',
    theme_color: '#f6efe3',
    icons: [
      { src: '/icon.svg', sizes: 'any', type: 'image/svg+xml' },
      { src: '/apple-icon.png', sizes: '180x180', type: 'image/png' },
    ],
  };
}
