/** The command with which to use a model that `deno task train` has trained.
 * @module */
import { join } from "node:path";
import type { SomeSystem } from "../systems/registry.ts";
import { exampleLabels } from "./class_names.ts";
import { isDataSet } from "./data/mod.ts";
import { fromWhereCalled, isThere, shellWord } from "./paths.ts";

/** Options of `train` that specify which part of an image in --data is the input. */
export interface PairOptions {
  targets?: string;
  colourise?: boolean;
  direction?: string;
}

/** Returns a command that uses the trained model and that the user can run without changes.
 * @param model The path of the run folder, as the user would type it.
 * @param data The value of --data, valid in the user's current folder.
 * @param scale The factor by which images are resized before they are cropped. The samples are crops of the resized images. */
export async function useCommand(
  { uses, data: kindOfData }: SomeSystem,
  model: string,
  { data, scale, classes, classNames }: {
    data: string;
    scale: number;
    classes?: number | undefined;
    classNames?: readonly string[] | undefined;
  },
  { targets, colourise, direction }: PairOptions,
): Promise<string> {
  const within = (name: string) => shellWord(join(model, name));
  if (uses.includes("classify")) return `deno task evaluate --model ${shellWord(model)} --data ${shellWord(data)}`;
  if (uses.includes("translate")) {
    const sample = join("samples", "given", "1-input.png");
    const has = await isThere(join(fromWhereCalled(model), sample));
    const isOwn = kindOfData === "pairs" && data !== "" && !isDataSet(data);
    const half = targets || colourise ? "" : ` --half ${direction === "BtoA" ? "right" : "left"}`;
    const world = has || isOwn ? "" : `deno task world --count 1 --test 0 --out ${within("toytown")} && `;
    const input = has ? within(sample) : isOwn ? `${shellWord(data)}${half}` : `${within(join("toytown", "train"))} --half left`;
    const more = (uses.includes("variants") ? " --variants 4" : "") + (has && scale !== 1 ? " --size model" : ""); // as resized
    return `${world}deno task translate --model ${shellWord(model)} --input ${input} --output ${within("translated")}${more}`;
  }
  const more = uses.includes("labels") && classes !== undefined
    ? ` --labels ${shellWord(exampleLabels(classNames, classes))}`
    : uses.includes("captions")
    ? ' --captions "a red house with two windows"'
    : "";
  return `deno task generate --model ${shellWord(model)} --output ${within("generated")}${more}`;
}
