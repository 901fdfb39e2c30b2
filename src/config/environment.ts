/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment of this process. No other file of the program reads it. */
export function environment(): Environment {
  return process.env;
}
