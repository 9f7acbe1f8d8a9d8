/** Classes of a conditional model, given by name or by index.
 * @module */
import { nearest, UsageError } from "./command.ts";
import { listed } from "./data/describe.ts";

/** Returns the class indices for a value of --labels that has been split at the commas. If a word is both a class name and an
 * index, the name takes precedence, and a note states the index of the named class.
 * @param model Path of the model folder, for error messages.
 * @param names Class names, ordered by class index, if the model knows them.
 * @param classes Number of classes.
 * @throws {UsageError} If a class does not exist; the message lists the existing classes. */
export function classIndices(
  words: readonly string[],
  model: string,
  names: readonly string[] = [],
  classes: number = names.length,
): number[] {
  const plain = (name: string) => name.normalize("NFC").split(",").map((part) => part.trim()).join(",");
  const known = new Map(names.map((name, i) => [plain(name), i]));
  const indices: number[] = [];
  for (let i = 0, many = 0; i < words.length; i += many) {
    // A name may itself contain commas: take the longest one.
    for (many = words.length - i; many > 1 && !known.has(plain(words.slice(i, i + many).join(","))); many--);
    const word = plain(words.slice(i, i + many).join(","));
    const named = known.get(word), index = /^\d+$/.test(word) ? Number(word) : -1;
    if (named === undefined && (index < 0 || index >= classes)) throw noClass(word, model, names, classes);
    if (named !== undefined && index >= 0 && index !== named) {
      console.error(`Note: class ${word} is the class of that name, ${named}`);
    }
    indices.push(named ?? index);
  }
  return indices;
}

function noClass(word: string, model: string, names: readonly string[], classes: number): UsageError {
  const meant = nearest(word, names);
  const all = names.length > 0 ? listed(names.map((name, i) => `${name} (${i})`)) : `0 to ${classes - 1}`;
  const cure = meant === undefined ? "choose one of them" : `did you mean ${meant}?`;
  return new UsageError(`Option --labels: ${model} has no class "${word}", its classes are ${all}; ${cure}`);
}

/** Returns an example value for --labels, which lists the first classes by name if the names are known, and otherwise by
 * index. */
export function exampleLabels(names: readonly string[] | undefined, classes: number): string {
  const isPlain = names && new Set(names).size === classes &&
    names.every((name, i) =>
      name !== "" && name.trim() === name && !name.startsWith("--") && (!/^\d+$/.test(name) || Number(name) === i)
    );
  return Array.from({ length: Math.min(3, classes) }, (_, i) => isPlain ? names[i]! : `${i}`).join(",");
}
