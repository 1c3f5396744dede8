import { distanceGain } from './distanceGain';
import { type ListenerSpace, pointAhead } from './listenerSpace';
import { playStream, stopElement } from './streamElement';
import { VoiceMeter } from './voiceMeter';

/** How slowly place and volume follow, s: no click, and no lag that an ear would notice. */
const GLIDE_S = 0.04;

/** Smaller moves of the heard point are left out, metres. */
const STILL_M = 0.01;

/** A stream that is heard from a place of the room: level, volume and distance, then the direction by HRTF. */
export class PlacedVoice {
  private readonly element: HTMLAudioElement;
  private readonly source: MediaStreamAudioSourceNode;
  private readonly meter: VoiceMeter;
  private readonly gain: GainNode;
  private readonly panner: PannerNode;
  private readonly mouth = { x: 0, y: 0, z: 0, isKnown: false };
  private readonly heard = pointAhead();
  private volume = 1;

  constructor(
    readonly personId: string,
    stream: MediaStream,
    private readonly context: AudioContext,
    out: AudioNode,
  ) {
    // Chromium feeds a stream from a peer to Web Audio only while a media element plays it too: crbug.com/121673
    this.element = playStream('audio', stream, true);
    this.source = context.createMediaStreamSource(stream);
    this.meter = new VoiceMeter(context.createAnalyser());
    this.gain = context.createGain();
    // Distance is the gain's: the panner's own models have no floor.
    this.panner = new PannerNode(context, { panningModel: 'HRTF', distanceModel: 'linear', rolloffFactor: 0 });
    this.panner.positionZ.value = this.heard.z;
    this.source.connect(this.meter.analyser);
    this.source.connect(this.gain).connect(this.panner).connect(out);
  }

  setMouth(x: number, y: number, z: number): void {
    this.mouth.x = x;
    this.mouth.y = y;
    this.mouth.z = z;
    this.mouth.isKnown = true;
  }

  follow(listener: ListenerSpace): void {
    if (!this.mouth.isKnown) return;
    const { heard, panner, context } = this;
    const { x, y, z } = heard;
    listener.hear(this.mouth.x, this.mouth.y, this.mouth.z, heard);
    if (Math.abs(heard.x - x) + Math.abs(heard.y - y) + Math.abs(heard.z - z) < STILL_M) {
      heard.x = x;
      heard.y = y;
      heard.z = z;
      return;
    }
    panner.positionX.setTargetAtTime(heard.x, context.currentTime, GLIDE_S);
    panner.positionY.setTargetAtTime(heard.y, context.currentTime, GLIDE_S);
    panner.positionZ.setTargetAtTime(heard.z, context.currentTime, GLIDE_S);
    this.applyGain();
  }

  setVolume(volume: number): void {
    this.volume = volume;
    this.applyGain();
  }

  level(nowMs: number): number {
    return this.meter.level(nowMs);
  }

  close(): void {
    stopElement(this.element);
    this.source.disconnect();
    this.gain.disconnect();
    this.panner.disconnect();
  }

  private applyGain(): void {
    const gain = this.volume * distanceGain(this.heard.distanceM);
    this.gain.gain.setTargetAtTime(gain, this.context.currentTime, GLIDE_S);
  }
}
