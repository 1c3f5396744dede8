/** The worker that reads pictures. The page sends the next picture once it has the landmarks of the one before. */
import type { FromLandmarkWorker, ToLandmarkWorker } from '../landmarkMessages';
import { LandmarkService } from './landmarkService';
import { quietConsole } from './quietConsole';

quietConsole();
const service = new LandmarkService((message: FromLandmarkWorker) => self.postMessage(message));

self.onmessage = ({ data }: MessageEvent<ToLandmarkWorker>) => service.handle(data);
