import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FrameReader } from '@/lib/capture/capture';

/** A video whose pictures come when a test says so; no browser loses one on demand. */
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

describe('reading the pictures of a camera', () => {
  let video: FakeVideo;
  let construct: () => object;
  let told: unknown[];

  beforeEach(() => {
    video = new FakeVideo();
    told = [];
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

  const read = () => new FrameReader({} as MediaStream, (picture) => told.push(picture));

  it('tells of each', () => {
    read();
    video.show();
    video.show();
    expect(told).toHaveLength(2);
  });

  it('goes on after one that was gone before it was looked at', () => {
    read();
    construct = () => {
      throw new DOMException('Invalid source state', 'InvalidStateError');
    };
    video.show();
    expect(told).toEqual([]);
    construct = () => ({});
    video.show();
    expect(told).toHaveLength(1);
  });

  it('hides no other fault, and goes on after it', () => {
    read();
    construct = () => {
      throw new DOMException('Tainted', 'SecurityError');
    };
    expect(() => video.show()).toThrow('Tainted');
    construct = () => ({});
    video.show();
    expect(told).toHaveLength(1);
  });

  it('tells of none once closed', () => {
    const reader = read();
    reader.close();
    video.show();
    expect(told).toEqual([]);
  });
});
