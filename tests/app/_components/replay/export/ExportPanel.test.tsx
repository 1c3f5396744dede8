import { screen, waitFor } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ExportPanel, type WantedFile } from '@/app/_components/replay/export/ExportPanel';
import { ExportFailed, type ExportWaiter } from '@/app/_components/replay/export/exportOrder';
import { EXPORT_FORMATS } from '@/lib/export/exportRequest';
import { memorySource } from '@/lib/recording/byteSource';
import { type RecordingTimeline, readTimeline } from '@/lib/recording/timeline';
import { threePeople } from '@/tests/e2e/support/recordedMeeting';
import { renderApp } from '@/tests/support/app/render';

/** An export that the test brings to its end. */
class PlayedExport {
  readonly wanted: WantedFile[] = [];
  waiter!: ExportWaiter;
  resolve!: (file: Blob) => void;
  reject!: (error: unknown) => void;

  readonly make = (wanted: WantedFile, waiter: ExportWaiter) => {
    this.wanted.push(wanted);
    this.waiter = waiter;
    return new Promise<Blob>((resolve, reject) => Object.assign(this, { resolve, reject }));
  };
}

const KINDS = ['mp4', 'film', ...EXPORT_FORMATS] as const;

describe('saving and exporting', () => {
  const onStatus = vi.fn();
  const saved: string[] = [];
  let played: PlayedExport;
  let timeline: RecordingTimeline;

  beforeEach(async () => {
    played = new PlayedExport();
    onStatus.mockReset();
    saved.length = 0;
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function note(this: HTMLAnchorElement) {
      saved.push(this.download);
    });
    vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: () => 'blob:made', revokeObjectURL: () => {} }));
    ({ timeline } = await readTimeline(memorySource(threePeople(9000).bytes())));
  });

  function show({ share = 1, recordingUrl = '/b/x/segments' as string | null } = {}) {
    const props = {
      title: 'Harbour plans',
      progress: { timeline, share },
      lengthMs: 9000,
      recordingUrl,
      kinds: KINDS,
      make: played.make,
      onClose: vi.fn(),
      onStatus,
    };
    const { user, rerender } = renderApp(<ExportPanel isOpen {...props} />);
    return { user, close: () => rerender(<ExportPanel isOpen={false} {...props} />) };
  }

  const what = () => screen.getByLabelText('What to save');
  const press = (name: string) => screen.getByRole('button', { name });

  it('the recording itself is saved as it is, even while it is still read', async () => {
    const { user } = show({ share: 0.3 });
    await user.click(press('Save'));
    expect(saved).toEqual(['Harbour plans, 2026-01-02.parley']);
    await user.selectOptions(what(), 'vrma');
    expect(press('Export')).toHaveProperty('disabled', true);
    screen.getByText('Still reading the recording: 30 %');
  });

  it('a file of one person and a stretch is asked for, and saved under their name', async () => {
    const { user } = show({ recordingUrl: null });
    await user.selectOptions(what(), 'bvh');
    await user.selectOptions(screen.getByLabelText('Whose'), 'Lin Wei');
    await user.clear(screen.getByLabelText('From'));
    await user.type(screen.getByLabelText('From'), '0:02');
    await user.click(press('Export'));
    expect(played.wanted).toMatchObject([
      { kind: 'bvh', person: 'p-lin', fromMs: 2000, toMs: null, mimeType: 'text/plain' },
    ]);
    played.waiter.onShare(0.42);
    await screen.findByText('42 %');
    played.resolve(new Blob(['x'.repeat(3_200_000)]));
    await screen.findByText('Saved, 3.2 MB:');
    expect(saved).toEqual(['Harbour plans, Lin Wei, 2026-01-02.bvh']);
  });

  it('a video is seen from a seat, from here, or follows the speaker, in the size that was chosen', async () => {
    const { user } = show();
    await user.selectOptions(what(), 'film');
    await user.selectOptions(screen.getByLabelText('Seen from'), 'The seat of Maya');
    await user.click(screen.getByLabelText('1080p'));
    await user.click(press('Export'));
    await user.click(press('Cancel'));
    await user.selectOptions(screen.getByLabelText('Seen from'), 'Where you look from now');
    await user.click(press('Export'));
    await user.click(press('Cancel'));
    await user.selectOptions(screen.getByLabelText('Seen from'), 'A camera that follows the speaker');
    await user.click(screen.getByLabelText('720p'));
    await user.click(press('Export'));
    expect(played.wanted).toMatchObject([
      { kind: 'film', person: 'p-maya', height: 1080, isSeenFromHere: false, mimeType: 'video/webm' },
      { person: null, height: 1080, isSeenFromHere: true },
      { person: null, height: 720, isSeenFromHere: false },
    ]);
  });

  it('motions of everybody are an archive', async () => {
    const { user } = show();
    await user.selectOptions(what(), 'vrma');
    await user.click(press('Export'));
    expect(played.wanted).toMatchObject([{ person: null, mimeType: 'application/zip' }]);
    played.resolve(new Blob());
    await waitFor(() => expect(saved).toEqual(['Harbour plans, 2026-01-02.zip']));
  });

  it.each([
    ['0:09', '0:09', 'Write a time within the recording, such as 1:30.'],
    ['soon', '0:09', 'Write a time within the recording, such as 1:30.'],
    ['0:05', '0:04', 'Write a time after the beginning, such as 2:00.'],
  ])('from %s to %s is refused with what to write', async (from, to, sentence) => {
    const { user } = show();
    await user.selectOptions(what(), 'wav');
    await user.clear(screen.getByLabelText('From'));
    await user.type(screen.getByLabelText('From'), from);
    await user.clear(screen.getByLabelText('To'));
    await user.type(screen.getByLabelText('To'), to);
    await user.click(press('Export'));
    expect(screen.getByText(sentence).getAttribute('role')).toBe('alert');
    expect(played.wanted).toEqual([]);
  });

  it('a cancelled export says that nothing was saved, and a failed one why', async () => {
    const { user } = show();
    await user.selectOptions(what(), 'webm');
    await user.click(press('Export'));
    await user.click(press('Cancel'));
    expect(played.waiter.signal.aborted).toBe(true);
    await screen.findByText('Cancelled. Nothing was saved.');
    await user.click(press('Export'));
    played.reject(new ExportFailed('nothingThere', ''));
    await screen.findByText(/There is nothing of it in that time/);
    await user.click(press('Export'));
    played.reject(new Error('out of memory'));
    await screen.findByText(/This browser could not make the file/);
    expect(saved).toEqual([]);
  });

  it('closed, it goes on and tells how far it is', async () => {
    const { user, close } = show();
    await user.selectOptions(what(), 'wav');
    await user.click(press('Export'));
    played.waiter.onShare(0.5);
    close();
    await waitFor(() => expect(onStatus).toHaveBeenLastCalledWith('Exporting: 50 %'));
    expect(played.waiter.signal.aborted).toBe(false);
    played.resolve(new Blob());
    await waitFor(() => expect(onStatus).toHaveBeenLastCalledWith('The export is saved.'));
  });
});
