import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FrameReader } from '@/lib/capture/capture';

/** A video whose pictures come when a test says so; a browser loses none on demand. */
class FakeVideo {
  muted = false;
  playsInline = false;
  srcObject: unknown = null;
  private due: VideoFrameRequestCallback | null = null;

  play(): Promise<void> {
    return Promise.resolve();
  }

  requestVideoFrameCallback(callback: VideoFrameRequestCallback): number {
    this.due = callback;
    return 1;
  }

  cancelVideoFrameCallback(): void {
    this.due = null;
  }

  show(): void {
    this.due?.(0, {} as VideoFrameCallbackMetadata);
  }
}

describe('FrameReader', () => {
  let video: FakeVideo;
  let construct: () => object;
  let passedOn: unknown[];

  beforeEach(() => {
    video = new FakeVideo();
    passedOn = [];
    construct = () => ({});
    vi.stubGlobal('document', { createElement: () => video });
    vi.stubGlobal(
      'VideoFrame',
      class {
        constructor() {
          Object.assign(this, construct());
        }
      },
    );
  });

  afterEach(() => vi.unstubAllGlobals());

  const read = () => new FrameReader({} as MediaStream, (picture) => passedOn.push(picture));

  it('a frame reader passes on each picture of the webcam', () => {
    read();
    video.show();
    video.show();
    expect(passedOn).toHaveLength(2);
  });

  it('a frame reader goes on after a picture that was gone before it could be taken', () => {
    read();
    construct = () => {
      throw new DOMException('Invalid source state', 'InvalidStateError');
    };
    video.show();
    expect(passedOn).toEqual([]);
    construct = () => ({});
    video.show();
    expect(passedOn).toHaveLength(1);
  });

  it('a frame reader hides no other error of a picture, and goes on after it', () => {
    read();
    construct = () => {
      throw new DOMException('Tainted', 'SecurityError');
    };
    expect(() => video.show()).toThrow('Tainted');
    construct = () => ({});
    video.show();
    expect(passedOn).toHaveLength(1);
  });

  it('a frame reader passes on no picture once closed', () => {
    const reader = read();
    reader.close();
    video.show();
    expect(passedOn).toEqual([]);
  });
});
