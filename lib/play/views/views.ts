/** Chooses the view of a page by the uses of its model.
 * @module */
import type { PageData } from "../page_data.ts";
import { showCaptions } from "./captions.ts";
import { showClassify } from "./classify.ts";
import { showGenerate } from "./generate.ts";
import { showTranslate } from "./translate.ts";
import type { View } from "./view.ts";

/** Views, keyed by use. A page shows the first view whose use the model supports. */
const VIEWS: [use: PageData["uses"][number], view: View][] = [
  ["translate", showTranslate],
  ["captions", showCaptions],
  ["generate", showGenerate],
  ["classify", showClassify],
];

/** Returns the view of a model.
 * @throws {RangeError} If there is no view for the model. */
export function viewOf({ uses }: PageData): View {
  const found = VIEWS.find(([use]) => uses.includes(use));
  if (!found) throw new RangeError("Cannot show the model: this page has no view for it; export it with a newer version");
  return found[1];
}
