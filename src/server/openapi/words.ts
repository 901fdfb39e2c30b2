import * as v from "valibot";

// Short words for schemas that are read by people: what is described lets unknown fields pass, as the gateway does.

export const object = <T extends v.ObjectEntries>(entries: T): v.LooseObjectSchema<T, undefined> =>
  v.looseObject(entries);
export const list = <T extends v.GenericSchema>(item: T): v.ArraySchema<T, undefined> => v.array(item);
export const any = (): v.UnknownSchema => v.unknown();

/** A schema with a sentence beside it. */
export function hint<T extends v.GenericSchema>(schema: T, words: string) {
  return v.pipe(schema, v.description(words));
}
export const text = (words: string) => v.pipe(v.string(), v.description(words));
export const number = (words: string) => v.pipe(v.number(), v.description(words));
export const integer = (words: string) => v.pipe(v.number(), v.integer(), v.description(words));
