import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Bundles source code as an integrator's build would. */
async function bundle(source: string) {
  const result = await build({
    stdin: { contents: source, resolveDir: ROOT, loader: 'ts' },
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    logLevel: 'silent',
    alias: { '@': ROOT.replace(/\/$/, '') },
  });
  return Object.keys(result.metafile.inputs).filter((path) => path !== '<stdin>');
}

describe('lib/api in a bundle', () => {
  it('a bundle of lib/api holds the client and nothing of the server', async () => {
    const inputs = await bundle("export * from '@/lib/api'");
    const own = inputs.filter((path) => !path.startsWith('node_modules/'));
    expect(own.filter((path) => !/^lib\/(api|core)\//.test(path))).toEqual([]);
    const packages = new Set(inputs.flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []));
    // @trpc/client imports parts of @trpc/server that run anywhere.
    expect([...packages].sort()).toEqual(['@trpc/client', '@trpc/server', 'eventsource-parser']);
    expect(inputs.filter((path) => /adapters/.test(path))).toEqual([]);
  });

  it('bundling server code would be noticed', async () => {
    await expect(bundle("export { hashSecret } from '@/server/services/tokens/secrets'")).rejects.toThrow(
      'node:crypto',
    );
  });
});
