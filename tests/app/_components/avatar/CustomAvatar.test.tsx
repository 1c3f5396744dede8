import { fireEvent, screen, waitFor } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CustomAvatar } from '@/app/_components/avatar/CustomAvatar';
import { checkAvatarFile } from '@/app/_components/avatar/checkAvatarFile';
import { ParleyApiError } from '@/lib/api';
import { makeAvatar } from '@/tests/lib/avatarFile/madeAvatar';
import { renderApp } from '@/tests/support/app/render';
import { heavyAvatar } from '@/tools/bench/scene/heavyAvatar';

const api = { upload: vi.fn() };

const STORED = `own:${'a'.repeat(64)}`;

/** Checks files as the page's worker does, on the test's own thread. */
class DirectWorker {
  onmessage: ((event: { data: unknown }) => void) | null = null;
  private isTerminated = false;

  postMessage(bytes: Uint8Array): void {
    void checkAvatarFile(bytes).then((data) => {
      if (!this.isTerminated) this.onmessage?.({ data });
    });
  }

  terminate(): void {
    this.isTerminated = true;
  }
}

beforeEach(() => {
  vi.stubGlobal('Worker', DirectWorker);
  vi.stubGlobal('createImageBitmap', async () => ({ close: () => {} }));
  api.upload.mockReset().mockResolvedValue({ avatar: STORED });
});

afterEach(() => void vi.unstubAllGlobals());

function Picker({ first = 'ada' }: { first?: string }) {
  const [avatar, setAvatar] = useState(first);
  return (
    <>
      <CustomAvatar avatar={avatar} upload={api.upload} onChange={setAvatar} />
      <output aria-label="avatar">{avatar}</output>
    </>
  );
}

const fileOf = (bytes: Uint8Array, name = 'me.vrm') => new File([bytes as Uint8Array<ArrayBuffer>], name);
const chosen = () => screen.getByLabelText('avatar').textContent;

function open(first?: string) {
  const shown = renderApp(<Picker first={first} />);
  const input = shown.container.querySelector('input')!;
  return { ...shown, choose: (bytes: Uint8Array, name?: string) => shown.user.upload(input, fileOf(bytes, name)) };
}

const licensed = () => makeAvatar({ kind: 'vrm1', meta: { name: 'Mine', avatarPermission: 'onlyAuthor' } });

