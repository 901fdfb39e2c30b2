const smallest = 256;
const none = Buffer.alloc(0);

/** Bytes kept for the next network chunk. Grows by doubling, so that many small chunks cost linear time. */
export class HeldBytes {
  #bytes = none;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** What is held; valid until the next call of another method. */
  get view(): Buffer {
    return this.#bytes.subarray(0, this.#size);
  }

  add(bytes: Uint8Array): void {
    const size = this.#size + bytes.length;
    if (size > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(size, this.#bytes.length * 2, smallest));
      grown.set(this.view);
      this.#bytes = grown;
    }
    this.#bytes.set(bytes, this.#size);
    this.#size = size;
  }

  /** Forgets everything. A large buffer is let go: one large event must not cost memory for the rest of the stream. */
  clear(): void {
    this.#size = 0;
    if (this.#bytes.length > 65_536) this.#bytes = none;
  }
}
