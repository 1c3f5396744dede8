import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { VoiceMixer } from '@/lib/voice/voiceMixer';
import { chromiumPath } from './support/browser';
import { connectChromium } from './support/sharedChromium';

const ROOT = new URL('../..', import.meta.url).pathname;

/** What the page exposes to the test. */
interface MixerPage {
  mixer: VoiceMixer;
  /** Speaks as `personId`: a tone over a pair of peer connections, as voices come. */
  speak(personId: string, amplitude: number): Promise<void>;
  /** Output of the left and the right channel, RMS over the last moment. */
  ears(): { left: number; right: number };
}

/** Runs in the page, where the mixer is `globalThis.voice.VoiceMixer`; uses nothing of this module. */
function mixerScript(): void {
  const page = globalThis as unknown as MixerPage & { voice: { VoiceMixer: typeof VoiceMixer } };
  const contexts: AudioContext[] = [];
  // Taps what goes to the speakers.
  const connect = AudioNode.prototype.connect as (this: AudioNode, target: AudioNode) => AudioNode;
  const analysers: AnalyserNode[] = [];
  AudioNode.prototype.connect = function (this: AudioNode, target: AudioNode) {
    if (target instanceof AudioDestinationNode && analysers.length === 0) {
      const splitter = this.context.createChannelSplitter(2);
      connect.call(this, splitter);
      for (const channel of [0, 1]) {
        const analyser = this.context.createAnalyser();
        analyser.fftSize = 8192;
        splitter.connect(analyser, channel);
        analysers.push(analyser);
      }
      contexts.push(this.context as AudioContext);
    }
    // biome-ignore lint/complexity/noArguments: passes every overload on unchanged.
    return (connect as unknown as (...args: unknown[]) => AudioNode).apply(this, arguments as unknown as unknown[]);
  } as typeof AudioNode.prototype.connect;

  const rms = (analyser: AnalyserNode) => {
    const samples = new Float32Array(analyser.fftSize);
    analyser.getFloatTimeDomainData(samples);
    return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
  };

  async function throughPeers(stream: MediaStream): Promise<MediaStream> {
    const [near, far] = [new RTCPeerConnection(), new RTCPeerConnection()];
    near.onicecandidate = ({ candidate }) => void far.addIceCandidate(candidate ?? undefined);
    far.onicecandidate = ({ candidate }) => void near.addIceCandidate(candidate ?? undefined);
    const arrived = new Promise<MediaStream>((resolve) => {
      far.ontrack = ({ track }) => resolve(new MediaStream([track]));
    });
    for (const track of stream.getTracks()) near.addTrack(track, stream);
    await near.setLocalDescription();
    await far.setRemoteDescription(near.localDescription!);
    await far.setLocalDescription();
    await near.setRemoteDescription(far.localDescription!);
    return arrived;
  }

  page.mixer = new page.voice.VoiceMixer();
  page.speak = async (personId, amplitude) => {
    const context = new AudioContext();
    contexts.push(context);
    const tone = new OscillatorNode(context, { frequency: 440 });
    const gain = new GainNode(context, { gain: amplitude });
    const out = context.createMediaStreamDestination();
    tone.connect(gain).connect(out);
    tone.start();
    page.mixer.add(`${personId}-voice`, personId, await throughPeers(out.stream));
  };
  page.ears = () => ({ left: rms(analysers[0]!), right: rms(analysers[1]!) });
}

describe.skipIf(!chromiumPath)('the voice mixer in Chromium', () => {
  let server: Server;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    const bundled = await build({
      entryPoints: [`${ROOT}lib/voice/voiceMixer.ts`],
      bundle: true,
      write: false,
      format: 'iife',
      globalName: 'voice',
      alias: { '@': ROOT.slice(0, -1) },
    });
    server = createServer(({ url }, answer) => {
      const isScript = url === '/voice.js';
      answer.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
      answer.end(isScript ? bundled.outputFiles[0]!.text : '<!doctype html><script src="/voice.js"></script>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    browser = await connectChromium();
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  beforeEach(async () => {
    page = await browser.newPage();
    await page.addInitScript('globalThis.__name ??= (value) => value');
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.evaluate(mixerScript);
    await page.mouse.click(5, 5);
    await page.evaluate(() => (globalThis as unknown as MixerPage).mixer.resume());
  });

  afterEach(async () => {
    await page.close();
  });

  const speak = (personId: string, amplitude = 0.3) =>
    page.evaluate(([id, loud]) => (globalThis as unknown as MixerPage).speak(id, loud), [personId, amplitude] as const);
  const ears = () => page.evaluate(() => (globalThis as unknown as MixerPage).ears());
  const level = (personId: string) =>
    page.evaluate((id) => (globalThis as unknown as MixerPage).mixer.level(id, performance.now()), personId);
  /** Places a mouth; the listener sits at the origin and looks along -Z. */
  const place = (personId: string, x: number, y: number, z: number) =>
    page.evaluate(
      ([id, ...at]) => {
        const { mixer } = globalThis as unknown as MixerPage;
        mixer.setMouth(id, ...at);
        mixer.setListener(0, 0, 0, 0, 0, -1);
      },
      [personId, x, y, z] as const,
    );
  const loudness = async () => {
    const { left, right } = await ears();
    return Math.hypot(left, right);
  };

  it('the mixer measures and plays a voice from a peer connection', async () => {
    await speak('ann');
    await expect.poll(() => level('ann')).toBeGreaterThan(0.5);
    await expect.poll(loudness).toBeGreaterThan(0.01);
    expect(await level('bo')).toBe(0);
  });

  it('a voice is heard on the side of its mouth', async () => {
    await speak('ann');
    await place('ann', -2, 0, -0.5);
    await expect
      .poll(async () => {
        const { left, right } = await ears();
        return left / right;
      })
      .toBeGreaterThan(1.4);
    await page.waitForTimeout(60);
    await place('ann', 2, 0, -0.5);
    await expect
      .poll(async () => {
        const { left, right } = await ears();
        return right / left;
      })
      .toBeGreaterThan(1.4);
  });

  it('a distant voice is softer but audible, and one that is turned down is silent', async () => {
    await speak('ann', 0.1);
    await place('ann', 0, 0, -1);
    await expect.poll(loudness).toBeGreaterThan(0.01);
    await page.waitForTimeout(500);
    const near = await loudness();
    await place('ann', 0, 0, -20);
    await expect.poll(async () => (await loudness()) / near).toBeLessThan(0.6);
    await page.waitForTimeout(500);
    expect((await loudness()) / near).toBeGreaterThan(0.2);
    await page.evaluate(() => (globalThis as unknown as MixerPage).mixer.setVolume('ann', 0));
    await expect.poll(loudness).toBeLessThan(0.001);
    // A person who is turned down still shows that they speak.
    expect(await level('ann')).toBeGreaterThan(0.3);
  });

  it('the mixer is silent once the voice is gone, and closes', async () => {
    await speak('ann');
    await expect.poll(loudness).toBeGreaterThan(0.01);
    await page.evaluate(() => (globalThis as unknown as MixerPage).mixer.remove('ann-voice'));
    await expect.poll(loudness).toBeLessThan(0.001);
    await page.evaluate(() => (globalThis as unknown as MixerPage).mixer.close());
    expect(await page.evaluate(() => (globalThis as unknown as MixerPage).mixer.isBlocked)).toBe(false);
  });
});
