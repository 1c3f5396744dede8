import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decode } from 'fast-png';
import validator from 'gltf-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readGltf } from '@/lib/avatarFile/gltf/readGltf';
import { PALETTE_SLOTS, rgbOf } from '@/lib/core/avatarPalette';
import { DEFAULT_LOOKS, paletteOf } from '@/lib/core/avatarSwatches';
import { avatarLoader } from '@/tools/recording/avatarLoader';

const OWN = `own:${'a'.repeat(64)}`;
const ADA = readFileSync('public/models/ada.vrm');

describe('the avatars of an export', () => {
  const server = createServer((request, response) => {
    const isThere = request.url === `/avatars/${'a'.repeat(64)}.glb`;
    response.writeHead(isThere ? 200 : 404).end(isThere ? ADA : '');
  });
  let site = '';
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  it('a default avatar comes in the colours that were chosen', async () => {
    const load = avatarLoader('meeting.parley', null);
    expect(ADA.equals(await load('ada'))).toBe(true);
    expect(ADA.equals(await load(''))).toBe(true);
    const file = await load('ada:skin=cocoa,hair=black');
    const palette = readGltf(file).images.find(({ name }) => name === 'palette')!;
    const { data, channels } = decode(palette.bytes);
    const slot = PALETTE_SLOTS.indexOf('hair');
    const wanted = paletteOf('ada', { ...DEFAULT_LOOKS.ada, skin: 'cocoa', hair: 'black' });
    expect([...data.slice(slot * channels, slot * channels + 3)]).toEqual(rgbOf(wanted.hair));
    const { issues } = await validator.validateBytes(file);
    expect(issues.messages.filter(({ severity }) => severity === 0)).toEqual([]);
  });

  it('an avatar of their own comes from the site of the recording', async () => {
    expect(ADA.equals(await avatarLoader(`${site}/r/any`, null)(OWN))).toBe(true);
    await expect(avatarLoader(`${site}/r/any`, null)(`own:${'b'.repeat(64)}`)).rejects.toThrow(/--avatar/);
  });

  it('without a site, or with a file that is not there, the option is named', async () => {
    await expect(avatarLoader('meeting.parley', null)(OWN)).rejects.toThrow('Name its file with --avatar.');
    await expect(avatarLoader('meeting.parley', '/nowhere.vrm')('ada')).rejects.toThrow(/cannot be read.*--avatar/);
    expect(ADA.equals(await avatarLoader('meeting.parley', 'public/models/ada.vrm')(OWN))).toBe(true);
  });
});
