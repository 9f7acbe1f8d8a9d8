/** `deno task game`: opens the two-dimensional GAN game in the browser, or writes its page to a file.
 * @module */
import { gamePage } from "../play/game/build.ts";
import { flag, integer, text, type Values } from "../settings.ts";
import { writeFile } from "../train/files.ts";
import { type Command, UsageError } from "./command.ts";
import { isCommand } from "./entry.ts";
import { runCommand } from "./main.ts";
import { fromWhereCalled, isThere, toWhereCalled } from "./paths.ts";
import { statusLine } from "./status_line.ts";

/** First port that is tried without `--port`, and number of ports that are tried. */
const PORT = 8124, PORTS = 20;

const options = {
  out: text({
    value: "FILE.html",
    default: undefined,
    help: "Write the page to this file instead of opening it. The file works without a server and without a network connection.",
  }),
  overwrite: flag(false, { help: "Replace the file given by --out if it exists." }),
  port: integer(undefined, {
    min: 1,
    max: 65535,
    help: `Port on this machine. Default: ${PORT}, or the next port that is free.`,
  }),
  noBrowser: flag(false, { help: "Print the address without opening a browser." }),
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

/** Serves a page on this machine.
 * @param port Port, or `undefined` for the first free one.
 * @throws {Error} If the port is in use. */
export function serveGame(page: string, port: number | undefined): Deno.HttpServer<Deno.NetAddr> {
  const respond = ({ url, method }: Request): Response => {
    if (method !== "GET" && method !== "HEAD") return new Response(null, { status: 405 });
    if (new URL(url).pathname !== "/") return new Response("Not found", { status: 404 });
    return new Response(page, { headers: { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" } });
  };
  const last = port ?? PORT + PORTS - 1;
  for (let tried = port ?? PORT;; tried++) {
    try {
      return Deno.serve({ hostname: "127.0.0.1", port: tried, onListen() {} }, respond);
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
      if (tried < last) continue;
      throw new Error(`Cannot serve the game: port ${tried} is in use; choose another port with --port`);
    }
  }
}

/** Opens an address in the browser. If no program can open it, the user can open the printed address. */
async function openBrowser(address: string): Promise<void> {
  const openers: Record<string, [string, ...string[]]> = { darwin: ["open"], windows: ["cmd", "/c", "start", ""] };
  const [program, ...args] = openers[Deno.build.os] ?? ["xdg-open"];
  const quiet = { stdin: "null", stdout: "null", stderr: "null" } as const;
  await new Deno.Command(program, { args: [...args, address], ...quiet }).output().catch(() => {});
}

/** Checks the options before the scripts are bundled.
 * @returns Path of the file to write, if there is one.
 * @throws {UsageError} If the options contradict each other.
 * @throws {Error} If the file exists. */
async function outputOf({ out, overwrite, port, noBrowser }: GameValues): Promise<string | undefined> {
  if (out === undefined) {
    if (overwrite) throw new UsageError("Option --overwrite has no effect without --out; add --out, or omit --overwrite");
    return undefined;
  }
  if (port !== undefined || noBrowser) {
    throw new UsageError(`Option ${noBrowser ? "--no-browser" : "--port"} has no effect with --out: use only one of them`);
  }
  const path = fromWhereCalled(out);
  if (!overwrite && await isThere(path)) {
    throw new Error(`Cannot write to ${out}: the file exists; use --overwrite to replace it, or choose another file with --out`);
  }
  return path;
}

/** Runs the command. */
async function game(values: GameValues): Promise<void> {
  const path = await outputOf(values);
  const progress = statusLine();
  progress.update("game", "Bundling the page");
  const page = await gamePage();
  progress.finish("game");
  if (path !== undefined) {
    await writeFile(path, [new TextEncoder().encode(page)], { replace: values.overwrite });
    return console.log(`The game is in ${toWhereCalled(path)}`);
  }
  const server = serveGame(page, values.port);
  const address = `http://127.0.0.1:${server.addr.port}/`;
  console.log(`The game is at ${address}`);
  if (!values.noBrowser) await openBrowser(address);
  await server.finished;
}

if (isCommand(import.meta)) await runCommand(command, game);
