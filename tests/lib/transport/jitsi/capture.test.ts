import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { DeviceError } from '@/lib/devices/deviceError';
import { capture, captureErrorOf } from '@/lib/transport/jitsi/ownTracks';
import { ScriptedLibrary } from './scriptedLibrary';

/** An error as the library throws it: its own name, with the browser's error inside. */
const thrown = (name: string, inner?: { name: string; message?: string }) =>
  Object.assign(new Error('text'), { name, gum: inner && { error: { message: '', ...inner } } });

describe('why a microphone or a screen could not be had', () => {
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
  ] as const)('T-60 is %s', (reason, error) => {
    const failure = captureErrorOf(error, 'voice');
    expect(failure).toBeInstanceOf(DeviceError);
    expect([failure.reason, failure.cause]).toEqual([reason, error]);
  });

  it('T-60 makes something of whatever is thrown', () => {
    fc.assert(
      fc.property(fc.anything(), (error) => {
        expect(captureErrorOf(error, 'screen')).toBeInstanceOf(DeviceError);
      }),
    );
  });

  it('T-60 passes on what is known already', () => {
    const known = new DeviceError('busy', 'webcam');
    expect(captureErrorOf(known, 'voice')).toBe(known);
  });

  it('T-60 says that a browser or an insecure page has no such thing', async () => {
    const { library } = new ScriptedLibrary();
    vi.stubGlobal('navigator', {});
    await expect(capture(library, 'voice')).rejects.toMatchObject({ reason: 'unsupported', device: 'microphone' });
    vi.stubGlobal('navigator', { mediaDevices: { getUserMedia: () => {} } });
    await expect(capture(library, 'voice')).resolves.toBeDefined();
    await expect(capture(library, 'screen')).rejects.toMatchObject({ reason: 'unsupported', device: 'screen' });
  });
});
