/** `deno task play`: serves the page of a trained model on this machine, and opens it in the browser.
 * @module */
import { join } from "node:path";
import { folderFiles, type PageFiles } from "../play/html.ts";
import { text, type Values } from "../settings.ts";
import { MODEL_FILE } from "../train/model_folder.ts";
import { backendOption } from "./backend.ts";
import { type Command, optionName, UsageError } from "./command.ts";
import { isCommand } from "./entry.ts";
import { gatherPage } from "./export.ts";
import { runCommand } from "./main.ts";
import { isThere, shellWord, toWhereCalled } from "./paths.ts";
import { ROOT } from "./process.ts";
import { serveFiles, serverOptions, serveUntilStopped } from "./serve.ts";

const options = {
  model: text({
    value: "FOLDER",
    default: undefined,
    help: "Model folder written by deno task train, such as runs/facades. Default: list the models in data/models.",
  }),
  ...serverOptions,
  backend: backendOption,
};

type PlayValues = Values<typeof options>;

const command: Command<typeof options> = {
  name: "play",
  usage: "--model FOLDER",
  about:
    "Opens the page of a trained model in the browser: the page that deno task export creates, with weights in full precision. " +
    "The server accepts connections from this machine only. Press Ctrl-C to stop it.",
  options,
  examples: [{ line: "play --model runs/facades", does: "draw facades, and watch the model translate them" }],
};

/** Serves a page on this machine.
 * @param port Port, or `undefined` for the first free one.
 * @throws {Error} If the port is in use. */
export function serve(page: PageFiles, port: number | undefined): Deno.HttpServer<Deno.NetAddr> {
  return serveFiles(folderFiles(page), port);
}

/** Returns the paths of the models in data/models, as the user would type them. */
async function storedModels(root = ROOT): Promise<string[]> {
  const folder = join(root, "data", "models");
  const entries = await Array.fromAsync(Deno.readDir(folder)).catch(() => []);
  const names = entries.filter(({ isDirectory }) => isDirectory).map(({ name }) => name).sort();
  const paths = names.map((name) => join(folder, name));
  const are = await Promise.all(paths.map((path) => isThere(join(path, MODEL_FILE))));
  return paths.filter((_, i) => are[i]).map((path) => toWhereCalled(path));
}

/** Lists the models in data/models and the commands that open their pages. */
export async function listModels(root?: string): Promise<string[]> {
  const models = await storedModels(root);
  if (models.length === 0) {
    return ["There are no models in data/models: train one, and open it with deno task play --model FOLDER"];
  }
  return ["Models in data/models:", ...models.map((path) => `  deno task play --model ${shellWord(path)}`)];
}

/** Serves the page of a model until Ctrl-C. */
async function play(values: PlayValues): Promise<void> {
  const { model, port, noBrowser } = values;
  if (model === undefined) {
    const unused = (["port", "noBrowser", "backend"] as const).find((name) =>
      values[name] !== undefined && values[name] !== false
    );
    if (unused) throw new UsageError(`Option ${optionName(unused)} has no effect without --model; add --model, or omit it`);
    return console.log((await listModels()).join("\n"));
  }
  const none = { data: undefined, targets: undefined, others: undefined, colourise: false, direction: undefined };
  const page = await gatherPage({ ...values, ...none, model, title: undefined, weights: "float32" });
  await serveUntilStopped(serve(page, port), page.data.title, { noBrowser });
}

if (isCommand(import.meta)) await runCommand(command, play);
