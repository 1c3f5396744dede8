import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { createParleyClient } from '@/lib/api';
import { type MadeKind, makeAvatar } from '@/tests/lib/avatarFile/madeAvatar';
import { heavyAvatar } from '@/tools/bench/scene/heavyAvatar';
import { chromiumPath, launchChromium, openVisitor, type Visitor } from './support/browser';
import { autojoinLink, waitUntilDrawn, waitUntilLive } from './support/parleyPage';

describe.skipIf(!chromiumPath)('an avatar of one’s own', () => {
  const serverUrl = inject('parleyUrl');
  let browser: Browser;
  let visitors: Visitor[] = [];

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());
  afterEach(async () => {
    await Promise.all(visitors.map(({ context }) => context.close()));
    visitors = [];
  });

  async function visit(address: string): Promise<Visitor> {
    const visitor = await openVisitor(browser, serverUrl, { viewport: { width: 900, height: 700 } });
    visitors.push(visitor);
    await visitor.page.goto(address);
    return visitor;
  }

  const newMeeting = async () => (await createParleyClient({ url: serverUrl }).meeting.create()).id;

  async function lobbyWith(bytes: Uint8Array, name = 'me.vrm'): Promise<Page> {
    const { page } = await visit(`${serverUrl}/m/${await newMeeting()}`);
    await page.getByText('Your own', { exact: true }).click();
    await choose(page, bytes, name);
    return page;
  }

  const choose = (page: Page, bytes: Uint8Array, name = 'me.vrm') =>
    page
      .locator('input[type=file][accept*=".vrm"]')
      .setInputFiles({ name, mimeType: 'model/gltf-binary', buffer: Buffer.from(bytes) });

  it('shows no sign of work before a file is chosen, and none once it was refused', async () => {
    const { page } = await visit(`${serverUrl}/m/${await newMeeting()}`);
    await page.getByText('Your own', { exact: true }).click();
    const status = page.locator('label:has(input[accept*=".vrm"]) + [role=status]');
    await status.waitFor({ state: 'attached' });
    expect(await status.isVisible()).toBe(false);
    await choose(page, new TextEncoder().encode('no avatar at all'));
    await page.getByRole('alert').filter({ hasText: /\S/ }).waitFor();
    expect(await status.isVisible()).toBe(false);
  });

  it.each<MadeKind>(['vrm0', 'vrm1', 'mixamo'])(
    'of %s is brought along, worn, and loaded by somebody else',
    async (kind) => {
      const id = await newMeeting();
      const other = await visit(autojoinLink(serverUrl, id, { name: 'Otto', avatar: 'bo' }));
      await waitUntilLive(other.page);
      const loads: number[] = [];
      const warnings: string[] = [];
      other.page.on('pageerror', (error) => warnings.push(String(error)));
      other.page.on('console', (message) => {
        if (message.text().includes('an avatar could not be loaded')) warnings.push(message.text());
      });
      other.page.on('response', (answer) => {
        if (answer.url().includes('/avatars/')) loads.push(answer.status());
      });
      const own = await visit(`${serverUrl}/m/${id}`);
      await own.page.getByRole('textbox', { name: 'Your name' }).fill('Ana');
      await own.page.getByText('Your own', { exact: true }).click();
      await choose(own.page, makeAvatar({ kind, textures: [64, 32] }));
      await own.page.getByText('You are wearing it').waitFor();
      await own.page.getByRole('button', { name: 'Join' }).click();
      await waitUntilLive(own.page);
      await waitUntilDrawn(other.page, 'Ana');
      await expect.poll(() => loads).toEqual([200]);
      // A scene that can't read an avatar says so and goes on with the stand-in.
      expect(warnings).toEqual([]);
    },
  );

  it('has a sentence for a broken file, for one without a body, and for one that is too heavy', async () => {
    const page = await lobbyWith(new Uint8Array(500));
    await page.getByText('This is not a complete GLB or VRM file.').waitFor();
    const bodyless = makeAvatar({
      kind: 'mixamo',
      spoil: (json) => {
        for (const node of json.nodes as { name: string }[]) node.name = 'thing';
      },
    });
    await choose(page, bodyless, 'table.glb');
    await page.getByText('This file has no body that can be moved').waitFor();
    await choose(page, heavyAvatar());
    await page.getByText('Other devices could not draw it').waitFor();
    await page.getByText('Triangles: 32,000 or less').waitFor();
  });

  it('asks for the author’s permission where the licence does, and is remembered and taken off', async () => {
    const page = await lobbyWith(makeAvatar({ kind: 'vrm1', meta: { name: 'Mine', avatarPermission: 'onlyAuthor' } }));
    await page.getByText('Only its author may use it.').waitFor();
    await page.getByRole('button', { name: 'I made it or have permission' }).click();
    await page.getByText('You are wearing it').waitFor();
    await page.getByRole('button', { name: 'Take it off' }).click();
    await page.getByText('Drop a VRM or GLB here').waitFor();
  });

  it('that the site does not have lets nobody sit down', async () => {
    const { meeting } = createParleyClient({ url: serverUrl });
    const joining = meeting.join({
      id: await newMeeting(),
      role: 'participant',
      name: 'Ana',
      avatar: `own:${'0'.repeat(64)}`,
    });
    await expect(joining).rejects.toMatchObject({ reason: 'badInput' });
  });
});
