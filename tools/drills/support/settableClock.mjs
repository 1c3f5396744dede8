// Loaded into a server before anything else, so that a drill can set its clock: the first SIGUSR2 puts it forward by a
// minute, the next one back by two, and so on. Only the wall's clock moves, as when an operator or NTP sets it.
const MINUTE_MS = 60_000;
const steps = [MINUTE_MS, -2 * MINUTE_MS];
const WallDate = Date;
let offsetMs = 0;
let signals = 0;

globalThis.Date = class extends WallDate {
  constructor(...parts) {
    if (parts.length === 0) super(WallDate.now() + offsetMs);
    else super(...parts);
  }

  static now() {
    return WallDate.now() + offsetMs;
  }
};

process.on('SIGUSR2', () => {
  offsetMs += steps[signals % steps.length];
  signals += 1;
});
