import { FaceLandmarker, HandLandmarker, PoseLandmarker } from '@mediapipe/tasks-vision';
import type { BodyReading, FaceReading } from '@/lib/core/landmarks';
import type { ModelName } from '@/lib/core/modelFiles';
import { type CaptureFiles, loadModel, taskErrorOf } from '../captureFiles';
import type { Delegate } from '../landmarkWorkerClient';
import { WebcamError } from '../webcamError';
import { bodyReadingOf, faceReadingOf, handReadingsOf, type ReadHand } from './readings';

/** The models' own default; below it, a face that turns away or a half-seen arm would come and go. */
const CONFIDENCE_LEAST = 0.5;

/** MediaPipe's face, body and hand models for a stream of pictures. The hand model is loaded when it is first wanted. */
export class LandmarkTasks {
  private hands: HandLandmarker | null = null;

  private constructor(
    private readonly files: CaptureFiles,
    private readonly delegate: Delegate,
    private readonly face: FaceLandmarker,
    private readonly body: PoseLandmarker,
  ) {}

  /** Loads the models of face and body. @throws WebcamError */
  static async create(files: CaptureFiles, delegate: Delegate): Promise<LandmarkTasks> {
    const face = await createTask(files, 'face', (modelAssetBuffer) =>
      FaceLandmarker.createFromOptions(filesetOf(files), {
        baseOptions: { modelAssetBuffer, delegate },
        runningMode: 'VIDEO',
        numFaces: 1,
        minFaceDetectionConfidence: CONFIDENCE_LEAST,
        outputFaceBlendshapes: true,
        outputFacialTransformationMatrixes: true,
      }),
    );
    const body = await createTask(files, 'body', (modelAssetBuffer) =>
      PoseLandmarker.createFromOptions(filesetOf(files), {
        baseOptions: { modelAssetBuffer, delegate },
        runningMode: 'VIDEO',
        numPoses: 1,
        minPoseDetectionConfidence: CONFIDENCE_LEAST,
      }),
    );
    return new LandmarkTasks(files, delegate, face, body);
  }

  get hasHands(): boolean {
    return this.hands !== null;
  }

  /** Loads the model of hands. @throws WebcamError */
  async addHands(): Promise<void> {
    this.hands = await createTask(this.files, 'hands', (modelAssetBuffer) =>
      HandLandmarker.createFromOptions(filesetOf(this.files), {
        baseOptions: { modelAssetBuffer, delegate: this.delegate },
        runningMode: 'VIDEO',
        numHands: 2,
        minHandDetectionConfidence: CONFIDENCE_LEAST,
      }),
    );
  }

  /** Reads the face. Times must increase, ms. */
  readFace(picture: VideoFrame, timeMs: number): FaceReading | null {
    return faceReadingOf(this.face.detectForVideo(picture, timeMs), timeMs);
  }

  readBody(picture: VideoFrame, timeMs: number): BodyReading | null {
    const result = this.body.detectForVideo(picture, timeMs);
    const reading = bodyReadingOf(result, timeMs);
    result.close();
    return reading;
  }

  readHands(picture: VideoFrame, timeMs: number): readonly ReadHand[] {
    return this.hands ? handReadingsOf(this.hands.detectForVideo(picture, timeMs), timeMs) : [];
  }

  close(): void {
    this.face.close();
    this.body.close();
    this.hands?.close();
  }
}

/** The SIMD build, which every browser with `VideoFrame` runs. */
function filesetOf({ wasmUrl }: CaptureFiles) {
  return {
    wasmLoaderPath: `${wasmUrl}/vision_wasm_internal.js`,
    wasmBinaryPath: `${wasmUrl}/vision_wasm_internal.wasm`,
  };
}

async function createTask<Task>(
  { models }: CaptureFiles,
  name: ModelName,
  create: (model: Uint8Array) => Promise<Task>,
): Promise<Task> {
  const url = models[name];
  if (url === null) throw new WebcamError('modelMissing', name);
  const bytes = await loadModel(url);
  try {
    return await create(bytes);
  } catch (error) {
    throw taskErrorOf(error, url);
  }
}
