import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { scriptModules } from '@/tools/bench/scene/scriptModules';

it('knows whose a line is', () => {
  const lines = ['(() => {', '  // lib/core/clock.ts', '  var a = 1;', '  // a note', '  // scene/x.tsx', '  f();'];
  const { moduleAt } = scriptModules(lines.join('\n'));
  expect([0, 2, 3, 5].map(moduleAt)).toEqual([null, 'lib/core/clock.ts', 'lib/core/clock.ts', 'scene/x.tsx']);
  expect(moduleAt(99)).toBeNull();
});

it('reads what esbuild writes', async () => {
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
