import { ExportFailed, type ExportNews, type ExportOrder, type ExportWaiter } from './exportOrder';

/** Makes a file of a recording in a thread of its own, which ends with it. @throws ExportFailed */
export function exportInWorker(order: ExportOrder, { signal, onShare }: ExportWaiter): Promise<Blob> {
  const worker = new Worker(new URL('./export.worker.ts', import.meta.url), { type: 'module' });
  return new Promise<Blob>((resolve, reject) => {
    const fail = (reason: ExportFailed['reason']) => reject(new ExportFailed(reason, 'The export ended.'));
    signal.addEventListener('abort', () => fail('cancelled'));
    worker.onerror = () => fail('broken');
    worker.onmessage = ({ data }: MessageEvent<ExportNews>) => {
      if (data.kind === 'share') onShare(data.share);
      else if (data.kind === 'done') resolve(data.file);
      else fail(data.reason);
    };
    worker.postMessage(order);
    if (signal.aborted) fail('cancelled');
  }).finally(() => worker.terminate());
}
