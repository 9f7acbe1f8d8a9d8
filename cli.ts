/** Forger's commands without a clone: `deno run -A jsr:@forger/gan/cli train pix2pix --data FOLDER`. Paths are relative to the
 * working directory.
 * @module */
import "./lib/train/hangup.ts"; // first, because it must be loaded early
import { fileURLToPath } from "node:url";
import config from "./deno.json" with { type: "json" };
import { nearest } from "./lib/cli/command.ts";
import { startedBy } from "./lib/cli/entry.ts";
import { HELP_WIDTH, table, wrap } from "./lib/cli/help.ts";
import { shellWord } from "./lib/cli/paths.ts";

/** The modules of the commands. Each one runs when it is imported, if {@linkcode startedBy} has selected it. */
const COMMANDS: Record<string, { url: string; run: () => Promise<unknown> }> = {
  setup: { url: import.meta.resolve("./lib/cli/setup.ts"), run: () => import("./lib/cli/setup.ts") },
  demo: { url: import.meta.resolve("./lib/cli/demo.ts"), run: () => import("./lib/cli/demo.ts") },
  train: { url: import.meta.resolve("./lib/cli/train.ts"), run: () => import("./lib/cli/train.ts") },
  evaluate: { url: import.meta.resolve("./lib/cli/evaluate.ts"), run: () => import("./lib/cli/evaluate.ts") },
  generate: { url: import.meta.resolve("./lib/cli/generate.ts"), run: () => import("./lib/cli/generate.ts") },
  translate: { url: import.meta.resolve("./lib/cli/translate.ts"), run: () => import("./lib/cli/translate.ts") },
  export: { url: import.meta.resolve("./lib/cli/export.ts"), run: () => import("./lib/cli/export.ts") },
  play: { url: import.meta.resolve("./lib/cli/play.ts"), run: () => import("./lib/cli/play.ts") },
  models: { url: import.meta.resolve("./lib/cli/models.ts"), run: () => import("./lib/cli/models.ts") },
  world: { url: import.meta.resolve("./lib/cli/world.ts"), run: () => import("./lib/cli/world.ts") },
  inspect: { url: import.meta.resolve("./lib/cli/inspect.ts"), run: () => import("./lib/cli/inspect.ts") },
  game: { url: import.meta.resolve("./lib/cli/game.ts"), run: () => import("./lib/cli/game.ts") },
};

/** Returns what the user types before the name of a command. */
function typed(): string {
  const [, name] = import.meta.url.match(/^https:\/\/jsr\.io\/(@[^/]+\/[^/]+\/[^/]+)\//) ?? [];
  const local = import.meta.url.startsWith("file:");
  const module = name !== undefined
    ? `jsr:${name.replace(/\/([^/]+)$/, "@$1")}/cli`
    : local
    ? shellWord(fileURLToPath(import.meta.url))
    : import.meta.url;
  return `deno run -A ${module} `;
}

function help(): string {
  const tasks: Record<string, { description: string }> = config.tasks;
  const rows = Object.keys(COMMANDS).map((
    name,
  ): [string, string] => [name, tasks[name]!.description.replace("; see --help", "")]);
  const about =
    "Trains and uses generative adversarial networks. Run setup first: it installs TensorFlow, which is several times " +
    "faster than WebAssembly. --help after a command lists its options.";
  return [`Usage: ${typed()}COMMAND [options]`, ...wrap(about, HELP_WIDTH), "", table("commands", rows)].join("\n");
}

async function main([name = "--help", ...args]: readonly string[]): Promise<void> {
  if (["help", "--help", "-h"].includes(name)) return console.log(help());
  const names = Object.keys(COMMANDS);
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) {
    const meant = nearest(name, names);
    console.error(
      `Unknown command "${name}": expected one of ${names.join(", ")}; ${meant ? `did you mean ${meant}?` : "see --help"}`,
    );
    Deno.exit(2);
  }
  Deno.env.delete("INIT_CWD"); // set by npx and by the tasks of other projects, whose paths are relative to their own folder
  startedBy({ url: command.url, args, typed: typed(), tasks: new RegExp(`deno task (?=(?:${names.join("|")})\\b)`, "g") });
  await command.run();
}

if (import.meta.main) await main(Deno.args);
