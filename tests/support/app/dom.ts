import { afterEach, vi } from 'vitest';

/** What jsdom lacks and the pages use. */

HTMLDialogElement.prototype.showModal = function showModal(this: HTMLDialogElement) {
  this.open = true;
  this.querySelector<HTMLElement>('button, input, select')?.focus();
};

HTMLDialogElement.prototype.close = function close(this: HTMLDialogElement) {
  this.open = false;
};

Element.prototype.scrollIntoView = () => {};

Element.prototype.checkVisibility = function checkVisibility(this: Element) {
  return this.closest('[hidden]') === null;
};

// Without WebGL, as jsdom is, the pages ask for a context and get none; jsdom would log each time that it has none.
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

afterEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  delete document.documentElement.dataset.theme;
  Reflect.deleteProperty(navigator, 'mediaDevices');
  vi.restoreAllMocks();
});
