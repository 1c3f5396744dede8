/** Remembers which token ids have been used, for as long as a token could live. */
export class UsedTokens {
  private readonly usedAtMs = new Map<string, number>();

  constructor(private readonly memoryMs: number) {}

  /** Marks a token id as used. False where it was already. */
  claim(tokenId: string, nowMs: number): boolean {
    if (this.usedAtMs.has(tokenId)) return false;
    this.usedAtMs.set(tokenId, nowMs);
    return true;
  }

  /** Takes a claim back: no session came of it. */
  release(tokenId: string): void {
    this.usedAtMs.delete(tokenId);
  }

  /** Forgets what is old. Entries are in the order of their time. */
  sweep(nowMs: number): void {
    for (const [tokenId, atMs] of this.usedAtMs) {
      if (nowMs - atMs < this.memoryMs) return;
      this.usedAtMs.delete(tokenId);
    }
  }
}
