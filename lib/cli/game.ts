/** `deno task game`: opens the two-dimensional GAN game in the browser, or writes its page to a file.
 * @module */
import { dirname } from "node:path";
import { gamePage } from "../play/game/build.ts";
import { flag, text, type Values } from "../settings.ts";
import { type Command, optionName, UsageError } from "./command.ts";
import { isCommand } from "./entry.ts";
import { runCommand } from "./main.ts";
import { refuseExisting, writeFiles } from "./page_files.ts";
import { fromWhereCalled, makeFolder, toWhereCalled } from "./paths.ts";
import { serveFiles, serverOptions, serveUntilStopped } from "./serve.ts";
import { statusLine } from "./status_line.ts";

const options = {
  out: text({
    value: "FILE.html",
    default: undefined,
    help: "Write the page to this file instead of opening it. The file works without a server and without a network connection.",
  }),
  overwrite: flag(false, { help: "Replace the file given by --out if it exists." }),
  ...serverOptions,
};

type GameValues = Values<typeof options>;

const command: Command<typeof options> = {
  name: "game",
  about: "Opens a page that trains a small GAN on points in the plane. Watch the generator and the " +
    "discriminator learn, step them by hand, change the loss and the learning rates, and make training fail. The server " +
    "accepts connections from this machine only. Press Ctrl-C to stop it.",
  options,
  examples: [
    { line: "game", does: "play in the browser" },
    { line: "game --out game.html", does: "write one file to share" },
  ],
};

/** Serves the page on this machine.
 * @param port Port, or `undefined` for the first free one.
 * @throws {Error} If the port is in use. */
export function serveGame(page: string, port: number | undefined): Deno.HttpServer<Deno.NetAddr> {
  return serveFiles({ "index.html": new TextEncoder().encode(page) }, port, "game");
}

/** Checks the options before the scripts are bundled.
 * @returns Path of the file to write, if there is one.
 * @throws {UsageError} If the options contradict each other, or if the path is not that of an HTML file.
 * @throws {Error} If the path is taken. */
async function outputOf({ out, overwrite, port, noBrowser }: GameValues): Promise<string | undefined> {
  if (out === undefined) {
    if (overwrite) throw new UsageError("Option --overwrite has no effect without --out; add --out, or omit --overwrite");
    return undefined;
  }
  if (port !== undefined || noBrowser) {
    const unused = optionName(noBrowser ? "noBrowser" : "port");
    throw new UsageError(`Option ${unused} has no effect with --out: use only one of them`);
  }
  if (!/\.html?$/i.test(out)) {
    throw new UsageError(`Cannot write to ${out}: the game is one HTML file; choose a name that ends in .html with --out`);
  }
  const path = fromWhereCalled(out);
  await refuseExisting(path, overwrite);
  return path;
}

/** Bundles the page. */
async function bundledPage(): Promise<string> {
  const progress = statusLine();
  try {
    return await gamePage(() => progress.update("game", "Bundling the page"));
  } finally {
    progress.finish("game");
  }
}

/** Runs the command. */
async function game(values: GameValues): Promise<void> {
  const path = await outputOf(values);
  if (path === undefined) {
    return await serveUntilStopped(serveGame(await bundledPage(), values.port), "The game", values);
  }
  const removeCreated = await makeFolder(dirname(path), "--out");
  try {
    const page = new TextEncoder().encode(await bundledPage());
    await writeFiles(dirname(path), { [path]: page }, values.overwrite);
  } finally {
    await removeCreated(); // keeps folders that contain the file
  }
  console.log(`The game is in ${toWhereCalled(path)}`);
}

if (isCommand(import.meta)) await runCommand(command, game);
