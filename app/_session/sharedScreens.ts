import { playStream, stopElement } from '@/lib/voice/streamElement';
import type { ScreenView } from './voiceContract';

/** One's own screen among the tracks' ids. */
const OWN = 'own';

/** The screens that are shared now, in the order they came; the last one is shown. */
export class SharedScreens {
  private readonly screens = new Map<string, ScreenView>();

  constructor(private readonly onChange: (shown: ScreenView | null, isSharing: boolean) => void) {}

  get isSharing(): boolean {
    return this.screens.has(OWN);
  }

  add(trackId: string, personId: string | null, stream: MediaStream): void {
    this.put(trackId, { personId, isOwn: false, stream, video: playStream('video', stream, true) });
  }

  addOwn(personId: string | null, stream: MediaStream): void {
    this.put(OWN, { personId, isOwn: true, stream, video: playStream('video', stream, true) });
  }

  remove(trackId: string): void {
    const screen = this.screens.get(trackId);
    if (!screen) return;
    stopElement(screen.video);
    this.screens.delete(trackId);
    this.tell();
  }

  removeOwn(): void {
    this.remove(OWN);
  }

  clear(): void {
    for (const id of [...this.screens.keys()]) this.remove(id);
  }

  private put(id: string, screen: ScreenView): void {
    this.remove(id);
    this.screens.set(id, screen);
    this.tell();
  }

  private tell(): void {
    this.onChange([...this.screens.values()].at(-1) ?? null, this.isSharing);
  }
}
