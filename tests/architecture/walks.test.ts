import { existsSync, readFileSync } from 'node:fs';
import { basename, join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importsOf } from './imports';

const ROOT = new URL('../..', import.meta.url).pathname;
const POSE_FILES_MAX = 28;
const JOIN_FILES_MAX = 40;

/** How a walk gets to a file: along an import, or over a border. */
type Border = 'import' | 'worker' | 'network' | { readonly contract: string };

interface Step {
  readonly file: string;
  readonly border: Border;
  /** Files whose answer is clear from the call. */
  readonly asked: readonly string[];
}

interface Walk {
  readonly title: string;
  readonly steps: readonly Step[];
}

const STEP = /^\d+\. (?:_over (a worker|the network|the contract `([^`]+)`)_ )?`([^`]+)`: (.+)$/;

function borderOf(said: string | undefined, contract: string | undefined): Border {
  if (contract) return { contract };
  if (said === 'a worker') return 'worker';
  return said === 'the network' ? 'network' : 'import';
}

/** The files named in a step's text; a bare name is in the folder of the step's own file. */
function filesIn(text: string, folder: string): string[] {
  const names = Array.from(text.matchAll(/`([\w/.[\]-]+\.tsx?)`/g), ([, name]) => name!);
  return names.map((name) => (name.includes('/') ? name : posix.join(folder, name)));
}

function stepOf(line: string): Step {
  const match = STEP.exec(line);
  if (!match) throw new Error(`not a step of a walk: ${line}`);
  const [, said, contract, file, text] = match;
  return { file: file!, border: borderOf(said, contract), asked: filesIn(text!, posix.dirname(file!)) };
}

/** The walks in the section "Walks" of a document. */
function readWalks(document: string): Walk[] {
  const section = document.split(/^## /m).find((part) => part.startsWith('Walks\n')) ?? '';
  return section
    .split(/^### /m)
    .slice(1)
    .map((part) => {
      const [title = '', ...lines] = part.split('\n');
      const unwrapped = lines.join('\n').replace(/\n {3,}/g, ' ');
      return {
        title,
        steps: unwrapped
          .split('\n')
          .filter((line) => /^\d/.test(line))
          .map(stepOf),
      };
    });
}

const importsByFile = new Map<string, ReadonlySet<string>>();

/** The files that `file` imports, types included, without their endings. */
function importedBy(file: string): ReadonlySet<string> {
  const known = importsByFile.get(file);
  if (known) return known;
  const own = importsOf(ROOT, file).filter(({ foreign }) => !foreign);
  const targets = new Set(own.map(({ target }) => target));
  importsByFile.set(file, targets);
  return targets;
}

const moduleOf = (file: string) => file.replace(/\.tsx?$/, '');

function imports(from: readonly string[], file: string): boolean {
  return from.some((earlier) => importedBy(earlier).has(moduleOf(file)));
}

/** Whether one of the `earlier` files leads to the step's file in the way that the step says. */
function isReached({ file, border }: Step, earlier: readonly string[]): boolean {
  if (border === 'network') return true;
  if (border === 'import') return imports(earlier, file);
  if (border === 'worker') {
    return earlier.some((starter) => readFileSync(join(ROOT, starter), 'utf8').includes(basename(file)));
  }
  const { contract } = border;
  return imports([file], contract) && (earlier.includes(contract) || imports(earlier, contract));
}

/** What is wrong with a walk. */
function faultsOf({ steps }: Walk): string[] {
  const files = steps.map(({ file }) => file);
  const missing = steps.flatMap(({ file, asked }) => [file, ...asked]).filter((file) => !existsSync(join(ROOT, file)));
  if (missing.length > 0) return missing.map((file) => `there is no ${file}`);
  const twice = files.filter((file, index) => files.indexOf(file) !== index).map((file) => `${file} stands twice`);
  const unreached = steps
    .filter((step, index) => index > 0 && !isReached(step, files.slice(0, index)))
    .map(({ file }) => `nothing before ${file} leads to it`);
  const unasked = steps.flatMap(({ file, asked }) =>
    asked.filter((other) => !imports([file], other)).map((other) => `${file} does not ask ${other}`),
  );
  return [...twice, ...unreached, ...unasked];
}

describe('the walks of the architecture', () => {
  const walks = readWalks(readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8'));
  const [pose, joining] = walks;

  it('the architecture has four walks', () => {
    expect(walks.map(({ title }) => title)).toEqual([
      'A pose, from the webcam to a remote bone',
      'A click on Join, to the first drawn pose',
      'A packet, through the hub',
      "A change of avatar, to the others' scene",
    ]);
  });

  for (const walk of walks) {
    it(`every file exists and the walk leads to it: ${walk.title}`, () => {
      expect(faultsOf(walk)).toEqual([]);
    });
  }

  it('a pose passes through at most 28 files', () => {
    expect(pose!.steps.length).toBeLessThanOrEqual(POSE_FILES_MAX);
  });

  it('a click on Join passes through at most 40 files', () => {
    expect(joining!.steps.length).toBeLessThanOrEqual(JOIN_FILES_MAX);
  });

  it('a walk with a file that is missing, unreached or named twice is found out', () => {
    const step = (file: string, border: Border = 'import', asked: string[] = []): Step => ({ file, border, asked });
    const faults = (...steps: Step[]) => faultsOf({ title: '', steps });
    const sender = 'lib/meeting/sender.ts';
    const codec = 'lib/codec/codec.ts';
    expect(faults(step(sender), step('lib/meeting/nowhere.ts'))).toEqual(['there is no lib/meeting/nowhere.ts']);
    expect(faults(step(codec), step(sender))).toEqual([`nothing before ${sender} leads to it`]);
    expect(faults(step(sender), step(codec), step(codec))).toEqual([`${codec} stands twice`]);
    expect(faults(step(codec), step(sender, { contract: codec }))).toEqual([]);
    expect(faults(step(codec, 'import', [sender]))).toEqual([`${codec} does not ask ${sender}`]);
    expect(faults(step(codec), step(sender, 'worker'))).toEqual([`nothing before ${sender} leads to it`]);
  });
});
