/** What jsdom lacks and the pages use. */

Object.defineProperty(globalThis, 'CSS', { configurable: true, value: { escape: (text: string) => text } });

HTMLDialogElement.prototype.showModal = function showModal(this: HTMLDialogElement) {
  this.open = true;
  this.querySelector<HTMLElement>('button, input, select')?.focus();
};

HTMLDialogElement.prototype.close = function close(this: HTMLDialogElement) {
  this.open = false;
};

Blob.prototype.arrayBuffer = function arrayBuffer(this: Blob) {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as ArrayBuffer);
    reader.readAsArrayBuffer(this);
  });
};

Blob.prototype.text = async function text(this: Blob) {
  return new TextDecoder().decode(await this.arrayBuffer());
};

Element.prototype.scrollIntoView = () => {};

Element.prototype.checkVisibility = function checkVisibility(this: Element) {
  return this.closest('[hidden]') === null;
};

// There is no WebGL either; jsdom would say so in the log at each call.
HTMLCanvasElement.prototype.getContext = () => null;

window.matchMedia = (media) => ({
  matches: false,
  media,
  onchange: null,
  addEventListener: () => {},
  removeEventListener: () => {},
  addListener: () => {},
  removeListener: () => {},
  dispatchEvent: () => false,
});

/** Gives the page media devices; without it there are none, as on a page that is not served securely. */
export function stubMediaDevices(devices: Partial<MediaDevices>): void {
  const complete = {
    enumerateDevices: async () => [],
    addEventListener: () => {},
    removeEventListener: () => {},
    ...devices,
  };
  Object.defineProperty(navigator, 'mediaDevices', { configurable: true, value: complete });
}
