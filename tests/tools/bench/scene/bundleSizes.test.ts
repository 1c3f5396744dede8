import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BuildOutputError, type RouteOutput, routeScripts } from '@/tools/bench/scene/bundleSizes';

const ENTRIES = {
  '[project]/app/layout': ['static/chunks/layout.js'],
  '[project]/app/error': ['static/chunks/layout.js', 'static/chunks/error.js'],
  '[project]/app/m/[id]/page': ['static/chunks/layout.js', 'static/chunks/page.js', 'static/chunks/page.css'],
  '[project]/app/opengraph-image.alt.txt': ['static/chunks/picture.js'],
};

/** As Turbopack writes a dynamic import. */
function later(...paths: string[]): string {
  return `93105,e=>{e.v(t=>Promise.all(${JSON.stringify(paths)}.map(t=>e.l(t))).then(()=>t(67509)))}`;
}

const SCRIPTS: Readonly<Record<string, string>> = {
  'static/chunks/page.js': `push([1,${later('static/chunks/lobby.js', 'static/chunks/lobby.css')},2])`,
  'static/chunks/lobby.js': [
    later('static/chunks/scene.js', 'static/chunks/three.js', 'static/chunks/scene.css'),
    later('static/chunks/preview.js', 'static/chunks/three.js', 'static/chunks/react.js'),
    later('static/chunks/preview.css'),
  ].join(),
  // Parts may refer to each other.
  'static/chunks/scene.js': later('static/chunks/lobby.js'),
};

function manifests(parts: Partial<RouteOutput> = {}): RouteOutput {
  return {
    build: JSON.stringify({ polyfillFiles: ['static/chunks/old.js'], rootMainFiles: ['static/chunks/react.js'] }),
    clientReferences: `globalThis.__RSC_MANIFEST = {};\nglobalThis.__RSC_MANIFEST["/m/[id]/page"] = ${JSON.stringify({
      clientModules: { 'a]={}': {} },
      entryJSFiles: ENTRIES,
    })};`,
    readScript: (path) => SCRIPTS[path] ?? '',
    ...parts,
  };
}

it('scripts that come with the page count once: root and all entries, without styles and polyfills', () => {
  expect(routeScripts(manifests()).first).toEqual([
    'static/chunks/react.js',
    'static/chunks/layout.js',
    'static/chunks/error.js',
    'static/chunks/page.js',
    'static/chunks/picture.js',
  ]);
});

it('each lazy part lists the scripts that the page has not loaded yet', () => {
  expect(routeScripts(manifests()).parts).toEqual([
    ['static/chunks/lobby.js'],
    ['static/chunks/scene.js', 'static/chunks/three.js'],
    ['static/chunks/preview.js', 'static/chunks/three.js'],
    ['static/chunks/lobby.js'],
  ]);
});

it('manifests of another kind are refused instead of weighing nothing', () => {
  expect(() => routeScripts(manifests({ build: '{}' }))).toThrow(BuildOutputError);
  expect(() => routeScripts(manifests({ clientReferences: 'x["y"] = {};' }))).toThrow(BuildOutputError);
});

it('any text as a manifest gives a result or a BuildOutputError', () => {
  fc.assert(
    fc.property(fc.constantFrom('build', 'clientReferences'), fc.oneof(fc.string(), fc.json()), (part, text) => {
      try {
        routeScripts(manifests({ [part]: text }));
      } catch (error) {
        expect(error).toBeInstanceOf(BuildOutputError);
      }
    }),
  );
});
