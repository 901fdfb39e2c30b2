/** One model as OpenAI's list writes it. `created` is Unix seconds, 0 when the source does not tell. */
export type ListedModel = { id: string; created: number; owned_by: string };

/** The models of all configured sources; one that fails is left out (mapping I.5). */
export type Listing = (signal: AbortSignal) => Promise<readonly ListedModel[]>;

export type ModelSource = { name: string; list(signal: AbortSignal): Promise<readonly ListedModel[]> };

const patienceMs = 10_000;

/**
 * Joins the lists of all sources, each asked at most once in `lifeMs` and by one caller at a time. A source that fails
 * gives what it gave last, and is told to `onFailure`.
 */
export function createListing(
  sources: readonly ModelSource[],
  lifeMs: number,
  onFailure: (source: string, error: unknown) => void,
): Listing {
  const cached = sources.map((source) => remembered(source, lifeMs, onFailure));
  return async () => {
    const lists = await Promise.all(cached.map((list) => list()));
    const seen = new Set<string>();
    return lists.flat().filter(({ id }) => !seen.has(id) && seen.add(id));
  };
}

/** No caller's own signal here: the answer is for everyone who waits. */
function remembered(
  source: ModelSource,
  lifeMs: number,
  onFailure: (source: string, error: unknown) => void,
): () => Promise<readonly ListedModel[]> {
  let last: readonly ListedModel[] = [];
  let until = Number.NEGATIVE_INFINITY;
  let asking: Promise<readonly ListedModel[]> | undefined;
  const ask = async (): Promise<readonly ListedModel[]> => {
    try {
      last = await source.list(AbortSignal.timeout(patienceMs));
      until = performance.now() + lifeMs;
    } catch (error) {
      onFailure(source.name, error);
      // A broken source is not asked again by every caller.
      until = performance.now() + Math.min(lifeMs, 5_000);
    } finally {
      asking = undefined;
    }
    return last;
  };
  return () => (performance.now() < until ? Promise.resolve(last) : (asking ??= ask()));
}
