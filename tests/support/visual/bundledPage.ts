import { existsSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { openVisitor } from '@/tests/e2e/support/browser';

/** {@link openBundledPage} answers every request, so nothing listens here. Browsers trust it like HTTPS. */
const ORIGIN = 'http://localhost';
const PUBLIC = 'public';
const HTML =
  '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><style>body{margin:0}</style><body><script src="/script.js"></script>';
const TYPES: Readonly<Record<string, string>> = { '.png': 'image/png', '.vrm': 'model/gltf-binary' };

/** A page whose only script is one of ours, with `public/` around it. */
export interface BundledPage {
  readonly page: Page;
  /** Uncaught errors and console errors, as text. */
  readonly problems: readonly string[];
  close(): Promise<void>;
}

/** The window of a page. */
export interface PageWindow {
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly colorScheme?: 'light' | 'dark';
}

async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    jsx: 'automatic',
    tsconfig: 'tsconfig.json',
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  return outputFiles[0]!.text;
}

/** Bundles the script at `entry` and opens it on an empty page; files of `public/` are served as on the site. */
export async function openBundledPage(browser: Browser, entry: string, window: PageWindow): Promise<BundledPage> {
  const script = await bundle(entry);
  const { width, height, colorScheme = 'light' } = window;
  const { page, context, problems } = await openVisitor(browser, ORIGIN, {
    viewport: { width, height },
    colorScheme,
    displayHz: null,
  });
  await context.route(`${ORIGIN}/**`, (route) => {
    const path = new URL(route.request().url()).pathname;
    if (path === '/') return route.fulfill({ contentType: 'text/html', body: HTML });
    if (path === '/script.js') return route.fulfill({ contentType: 'text/javascript', body: script });
    const file = join(PUBLIC, path);
    if (!existsSync(file)) return route.fulfill({ status: 404 });
    return route.fulfill({ contentType: TYPES[extname(file)] ?? 'application/octet-stream', body: readFileSync(file) });
  });
  await page.goto(ORIGIN);
  return { page, problems, close: () => context.close() };
}
