import { parentPort, workerData } from 'node:worker_threads';
import { openRecordings, type RecordingsPlace } from '@/server/store/recordings/recordingFiles';
import type { FromRecorder, ToRecorder } from './recorderMessages';
import { RecordingThread } from './recordingThread';

const port = parentPort!;
const thread = new RecordingThread({
  storage: openRecordings(workerData as RecordingsPlace),
  tell: (message: FromRecorder, transfer = []) => port.postMessage(message, [...transfer]),
});
port.on('message', (message: ToRecorder) => thread.hear(message));
