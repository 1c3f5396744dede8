import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chownSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createParleyClient } from '@/lib/api';
import { type Drill, exactly, NotPossibleHere } from '../drill';
import { readAssignments, readCopy, readDockerfile, type Stage } from '../support/dockerfile';

const ROOT = new URL('../../..', import.meta.url).pathname;
/** A busy machine takes long to set up a database. */
const START_MAX_MS = 180_000;
/** An account that owns nothing, as `node` in the image owns nothing but its data. */
const NOBODY = 65_534;
const MB = 1_000_000;

/** The folder and the environment that a stage leaves behind. */
interface Made {
  readonly folder: string;
  readonly place: string;
  readonly env: Readonly<Record<string, string>>;
}

function call(command: string, args: readonly string[], options: object = {}): void {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'], ...options });
  if (status !== 0) throw error ?? new Error(`${command} ${args.join(' ')} ended with ${status}`);
}

/** Every file that git knows of, in a folder of its own: what the image is built from. */
function copyContext(folder: string): void {
  mkdirSync(folder, { recursive: true });
  call('sh', ['-c', 'git ls-files -z | tar --null --files-from=- --create | tar --extract --directory "$0"', folder], {
    cwd: ROOT,
  });
}

/** Carries out the steps of one stage in a folder in place of a container. */
function make(stage: Stage, made: ReadonlyMap<string, Made>, context: string, folder: string): Made {
  const base = made.get(stage.from);
  if (base) call('cp', ['--archive', base.folder, folder]);
  else mkdirSync(folder);
  let { place, env } = base ?? { place: '/', env: {} };
  for (const { instruction, rest } of stage.steps) {
    const inside = join(folder, place);
    if (instruction === 'WORKDIR') place = rest;
    if (instruction === 'ENV') env = { ...env, ...readAssignments(rest) };
    if (instruction === 'COPY') {
      const { from, sources, to } = readCopy(rest);
      for (const source of sources) {
        const path = join(from === null ? context : made.get(from)!.folder, source);
        // A folder's contents are copied, a file into a folder or by a name.
        const isInto = !statSync(path).isDirectory() && /\/$/.test(to);
        cpSync(path, join(inside, to, isInto ? basename(source) : ''), { recursive: true });
      }
    }
    // The image's own folder for data is none of this machine's.
    if (instruction === 'RUN' && !rest.startsWith('install -d'))
      call('sh', ['-c', rest], { cwd: inside, env: { ...process.env, ...env } });
    mkdirSync(join(folder, place), { recursive: true });
  }
  return { folder, place, env };
}

function makeAll(root: string, stages: readonly Stage[]): Made {
  const context = join(root, 'context');
  copyContext(context);
  const made = new Map<string, Made>();
  for (const [index, stage] of stages.entries()) {
    made.set(stage.name ?? '', make(stage, made, context, join(root, `stage-${index}`)));
  }
  return made.get('')!;
}

/** The words of `CMD [...]`, with Node as it is here. */
function commandOf(rest: string): string[] {
  const [program, ...args] = JSON.parse(rest) as string[];
  return [program === 'node' ? process.execPath : program!, ...args];
}

function untilUp(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = '';
    const late = setTimeout(() => reject(new Error(`It did not start:\n${printed}`)), START_MAX_MS);
    const read = (chunk: Buffer) => {
      printed += chunk.toString();
      const url = /Parley is at (http\S+)/.exec(printed)?.[1];
      if (url) resolve(url);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', (code) => reject(new Error(`It ended with ${code}:\n${printed}`)));
    child.once('exit', () => clearTimeout(late));
  });
}

/** The steps of deploy/Dockerfile in plain folders, and what they leave: run by an account that can write to nothing but its data. */
export const imageBuilt: Drill = {
  name: 'image',
  passMark:
    'what deploy/Dockerfile builds: serves pages and meetings from a folder it can’t write to, in at most 400 MB',
  needsServer: false,
  async run(world) {
    if (process.getuid?.() !== 0) throw new NotPossibleHere('needs root, to run what was built by another account');
    const root = mkdtempSync(join(tmpdir(), 'parley-image-'));
    world.after(async () => rmSync(root, { recursive: true, force: true }));
    call('chmod', ['755', root]);
    const stages = readDockerfile(readFileSync(join(ROOT, 'deploy/Dockerfile'), 'utf8'));
    const { folder, place, env } = makeAll(root, stages);
    const size = spawnSync('du', ['--bytes', '--summarize', folder], { encoding: 'utf8' });
    const data = join(root, 'data');
    mkdirSync(data);
    chownSync(data, NOBODY, NOBODY);
    const rests = (instruction: string) =>
      stages.at(-1)!.steps.flatMap((step) => (step.instruction === instruction ? [step.rest] : []));
    const [command, ...args] = commandOf(rests('CMD')[0]!);
    const account = { uid: NOBODY, gid: NOBODY };
    const settings = { ...env, PATH: process.env['PATH'] ?? '', HOST: '127.0.0.1', PORT: '0', DATA_DIR: data };
    const options = { ...account, cwd: join(folder, place), env: { NODE_ENV: 'production' as const, ...settings } };
    const child: ChildProcess = spawn(command!, args, options);
    world.after(async () => child.kill('SIGKILL'));
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const url = await untilUp(child);

    const { id } = await createParleyClient({ url }).meeting.create({});
    const found = await Promise.all(
      ['/', `/m/${id}`, '/libs/lib-jitsi-meet.min.js', '/third-party-notices.txt'].map(
        async (path) => (await fetch(url + path)).status,
      ),
    );
    const [probe, ...probeArgs] = commandOf(rests('HEALTHCHECK')[0]!.replace(/^.*? CMD /, ''));
    const health = spawnSync(probe!, probeArgs, { env: { NODE_ENV: 'production', PORT: new URL(url).port } }).status;
    child.kill('SIGTERM');
    return [
      { what: 'size', value: Number(size.stdout.split('\t')[0]) / MB, unit: 'MB', atMost: 400 },
      { what: 'served', value: found.filter((status) => status === 200).length, unit: '', ...exactly(found.length) },
      { what: 'health check', value: health ?? -1, unit: '', ...exactly(0) },
      { what: 'exit code after SIGTERM', value: (await ended) ?? -1, unit: '', ...exactly(0) },
    ];
  },
};
