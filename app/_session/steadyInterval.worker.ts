/** Runs in a worker, whose timers a browser does not slow down when the page is hidden. The one message is the period. */
self.onmessage = ({ data }: MessageEvent<number>) => {
  setInterval(() => self.postMessage(null), data);
};
