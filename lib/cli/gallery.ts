/** Serves the gallery of `deno task play`: a page with the models in data/models, and the page of each model.
 * @module */
import { basename, join } from "node:path";
import { oneLine } from "../data/errors.ts";
import { type GalleryModel, galleryPage } from "../play/gallery.ts";
import { systemOf } from "../systems/registry.ts";
import { readDescription } from "../train/model_folder.ts";
import { pretrainedModels } from "../train/pretrained.ts";
import { trainedOn } from "./export/card.ts";
import { readCard } from "./model.ts";
import { isThere } from "./paths.ts";
import { ROOT } from "./process.ts";
import { type Files, refused, respond } from "./serve.ts";

/** Folder with the pretrained models, relative to the root folder of the project. */
const MODELS_FOLDER = join("data", "models");

/** Finds the pretrained models.
 * @param root Root folder of the project.
 * @returns Absolute paths of the models' folders, sorted by name.
 * @throws {Error} If there are none. */
export async function storedModels(root: string = ROOT): Promise<string[]> {
  const folder = join(root, MODELS_FOLDER);
  const names = await pretrainedModels(folder);
  if (names.length > 0) return names.map((name) => join(folder, name));
  const problem = await isThere(folder) ? "contains no models" : "does not exist";
  throw new Error(
    `Cannot show the models: the folder ${MODELS_FOLDER} ${problem}; train a model, and open its page with deno task play ` +
      "--model FOLDER",
  );
}

/** Describes a model for the gallery. A model that cannot be read has an error message instead of a link. */
async function describe(path: string): Promise<GalleryModel> {
  const name = basename(path);
  try {
    const { kind, training } = await readDescription(path);
    const system = systemOf(kind);
    if (!system) throw new Error(`Cannot open the model: unknown kind "${kind}"`);
    const { about } = await readCard(path) ?? {};
    const trained = trainedOn({ kind, provenance: training });
    return { name, system: system.title, about: about === undefined ? trained : `${about} ${trained}` };
  } catch (error) {
    return { name, about: oneLine(error) };
  }
}

/** Returns a function that responds to requests for the gallery and for the pages of its models. Each page is composed when it is
 * first requested, one page at a time.
 * @param paths Folders of the models.
 * @param compose Composes the files of a model's page. */
export function gallery(
  paths: readonly string[],
  compose: (path: string) => Promise<Files>,
): (request: Request) => Promise<Response> {
  const pages = new Map<string, Promise<Files>>();
  let last: Promise<unknown> = Promise.resolve();
  const pageOf = (path: string): Promise<Files> => {
    const known = pages.get(path);
    if (known) return known;
    const page = last.then(() => compose(path));
    last = page.catch(() => pages.delete(path)); // the next request tries again
    pages.set(path, page);
    return page;
  };
  return async (request) => {
    const refusal = refused(request);
    if (refusal) return refusal;
    const url = new URL(request.url);
    const [, first = "", ...rest] = url.pathname.split("/");
    if (first === "" && rest.length === 0) {
      const html = galleryPage(await Promise.all(paths.map(describe)));
      return respond({ "index.html": new TextEncoder().encode(html) }, request);
    }
    const path = paths.find((path) => encodeURIComponent(basename(path)) === encodeURIComponent(decoded(first)));
    if (path === undefined) return new Response("Not found", { status: 404 });
    // The addresses of a page's files are relative to the page.
    if (rest.length === 0) return new Response(null, { status: 307, headers: { location: `/${first}/` } });
    try {
      return respond(await pageOf(path), new Request(new URL(`/${rest.join("/")}`, url), { method: request.method }));
    } catch (error) {
      return new Response(oneLine(error), { status: 500, headers: { "content-type": "text/plain; charset=utf-8" } });
    }
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
