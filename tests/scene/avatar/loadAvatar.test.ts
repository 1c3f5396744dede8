import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AvatarReader } from '@/scene/avatar/loadAvatar';

const ADA = new URL('../../../public/models/ada-lod2.vrm', import.meta.url);

describe('an avatar’s reader where there are no workers', () => {
  const reader = new AvatarReader(() => Promise.resolve(null));

  afterEach(() => vi.unstubAllGlobals());

  it('without workers an avatar is read on the calling thread', async () => {
    // In a page the browser decodes pictures.
    vi.stubGlobal('createImageBitmap', async () => ({ width: 1, height: 1, close: () => {} }));
    const outcome = await reader.read(new Uint8Array(readFileSync(ADA)));
    expect(outcome.kind).toBe('read');
  });

  it('a file that is no avatar is refused with a reason', async () => {
    const outcome = await reader.read(new TextEncoder().encode('not an avatar'));
    expect(outcome).toMatchObject({ kind: 'refused', reason: 'container' });
  });
});
