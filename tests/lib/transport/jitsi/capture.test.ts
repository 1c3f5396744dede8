import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DeviceError } from '@/lib/devices/deviceError';
import { OwnTracks } from '@/lib/transport/jitsi/ownTracks';
import type { TrackKind } from '@/lib/transport/media';
import { ScriptedLibrary } from './scriptedLibrary';

/** An error as the library throws it: its own name, with the browser's error inside. */
const thrown = (name: string, inner?: { name: string; message?: string }) =>
  Object.assign(new Error('text'), { name, gum: inner && { error: { message: '', ...inner } } });

/** How a capture fails where the library throws `error`. */
async function failureOf(error: unknown, kind: TrackKind): Promise<unknown> {
  const createLocalTracks = () => Promise.reject(error);
  const own = new OwnTracks(
    async () => ({ ...new ScriptedLibrary().library, createLocalTracks }),
    () => {},
  );
  return own.start(kind).then(
    () => null,
    (failure: unknown) => failure,
  );
}

describe('why a capture failed', () => {
  beforeEach(() => {
    vi.stubGlobal('navigator', { mediaDevices: { getUserMedia: () => {}, getDisplayMedia: () => {} } });
  });

  afterEach(() => vi.unstubAllGlobals());

  it.each([
    ['denied', thrown('gum.permission_denied', { name: 'NotAllowedError', message: 'Permission denied' })],
    ['dismissed', thrown('gum.permission_denied', { name: 'NotAllowedError', message: 'Permission dismissed' })],
    ['dismissed', thrown('gum.screensharing_user_canceled')],
    ['missing', thrown('gum.not_found', { name: 'NotFoundError' })],
    ['missing', thrown('gum.constraint_failed', { name: 'OverconstrainedError' })],
    ['busy', thrown('gum.general', { name: 'NotReadableError' })],
    ['busy', thrown('gum.general', { name: 'AbortError' })],
    ['denied', new DOMException('Permission denied', 'NotAllowedError')],
    ['failed', thrown('gum.general', { name: 'SomethingNew' })],
    ['failed', thrown('gum.timeout')],
  ] as const)('T-60 a capture that the library refuses fails as %s', async (reason, error) => {
    const failure = await failureOf(error, 'voice');
    expect(failure).toBeInstanceOf(DeviceError);
    const { reason: given, cause } = failure as DeviceError;
    expect(given).toBe(reason);
    expect(cause).toBe(error);
  });

  it('T-60 a capture fails with a DeviceError, whatever the library throws', async () => {
    await fc.assert(
      fc.asyncProperty(fc.anything(), async (error) => {
        expect(await failureOf(error, 'screen')).toBeInstanceOf(DeviceError);
      }),
    );
  });

  it('T-60 a DeviceError is passed on unchanged', async () => {
    const known = new DeviceError('busy', 'webcam');
    expect(await failureOf(known, 'voice')).toBe(known);
  });

  it('T-60 a browser or an insecure page without capture fails as unsupported', async () => {
    const { library } = new ScriptedLibrary();
    const own = new OwnTracks(
      async () => library,
      () => {},
    );
    vi.stubGlobal('navigator', {});
    await expect(own.start('voice')).rejects.toMatchObject({ reason: 'unsupported', device: 'microphone' });
    vi.stubGlobal('navigator', { mediaDevices: { getUserMedia: () => {} } });
    await expect(own.start('voice')).resolves.toBeDefined();
    await expect(own.start('screen')).rejects.toMatchObject({ reason: 'unsupported', device: 'screen' });
  });
});
