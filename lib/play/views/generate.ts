/** The view of a GAN: the images of a seed and, for a conditional GAN, of a class; sliders for the code, kept images, walks
 * between images, and arithmetic of codes.
 * @module */
import type { Code } from "../codes.ts";
import { element } from "../dom.ts";
import { recordIn, textIn } from "../link_values.ts";
import { shareBar } from "../share.ts";
import { Latent } from "./latent.ts";
import { Chosen } from "./latent_chosen.ts";
import { Grid } from "./latent_grid.ts";
import { Shelf } from "./latent_shelf.ts";
import { Sum } from "./latent_sum.ts";
import { Walk } from "./latent_walk.ts";
import { showPoints } from "./points.ts";
import type { View } from "./view.ts";

/** Shows a GAN. */
export const showGenerate: View = async (page) => {
  if ((page.data.model.settings["shape"] as number[]).length !== 3) return await showPoints(page);
  const latent = new Latent(page);
  const shared = recordIn(page.shared);
  const keep = (code: Code) => shelf.add(code);
  const chosen = new Chosen(latent, shared, keep);
  let opened = false;
  const grid = new Grid(latent, shared, (code, sameCode) => {
    if (opened) return chosen.choose(code, sameCode);
    opened = true; // a link may contain a different image, and its position along the directions
    chosen.choose(latent.codeAt(textIn(shared["chosen"], 4)) ?? code, true);
  });
  const shelf: Shelf = new Shelf(latent, shared, (code) => {
    chosen.choose(code, false);
    chosen.root.scrollIntoView({ block: "nearest" });
  });
  const [walk, sum] = [new Walk(latent, shared, keep), new Sum(latent, shared, keep)];
  page.keep(() => Object.assign({}, ...[grid, chosen, shelf, walk, sum].map((part) => part.state())));
  chosen.root.append(shareBar(page, () => [
    { name: "grid", canvas: grid.picture() },
    { name: "walk", canvas: walk.picture() },
    { name: "image", canvas: chosen.canvas },
  ]));
  page.root.append(element("div", { class: "latent" }, grid.root, chosen.root), shelf.root, walk.root, sum.root);
  await grid.refresh();
};
