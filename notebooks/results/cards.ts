/** Writes the texts of the cards of the pretrained models again, from what is stored beside them: after a change of card.ts or of
 * recipes.ts. It trains and measures nothing. Usage:
 *
 *     deno run -A notebooks/results/cards.ts
 * @module */
import { join } from "node:path";
import { readCard } from "../../lib/cli/model.ts";
import { ROOT, run as runProgram } from "../../lib/cli/process.ts";
import { readJsonFile, writeTextFile } from "../../lib/train/files.ts";
import { readDescription } from "../../lib/train/model_folder.ts";
import { HISTORY_FILE, type HistoryPoint, PRETRAINED, pretrainedModels } from "../../lib/train/pretrained.ts";
import { cardText } from "./card.ts";
import { type Recipe, RECIPES } from "./recipes.ts";

/** Writes the text of a card again.
 * @param folder Folder of the model.
 * @returns The path of the text. */
export async function rewriteCard(folder: string, recipe: Recipe): Promise<string> {
  const path = join(folder, "README.md");
  const pictures = captionsIn(await Deno.readTextFile(path));
  const history = await readJsonFile<HistoryPoint[]>(join(folder, HISTORY_FILE), []);
  const { kind, settings } = await readDescription(folder);
  await writeTextFile(path, cardText((await readCard(folder))!, { recipe, history, pictures, kind, settings }));
  await runProgram(Deno.execPath(), ["fmt", "--quiet", "--config", join(ROOT, "deno.json"), path]);
  return path;
}

/** Reads the captions of the pictures, which are the paragraphs below them, keyed by file name. */
function captionsIn(text: string): Record<string, { caption: string }> {
  const found = text.matchAll(/^!\[[^\]]*\]\(([\w-]+\.png)\)\n\n(.+?)\n\n/gms);
  return Object.fromEntries([...found].map(([, file, caption]) => [file!, { caption: caption!.replaceAll(/\s+/g, " ") }]));
}

if (import.meta.main) {
  for (const name of await pretrainedModels()) console.log(await rewriteCard(join(PRETRAINED, name), RECIPES[name]!));
}
