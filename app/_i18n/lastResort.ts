/**
 * The texts of the page that stands when even the layout failed. They come with every page, in both languages, so they
 * are kept apart from the catalogues, which hold them too.
 */
export const LAST_RESORT = {
  en: {
    'page.error': 'Something went wrong on this page. Loading it again usually helps.',
    'action.reload': 'Load again',
  },
  'zh-Hans': {
    'page.error': '页面出了点问题，重新加载通常就好。',
    'action.reload': '重新加载',
  },
} as const;
