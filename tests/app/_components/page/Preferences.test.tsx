import { act, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { Preferences } from '@/app/_components/page/Preferences';
import { page } from '@/tests/support/app/page';
import { renderApp } from '@/tests/support/app/render';

describe('the language switch', () => {
  it.each([
    ['en', '中文: switch to Chinese', 'parley-language=zh-Hans'],
    ['zh-Hans', 'English：切换到英文', 'parley-language=en'],
  ] as const)(
    'the language switch in %s names the other language, keeps the choice and lets the server render again',
    async (language, name, cookie) => {
      const { user } = renderApp(<Preferences />, language);
      await user.click(screen.getByRole('button', { name }));
      expect(document.cookie).toContain(cookie);
      expect(page.router.refresh).toHaveBeenCalledOnce();
    },
  );

  it('the language switch marks the name of the other language as that language', () => {
    renderApp(<Preferences />);
    expect(screen.getByText('中文').lang).toBe('zh-Hans');
  });
});

describe('the theme switch', () => {
  it('the theme switch goes through system, light and dark, and keeps the choice', async () => {
    const { user } = renderApp(<Preferences />);
    for (const [shown, next] of [
      ['Same as the system', 'light'],
      ['Light', 'dark'],
      ['Dark', 'system'],
    ]) {
      await user.click(screen.getByRole('button', { name: `Appearance: ${shown}` }));
      expect(document.documentElement.dataset.theme).toBe(next);
      expect(document.cookie).toContain(`parley-theme=${next}`);
      // Observers of the document are told after the current task.
      await act(async () => {});
    }
  });
});