describe('a custom avatar', () => {
  it('a custom avatar shows no sign of work before a file is chosen, and none after a refusal', async () => {
    const { choose, container } = open();
    const busy = () => container.querySelector('[data-busy]');
    expect(busy()).toBeNull();
    await choose(new TextEncoder().encode('no avatar at all'));
    expect(await screen.findByText(/^This is not a complete GLB or VRM file/)).toBeTruthy();
    expect(busy()).toBeNull();
  });

  it.each(['vrm0', 'vrm1', 'mixamo'] as const)(
    'a custom avatar of kind %s is reported on, uploaded and worn',
    async (kind) => {
      const { choose } = open();
      const bytes = makeAvatar({ kind, textures: [64, 32] });
      await choose(bytes);
      expect(await screen.findByText('You are wearing it. Others see it when you join.')).toBeTruthy();
      expect(screen.getByRole('region', { name: 'About this avatar' })).toBeTruthy();
      expect(chosen()).toBe(STORED);
      expect(api.upload).toHaveBeenCalledOnce();
      expect(new Uint8Array(api.upload.mock.calls[0]![0])).toEqual(bytes);
    },
  );

  it('a file without a body is refused with a sentence', async () => {
    const { choose } = open();
    const spoil = (json: Record<string, unknown>) => {
      for (const node of json.nodes as { name: string }[]) node.name = 'thing';
    };
    await choose(makeAvatar({ kind: 'mixamo', spoil }), 'table.glb');
    expect(await screen.findByText(/^This file has no body that can be moved/)).toBeTruthy();
    expect(api.upload).not.toHaveBeenCalled();
  });

  it('a file with a picture that can’t be decoded is refused', async () => {
    vi.stubGlobal('createImageBitmap', () => Promise.reject(new Error('broken')));
    const { choose } = open();
    await choose(makeAvatar({ kind: 'vrm1', textures: [64] }));
    expect(await screen.findByText(/^A texture can’t be read/)).toBeTruthy();
  });

  it('a custom avatar that is too heavy is not uploaded, and the report says what to reduce', async () => {
    const { choose, user } = open();
    await choose(heavyAvatar());
    expect(await screen.findByText(/^Other devices could not draw it/)).toBeTruthy();
    expect(screen.getByText('Triangles: 32,000 or less for “Heavy”.')).toBeTruthy();
    expect(api.upload).not.toHaveBeenCalled();
    await user.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(screen.getByText('Drop a VRM or GLB file here, or choose one.')).toBeTruthy();
    expect(chosen()).toBe('ada');
  });

  it('an enormous file is not read at all', async () => {
    const { choose } = open();
    await choose(new Uint8Array(60_000_001));
    expect(await screen.findByText('The file is larger than 60 MB. Make its textures smaller.')).toBeTruthy();
  });

  it('a custom avatar whose licence demands it is uploaded only with the author’s permission, and can be taken off', async () => {
    const { choose, user } = open();
    await choose(licensed());
    expect(await screen.findByText(/^Only its author may use it/)).toBeTruthy();
    expect(api.upload).not.toHaveBeenCalled();
    await user.click(screen.getByRole('button', { name: 'I made it or have permission' }));
    expect(await screen.findByText(/^You are wearing it/)).toBeTruthy();
    expect(api.upload.mock.calls[0]![1]).toMatchObject({ hasPermission: true });
    await user.click(screen.getByRole('button', { name: 'Take it off' }));
    expect(chosen()).toBe('ada');
    expect(screen.getByText('Drop a VRM or GLB file here, or choose one.')).toBeTruthy();
  });

  it.each([
    [new ParleyApiError({ reason: 'tooManyRequests', retryAfterMs: 7_000 }, ''), /Wait 7 seconds and try again/],
    [new ParleyApiError({ reason: 'unavailable' }, ''), /^The server can’t keep more avatars right now/],
    [new ParleyApiError({ reason: 'badInput' }, ''), /^The server does not accept this file/],
    [new TypeError('fetch failed'), /^The file did not reach the server/],
  ])('a failed upload says why: %o', async (error, sentence) => {
    api.upload.mockRejectedValue(error);
    const { choose } = open();
    await choose(makeAvatar({ kind: 'vrm1' }));
    expect(await screen.findByText(sentence)).toBeTruthy();
    expect(chosen()).toBe('ada');
  });

  it('a failed upload with permission can be tried again', async () => {
    api.upload.mockRejectedValueOnce(new TypeError('fetch failed'));
    const { choose, user } = open();
    await choose(licensed());
    await user.click(await screen.findByRole('button', { name: 'I made it or have permission' }));
    expect(await screen.findByText(/^The file did not reach the server/)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'I made it or have permission' }));
    await waitFor(() => expect(chosen()).toBe(STORED));
  });

  it('a custom avatar that is already worn is loaded from the site, with its report', async () => {
    const bytes = makeAvatar({ kind: 'vrm1' }) as Uint8Array<ArrayBuffer>;
    vi.stubGlobal('fetch', async () => new Response(bytes));
    open(STORED);
    expect(await screen.findByText(/^You are wearing it/)).toBeTruthy();
    expect(api.upload).not.toHaveBeenCalled();
  });

  it('a custom avatar that the site no longer has must be chosen again', async () => {
    vi.stubGlobal('fetch', async () => new Response(null, { status: 404 }));
    open(STORED);
    expect(await screen.findByText('This site no longer has your avatar. Choose its file again.')).toBeTruthy();
  });

  it('a custom avatar can be dropped anywhere on the page; other files are ignored', async () => {
    open();
    fireEvent.drop(document.body, { dataTransfer: { files: [fileOf(new Uint8Array(8), 'walk.bvh')] } });
    expect(screen.getByText('Drop a VRM or GLB file here, or choose one.')).toBeTruthy();
    fireEvent.drop(document.body, { dataTransfer: { files: [fileOf(new Uint8Array(8), 'me.glb')] } });
    expect(await screen.findByText(/^This is not a complete GLB or VRM file/)).toBeTruthy();
  });
});
