import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BuildOutputError, type RouteManifests, routeScripts } from '@/tools/bench/scene/buildOutput';

const ENTRIES = {
  '[project]/app/layout': ['static/chunks/layout.js'],
  '[project]/app/error': ['static/chunks/layout.js', 'static/chunks/error.js'],
  '[project]/app/m/[id]/page': ['static/chunks/layout.js', 'static/chunks/page.js', 'static/chunks/page.css'],
  '[project]/app/opengraph-image.alt.txt': ['static/chunks/picture.js'],
};

function manifests(parts: Partial<RouteManifests> = {}): RouteManifests {
  return {
    build: JSON.stringify({ polyfillFiles: ['static/chunks/old.js'], rootMainFiles: ['static/chunks/react.js'] }),
    clientReferences: `globalThis.__RSC_MANIFEST = {};\nglobalThis.__RSC_MANIFEST["/m/[id]/page"] = ${JSON.stringify({
      clientModules: { 'a]={}': {} },
      entryJSFiles: ENTRIES,
    })};`,
    loadable: JSON.stringify({
      1: { id: 1, files: ['static/chunks/scene.js', 'static/chunks/three.js', 'static/chunks/scene.css'] },
      2: { id: 2, files: ['static/chunks/preview.js', 'static/chunks/three.js', 'static/chunks/react.js'] },
    }),
    ...parts,
  };
}

it('counts once what comes with the page: root, all entries; no styles, no polyfills', () => {
  expect(routeScripts(manifests()).first).toEqual([
    'static/chunks/react.js',
    'static/chunks/layout.js',
    'static/chunks/error.js',
    'static/chunks/page.js',
    'static/chunks/picture.js',
  ]);
});

it('lists for each lazy part what the page has not brought yet', () => {
  expect(routeScripts(manifests()).parts).toEqual([
    ['static/chunks/scene.js', 'static/chunks/three.js'],
    ['static/chunks/preview.js', 'static/chunks/three.js'],
  ]);
});

it('refuses manifests of another kind instead of weighing nothing', () => {
  expect(() => routeScripts(manifests({ build: '{}' }))).toThrow(BuildOutputError);
  expect(() => routeScripts(manifests({ clientReferences: 'x["y"] = {};' }))).toThrow(BuildOutputError);
  expect(() => routeScripts(manifests({ loadable: '{"1":{}}' }))).toThrow(BuildOutputError);
});

it('throws nothing else on any text', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('build', 'clientReferences', 'loadable'),
      fc.oneof(fc.string(), fc.json()),
      (part, text) => {
        try {
          routeScripts(manifests({ [part]: text }));
        } catch (error) {
          expect(error).toBeInstanceOf(BuildOutputError);
        }
      },
    ),
  );
});
