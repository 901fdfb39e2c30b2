/** Waits `ms`, or for ever when it is undefined. Throws the signal's reason as soon as it is aborted. */
export function pause(ms: number | undefined, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const left = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer =
      ms === undefined
        ? undefined
        : setTimeout(() => {
            signal.removeEventListener("abort", left);
            resolve();
          }, ms);
    signal.addEventListener("abort", left, { once: true });
  });
}
