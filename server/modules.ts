import { type ChildProcess, type ForkOptions, fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';

/** `npm start` compiles the server into one folder. Development and tests run its sources, which need tsx. */
const IS_COMPILED = import.meta.url.endsWith('.js');

function compiledOf(source: URL): URL {
  return new URL(source.href.replace(/\.ts$/, '.js'));
}

/** Starts a thread of this process from a module beside the caller's, named by its source. */
export function openThread(source: URL, options: WorkerOptions = {}): Worker {
  if (IS_COMPILED) return new Worker(compiledOf(source), options);
  // On Node 20, tsx has to be registered in the thread itself.
  const code = `import('tsx/esm/api').then(({ register }) => { register(); return import('${source.href}'); });`;
  return new Worker(code, { ...options, eval: true });
}

/** Starts a process from a module beside the caller's, named by its source. */
export function forkProcess(source: URL, options: ForkOptions): ChildProcess {
  if (IS_COMPILED) return fork(fileURLToPath(compiledOf(source)), [], { ...options, execArgv: [] });
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  return fork(fileURLToPath(source), [], { ...options, execArgv: ['--import', tsx] });
}
