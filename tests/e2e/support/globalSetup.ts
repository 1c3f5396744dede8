import type { TestProject } from 'vitest/node';
import { chromiumPath, serveChromium } from './browser';
import { startParley } from './parleyServer';

/** One server and one browser for all files of a project: starting them in each would take minutes of both cores. */
export default async function startShared(project: TestProject): Promise<() => Promise<unknown>> {
  if (!chromiumPath) throw new Error('The browser tests need Chromium or Chrome: install one, or set CHROMIUM_PATH.');
  const kind = project.name === 'drawn' ? 'drawing' : 'withoutWebgl';
  const [server, browser] = await Promise.all([startParley(), serveChromium(kind)]);
  project.provide('parleyUrl', server.url);
  project.provide('chromiumUrl', browser.wsEndpoint());
  return () => Promise.all([server.stop(), browser.close()]);
}
