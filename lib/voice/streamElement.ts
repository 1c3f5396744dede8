/** A media element that plays `stream` and is in no document. A refusal to play by itself is told, never thrown. */
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

/** Ends what `playStream` began. The stream itself is left alone. */
export function stopElement(element: HTMLMediaElement): void {
  element.pause();
  element.srcObject = null;
}
