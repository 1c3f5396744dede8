/**
 * The texts of the page that is shown when even the layout failed. Every page loads them in both languages, so they are kept
 * apart from the catalogues, which contain them too.
 */
export const LAST_RESORT = {
  en: {
    'page.error': 'Something went wrong on this page. Reloading it usually helps.',
    'action.reload': 'Reload',
  },
  'zh-Hans': {
    'page.error': '页面出了点问题，重新加载通常就好。',
    'action.reload': '重新加载',
  },
} as const;
