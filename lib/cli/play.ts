/** `deno task play`: serves the page of a trained model, or a gallery of models, on this machine, and opens it in the browser.
 * @module */
import { folderFiles, type PageFiles } from "../play/html.ts";
import { text, type Values } from "../settings.ts";
import { backendOption } from "./backend.ts";
import type { Command } from "./command.ts";
import { isCommand } from "./entry.ts";
import { gatherPage } from "./export.ts";
import { gallery, storedModels } from "./gallery.ts";
import { runCommand } from "./main.ts";
import { serveFiles, serveRequests, serverOptions, serveUntilStopped } from "./serve.ts";

const options = {
  model: text({
    value: "FOLDER",
    default: undefined,
    help:
      "Model folder written by deno task train, such as runs/facades, or the name of a pretrained model. Default: a gallery " +
      "of the pretrained models.",
  }),
  ...serverOptions,
  backend: backendOption,
};

type PlayValues = Values<typeof options>;

const command: Command<typeof options> = {
  name: "play",
  usage: "[--model FOLDER]",
  about:
    "Opens the page of a trained model in the browser: the page that deno task export creates, with weights in full precision. " +
    "The server accepts connections from this machine only. Press Ctrl-C to stop it.",
  options,
  examples: [
    { line: "play --model runs/facades", does: "draw facades, and watch the model translate them" },
    { line: "play", does: "choose one of the pretrained models" },
  ],
};

/** Serves a page on this machine.
 * @param port Port, or `undefined` for the first free one.
 * @throws {Error} If the port is in use. */
export function serve(page: PageFiles, port: number | undefined): Deno.HttpServer<Deno.NetAddr> {
  return serveFiles(folderFiles(page), port);
}

/** Composes the page of a model. */
async function compose(model: string, { backend }: Pick<PlayValues, "backend">): Promise<PageFiles> {
  const none = { data: undefined, targets: undefined, others: undefined, colourise: false, direction: undefined };
  return await gatherPage({ ...none, backend, model, title: undefined, weights: "float32" });
}

/** Serves the page of a model, or the gallery, until the user presses Ctrl-C. */
async function play(values: PlayValues): Promise<void> {
  const { model, port } = values;
  if (model === undefined) {
    const respond = gallery(await storedModels(), async (path) => folderFiles(await compose(path, values)));
    return await serveUntilStopped(serveRequests(respond, port, "gallery"), "The gallery of the models", values);
  }
  const page = await compose(model, values);
  await serveUntilStopped(serve(page, port), page.data.title, values);
}

if (isCommand(import.meta)) await runCommand(command, play);
