/** `deno task play`: serves the page of a trained model on this machine, and opens it in the browser.
 * @module */
import { join } from "node:path";
import { folderFiles, type PageFiles } from "../play/html.ts";
import { flag, integer, text, type Values } from "../settings.ts";
import { MODEL_FILE } from "../train/model_folder.ts";
import { backendOption } from "./backend.ts";
import { type Command, optionName, UsageError } from "./command.ts";
import { isCommand } from "./entry.ts";
import { gatherPage } from "./export.ts";
import { runCommand } from "./main.ts";
import { isThere, shellWord, toWhereCalled } from "./paths.ts";
import { ROOT } from "./process.ts";

/** First port that is tried without `--port`, and number of ports that are tried. */
const PORT = 8123, PORTS = 20;

const options = {
  model: text({
    value: "FOLDER",
    default: undefined,
    help: "Model folder written by deno task train, such as runs/facades. Default: list the models in data/models.",
  }),
  port: integer(undefined, {
    min: 1,
    max: 65535,
    help: `Port on this machine. Default: ${PORT}, or the next port that is free.`,
  }),
  noBrowser: flag(false, { help: "Print the address without opening a browser." }),
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

/** Media types of the files, keyed by file name extension. */
const TYPES: Record<string, string> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  wasm: "application/wasm",
  bin: "application/octet-stream",
};

/** Returns the response to a request for one of the files. */
export function respond(files: Record<string, Uint8Array<ArrayBuffer>>, request: Request): Response {
  if (request.method !== "GET" && request.method !== "HEAD") return new Response(null, { status: 405 });
  const { pathname } = new URL(request.url);
  const name = pathname === "/" ? "index.html" : pathname.slice(1);
  if (!Object.hasOwn(files, name)) return new Response("Not found", { status: 404 });
  const headers = { "content-type": TYPES[name.split(".").at(-1)!]!, "cache-control": "no-store" };
  return new Response(files[name], { headers });
}

/** Serves a page on this machine.
 * @param port Port, or `undefined` for the first free one.
 * @throws {Error} If the port is in use. */
export function serve(page: PageFiles, port: number | undefined): Deno.HttpServer<Deno.NetAddr> {
  const files = folderFiles(page);
  const last = port ?? PORT + PORTS - 1;
  for (let tried = port ?? PORT;; tried++) {
    try {
      return Deno.serve({ hostname: "127.0.0.1", port: tried, onListen() {} }, (request) => respond(files, request));
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
      if (tried < last) continue;
      throw new Error(`Cannot serve the page: port ${tried} is in use; choose another port with --port`);
    }
  }
}

/** Opens an address in the browser. If there is no browser, the user can open the printed address. */
async function openBrowser(address: string): Promise<void> {
  const [program, ...args] = Deno.build.os === "darwin"
    ? ["open"]
    : Deno.build.os === "windows"
    ? ["cmd", "/c", "start", ""]
    : ["xdg-open"];
  const quiet = { stdin: "null", stdout: "null", stderr: "null" } as const;
  try {
    await new Deno.Command(program!, { args: [...args, address], ...quiet }).output();
  } catch {
    // no program opens it: the address has been printed
  }
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
  const server = serve(page, port);
  Deno.addSignalListener("SIGINT", () => void server.shutdown());
  const address = `http://127.0.0.1:${server.addr.port}/`;
  console.log(`${page.data.title} is at ${address}; press Ctrl-C to stop`);
  if (!noBrowser) await openBrowser(address);
  await server.finished;
}

if (isCommand(import.meta)) await runCommand(command, play);
