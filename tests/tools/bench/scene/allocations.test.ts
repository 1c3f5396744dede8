import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { type ProfileNode, scriptModules, sumAllocations } from '@/tools/bench/scene/allocations';

it('a line of a bundle is traced to its module', () => {
  const lines = ['(() => {', '  // lib/core/clock.ts', '  var a = 1;', '  // a note', '  // scene/x.tsx', '  f();'];
  const { moduleAt } = scriptModules(lines.join('\n'));
  expect([0, 2, 3, 5].map(moduleAt)).toEqual([null, 'lib/core/clock.ts', 'lib/core/clock.ts', 'scene/x.tsx']);
  expect(moduleAt(99)).toBeNull();
});

it('lines of a bundle that esbuild wrote are traced to their modules', async () => {
  const { outputFiles } = await build({
    stdin: {
      contents:
        "import { systemClock } from './lib/core/clock';\nimport { Vector3 } from 'three';\nsystemClock.nowMs(new Vector3());",
      resolveDir: process.cwd(),
    },
    bundle: true,
    write: false,
    format: 'iife',
  });
  const lines = outputFiles[0]!.text.split('\n');
  const { moduleAt } = scriptModules(lines.join('\n'));
  const ownerOf = (text: string) => moduleAt(lines.findIndex((line) => line.includes(text)));
  expect(ownerOf('var systemClock =')).toBe('lib/core/clock.ts');
  expect(ownerOf('Vector3 = class')).toMatch(/node_modules\/three\//);
});

const MODULES = ['tools/bench/scene/page.ts', 'scene/frame/actor.ts', 'node_modules/three/build/three.module.js'];
const modules = { moduleAt: (line: number) => MODULES[line] ?? null };

function node(lineNumber: number, selfSize: number, children: readonly ProfileNode[] = [], url = '/script.js') {
  return { callFrame: { functionName: `f${lineNumber}`, url, lineNumber }, selfSize, children };
}

it('allocations are summed by owner, built-in functions with their callers', () => {
  const three = node(2, 30);
  const builtIn = node(0, 3, [], '');
  const head = node(-1, 0, [node(0, 1, [node(1, 20, [three]), node(1, 2, [builtIn])]), node(0, 400, [], '')]);
  const { bytes, greatest } = sumAllocations(head, modules, '/script.js');
  expect(bytes).toEqual({ engine: 25, libraries: 30, benchmark: 1, browser: 400 });
  expect(greatest.slice(0, 3)).toEqual([
    { place: 'f0 in the browser', bytes: 400 },
    { place: 'f2 in three/build/three.module.js', bytes: 30 },
    { place: 'f1 in scene/frame/actor.ts', bytes: 22 },
  ]);
});

it('there are no sums if nothing was allocated', () => {
  const { bytes, greatest } = sumAllocations(node(1, 0), modules, '/script.js');
  expect(Object.values(bytes)).toEqual([0, 0, 0, 0]);
  expect(greatest).toEqual([]);
});
