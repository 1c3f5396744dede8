import { FaceLandmarker, HandLandmarker, PoseLandmarker } from '@mediapipe/tasks-vision';
import type { BodyReading, FaceReading } from '@/lib/core/landmarks';
import type { ModelName } from '@/lib/core/modelFiles';
import { type CaptureFiles, loadModel, taskErrorOf } from '../captureFiles';
import type { Delegate } from '../landmarkWorkerClient';
import { WebcamError } from '../webcamError';
import { bodyReadingOf, faceReadingOf, handReadingsOf, type ReadHand } from './readings';

/** Below the models' own 0.5 a face that turns away or an arm that is half seen would come and go. */
const CONFIDENCE_LEAST = 0.5;

/** MediaPipe's face, body and hand models over one picture after another. Readers of hands are made when first wanted. */
export class LandmarkTasks {
  private hands: HandLandmarker | null = null;

  private constructor(
    private readonly files: CaptureFiles,
    private readonly delegate: Delegate,
    private readonly face: FaceLandmarker,
    private readonly body: PoseLandmarker,
  ) {}

  /** Makes the readers of face and body. @throws WebcamError */
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

  /** Makes the reader of hands. @throws WebcamError */
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

  /** Reads the face. Times must grow, ms. */
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

/** The SIMD build: every browser that has `VideoFrame` runs it. */
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
