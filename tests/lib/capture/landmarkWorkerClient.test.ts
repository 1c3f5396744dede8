import { describe, expect, it, vi } from 'vitest';
import {
  type FromLandmarkWorker,
  LandmarkWorkerClient,
  type ToLandmarkWorker,
} from '@/lib/capture/landmarkWorkerClient';

const FILES = { wasmUrl: '/wasm', models: { face: '/face', body: '/body', hands: null } };

/** A worker that does nothing on its own. */
class StillWorker {
  readonly received: ToLandmarkWorker[] = [];
  onmessage: ((event: { data: FromLandmarkWorker }) => void) | null = null;
  onerror: ((event: { message: string }) => void) | null = null;
  terminate = vi.fn();

  postMessage(message: ToLandmarkWorker): void {
    this.received.push(message);
  }

  tell(data: FromLandmarkWorker): void {
    this.onmessage?.({ data });
  }
}

const picture = () => ({ close: vi.fn() }) as unknown as VideoFrame & { close: ReturnType<typeof vi.fn> };

const landmarks: FromLandmarkWorker = {
  type: 'landmarks',
  frame: { timeMs: 1, imageWidthPx: 4, imageHeightPx: 3, body: null, face: null, leftHand: null, rightHand: null },
  costs: { faceMs: 1, bodyMs: 2, handsMs: 3 },
  delegate: 'CPU',
};

function started() {
  const worker = new StillWorker();
  const client = new LandmarkWorkerClient(worker as unknown as Worker);
  client.start(FILES, null);
  return { worker, client };
}

describe('the page’s side of the worker', () => {
  it('the worker’s client sends it one picture at a time, and of those that wait only the newest', () => {
    const { worker, client } = started();
    const pictures = [picture(), picture(), picture(), picture()];
    client.offer(pictures[0]!, 0);
    expect(worker.received.map(({ type }) => type)).toEqual(['start']);
    worker.tell({ type: 'ready' });
    pictures.slice(1).forEach((one, index) => {
      client.offer(one, index + 1);
    });
    expect(worker.received.slice(1)).toEqual([{ type: 'picture', picture: pictures[0], timeMs: 0 }]);
    worker.tell(landmarks);
    expect(worker.received.slice(2)).toEqual([{ type: 'picture', picture: pictures[3], timeMs: 3 }]);
    expect(pictures.map((one) => vi.mocked(one.close).mock.calls.length)).toEqual([0, 1, 1, 0]);
    expect(client.replaced).toBe(2);
  });

  it('the worker’s client emits its landmarks and failures', () => {
    const { worker, client } = started();
    const heard: string[] = [];
    client.events.on('landmarks', ({ frame }) => heard.push(`landmarks ${frame.timeMs}`));
    client.events.on('failed', ({ reason }) => heard.push(reason));
    worker.tell(landmarks);
    worker.tell({ type: 'failed', reason: 'modelWrong', detail: '' });
    worker.onerror?.({ message: 'no script' });
    expect(heard).toEqual(['landmarks 1', 'modelWrong', 'wasmFailed']);
  });

  it('closing ends the worker and closes the picture that waits', () => {
    const { worker, client } = started();
    const waiting = picture();
    client.offer(waiting, 0);
    client.close();
    expect(worker.terminate).toHaveBeenCalled();
    expect(waiting.close).toHaveBeenCalled();
  });
});
