import type { TestProject } from 'vitest/node';
import { startParley } from './parleyServer';

/** One server for all files: each takes seconds of both cores to start, which a page that loads meanwhile would lack. */
export default async function startSharedParley(project: TestProject): Promise<() => Promise<unknown>> {
  const server = await startParley();
  project.provide('parleyUrl', server.url);
  return () => server.stop();
}
