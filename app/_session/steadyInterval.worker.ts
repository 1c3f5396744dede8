/** Runs in a worker, whose timers browsers do not slow down while the page is hidden. The only message is the period, ms. */
self.onmessage = ({ data }: MessageEvent<number>) => {
  setInterval(() => self.postMessage(null), data);
};
