/** A media element outside the document that plays `stream`. `onRefused` hears of a browser that refuses to autoplay. */
export function playStream<Kind extends 'audio' | 'video'>(
  kind: Kind,
  stream: MediaStream,
  isMuted: boolean,
  onRefused: () => void = () => {},
): HTMLElementTagNameMap[Kind] & HTMLMediaElement {
  const element = document.createElement(kind) as HTMLElementTagNameMap[Kind] & HTMLMediaElement;
  element.muted = isMuted;
  element.autoplay = true;
  element.setAttribute('playsinline', '');
  element.srcObject = stream;
  element.play().catch((error: unknown) => {
    if ((error as { name?: unknown } | null)?.name === 'NotAllowedError') onRefused();
  });
  return element;
}

/** Stops an element of `playStream`; the stream itself goes on. */
export function stopElement(element: HTMLMediaElement): void {
  element.pause();
  element.srcObject = null;
}
