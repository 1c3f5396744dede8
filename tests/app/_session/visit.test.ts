import { describe, expect, it, vi } from 'vitest';
import { uploadAsVisitor } from '@/app/_session/visit';
import type { ParleyClient } from '@/lib/api';

function madeClient(upload: () => Promise<unknown>) {
  const client = {
    meeting: { join: vi.fn(async () => ({ stayToken: 'visit' })), leave: vi.fn(async () => {}) },
    avatar: { upload: vi.fn(upload) },
  };
  return { client, send: uploadAsVisitor(client as unknown as ParleyClient, 'table') };
}

const STAY = { id: 'table', stayToken: 'visit' };

describe('an upload from the lobby', () => {
  it('an upload from the lobby watches the meeting for as long as it takes', async () => {
    let isSent = () => {};
    const { client, send } = madeClient(
      () =>
        new Promise<void>((resolve) => {
          isSent = resolve;
        }),
    );
    const bytes = Uint8Array.of(1);
    const sending = send(bytes, { hasPermission: true });
    await vi.waitFor(() =>
      expect(client.avatar.upload).toHaveBeenCalledWith(bytes, { hasPermission: true, stay: STAY }),
    );
    expect(client.meeting.join).toHaveBeenCalledExactlyOnceWith({ id: 'table', role: 'spectator' });
    expect(client.meeting.leave).not.toHaveBeenCalled();
    isSent();
    await sending;
    expect(client.meeting.leave).toHaveBeenCalledExactlyOnceWith(STAY);
  });

  it('an upload from the lobby that fails leaves the meeting too', async () => {
    const { client, send } = madeClient(() => Promise.reject(new Error('refused')));
    await expect(send(Uint8Array.of(1), {})).rejects.toThrow('refused');
    expect(client.meeting.leave).toHaveBeenCalledExactlyOnceWith(STAY);
  });
});
