import { appendFileSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkLibrary, findLibrary, LibraryError, PINNED_LIBRARY } from '@/server/hub/clientLibrary';
import { startTestHub, type TestHub } from './testHub';

let folder: string;
let hub: TestHub | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-library-'));
});
afterEach(async () => {
  await hub?.close();
  hub = null;
  rmSync(folder, { recursive: true });
});

const fetchLibrary = () => fetch(`http://127.0.0.1:${hub?.port}/libs/lib-jitsi-meet.min.js`);

describe('the pinned lib-jitsi-meet', () => {
  it('the installed file is the one that was examined', async () => {
    expect(await findLibrary(null)).toBe(PINNED_LIBRARY.path);
  });

  it('a single changed byte is refused', () => {
    const bytes = readFileSync(PINNED_LIBRARY.path);
    bytes[bytes.length >> 1]! ^= 1;
    expect(() => checkLibrary(PINNED_LIBRARY.path, bytes)).toThrow(LibraryError);
  });
});

describe('a lib-jitsi-meet that the operator provides', () => {
  it('the operator’s library is served with an ETag of its own', async () => {
    hub = await startTestHub();
    const pinned = await fetchLibrary();
    await hub.close();
    const path = join(folder, 'lib.js');
    copyFileSync(PINNED_LIBRARY.path, path);
    appendFileSync(path, '\n// Another build.\n');
    hub = await startTestHub({ libJitsiMeetPath: await findLibrary(path) });
    const own = await fetchLibrary();
    expect(await own.text()).toBe(readFileSync(path, 'utf8'));
    expect(own.headers.get('etag')).not.toBe(pinned.headers.get('etag'));
  });

  it.each([
    ['is missing', null, 'missing', /can't be read\. Correct JITSI_LIB\.$/],
    [
      'is a page',
      '<!doctype html><title>JitsiMeetJS</title>',
      'notLibrary',
      /Set JITSI_LIB to a lib-jitsi-meet\.min\.js\.$/,
    ],
    ['is another script', 'globalThis.jQuery = {};', 'notLibrary', /is not a build of lib-jitsi-meet/],
    ['is cut off', 'globalThis.JitsiMeetJS = {', 'notLibrary', /is not a build of lib-jitsi-meet/],
  ])('one that %s is refused in a sentence', async (_, text, reason, message) => {
    const path = join(folder, 'lib.js');
    if (text !== null) writeFileSync(path, text);
    await expect(findLibrary(path)).rejects.toMatchObject({ reason, message: expect.stringMatching(message) });
  });

  it('the operator’s library is checked without being run', () => {
    checkLibrary('lib.js', Buffer.from('globalThis.JitsiMeetJS = {}; globalThis.hasRun = true;'));
    expect(globalThis).not.toHaveProperty('hasRun');
  });

  it('the operator’s library is no longer served when something else has taken its place', async () => {
    const path = join(folder, 'lib.js');
    copyFileSync(PINNED_LIBRARY.path, path);
    hub = await startTestHub({ libJitsiMeetPath: path });
    expect((await fetchLibrary()).status).toBe(200);
    writeFileSync(path, '<!doctype html>');
    expect((await fetchLibrary()).status).toBe(503);
    copyFileSync(PINNED_LIBRARY.path, path);
    expect((await fetchLibrary()).status).toBe(200);
  });
});
