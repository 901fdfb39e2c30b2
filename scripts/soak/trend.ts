/** One look at the gateway: seconds since the start of the load, and a figure. */
export type Point = { at: number; value: number };

/** Growth a minute: the slope of the least-squares line. 0 for fewer than two points. */
export function slopePerMinute(points: readonly Point[]): number {
  const at = mean(points.map((point) => point.at));
  const value = mean(points.map((point) => point.value));
  let over = 0;
  let under = 0;
  for (const point of points) {
    over += (point.at - at) * (point.value - value);
    under += (point.at - at) ** 2;
  }
  return under === 0 ? 0 : (over / under) * 60;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

/** The later half: a process grows until its collector has found its pace. */
export function laterHalf<T>(points: readonly T[]): T[] {
  return points.slice(Math.floor(points.length / 2));
}
