import { expect, it } from 'vitest';
import { type ProfileNode, sumAllocations } from '@/tools/bench/scene/allocations';

const MODULES = ['tools/bench/scene/page.ts', 'scene/frame/actor.ts', 'node_modules/three/build/three.module.js'];
const modules = { moduleAt: (line: number) => MODULES[line] ?? null };

function node(lineNumber: number, selfSize: number, children: readonly ProfileNode[] = [], url = '/script.js') {
  return { callFrame: { functionName: `f${lineNumber}`, url, lineNumber }, selfSize, children };
}

it('sums up by whose code allocated, built-in functions with their callers', () => {
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

it('finds nothing where nothing was allocated', () => {
  const { bytes, greatest } = sumAllocations(node(1, 0), modules, '/script.js');
  expect(Object.values(bytes)).toEqual([0, 0, 0, 0]);
  expect(greatest).toEqual([]);
});
