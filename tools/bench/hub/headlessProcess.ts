import type { HeadlessAnswer, HeadlessOrder, HeadlessShape, VoiceFigures } from './headless';
import { HeadlessSeat } from './headlessSeat';
import { obey } from './processLink';

const LOOK_MS = 10;

let seats: HeadlessSeat[] = [];

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

async function join(shape: HeadlessShape): Promise<void> {
  seats = Array.from({ length: shape.count }, (_, index) => new HeadlessSeat(shape, shape.from + index));
  await Promise.all(seats.map((seat) => seat.connect()));
}

function voices(): VoiceFigures {
  const all = seats.map((seat) => seat.voices());
  const sum = (figure: keyof VoiceFigures) => all.reduce((total, one) => total + one[figure], 0);
  return { packets: sum('packets'), lost: sum('lost'), streams: sum('streams') };
}

async function heardAllMs(seat: HeadlessSeat, others: number, sinceMs: number, timeoutMs: number): Promise<number> {
  for (const endMs = performance.now() + timeoutMs; performance.now() < endMs; await sleep(LOOK_MS)) {
    const heardAtMs = seat.heardAllAtMs(others, sinceMs);
    if (heardAtMs !== null) return heardAtMs - sinceMs;
  }
  throw new Error(`somebody has not heard all ${others} others within ${timeoutMs} ms`);
}

obey<HeadlessOrder, HeadlessAnswer>(async (order) => {
  switch (order.do) {
    case 'join':
      await join(order.shape);
      return { done: true };
    case 'voices':
      return { voices: voices() };
    case 'awaitAll': {
      const { others, sinceMs, timeoutMs } = order;
      return { heardMs: await Promise.all(seats.map((seat) => heardAllMs(seat, others, sinceMs, timeoutMs))) };
    }
  }
});
