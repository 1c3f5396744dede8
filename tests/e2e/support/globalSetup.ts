import type { TestProject } from 'vitest/node';
import { chromiumPath, serveChromium } from './browser';
import { OPS_TOKEN, startParley } from './parleyServer';

/** One server, a browser that draws and one that does not for all files: starting a server in each would take minutes. */
export default async function startShared(project: TestProject): Promise<() => Promise<unknown>> {
  if (!chromiumPath) throw new Error('The browser tests need Chromium or Chrome: install one, or set CHROMIUM_PATH.');
  const [server, withoutWebgl, drawing] = await Promise.all([
    startParley({ OPS_TOKEN }),
    serveChromium('withoutWebgl'),
    serveChromium('drawing'),
  ]);
  project.provide('parleyUrl', server.url);
  project.provide('chromiumUrls', { withoutWebgl: withoutWebgl.wsEndpoint(), drawing: drawing.wsEndpoint() });
  return () =>
    Promise.all([server, withoutWebgl, drawing].map((each) => ('stop' in each ? each.stop() : each.close())));
}
