/** `deno task site`: builds the reading edition of the course, a static site, from the notebooks and their outputs.
 * @module */
import { join } from "node:path";
import type { Command } from "../../../lib/cli/command.ts";
import { runCommand } from "../../../lib/cli/main.ts";
import { fromWhereCalled, toWhereCalled } from "../../../lib/cli/paths.ts";
import { ROOT } from "../../../lib/cli/process.ts";
import { type Progress, statusLine } from "../../../lib/cli/status_line.ts";
import { flag, text, type Values } from "../../../lib/settings.ts";
import { buildSite } from "./build.ts";
import { darkGrid } from "./dark_image.ts";
import type { DarkImage } from "./outputs.ts";
import { playgroundBuilder } from "./playgrounds.ts";
import { filesOfOldSite, writeSite } from "./write.ts";

const options = {
  out: text({ value: "FOLDER", default: undefined, help: "Folder to write to. Default: site, in the project's folder." }),
  overwrite: flag(false, { help: "Write to the folder even if it contains files of something else. These files are kept." }),
  playgrounds: flag(true, {
    help: "Embed the playgrounds.",
    off: { help: "Leave out the playgrounds, which take longest to build." },
  }),
};

const command: Command<typeof options> = {
  name: "site",
  about:
    "Builds the reading edition of the course: a static site with the text, the code and the stored outputs of the notebooks. " +
    "The solutions are folded beneath their exercises, figures are interactive, and references are links. The site needs no " +
    "network connection and no server: open index.html in a browser, or copy the folder to a web server. Runs no notebook: " +
    "deno task notebooks updates the outputs. Reports problems in the course, such as dead links; the exit status is then 1.",
  options,
  examples: [
    { line: "site", does: "write the site to the folder site" },
    { line: "site --out public", does: "write the site to another folder" },
  ],
};

/** Builds and writes the site.
 * @returns the exit status: 1 if the course has problems. */
export async function site(values: Values<typeof options>, root = ROOT, progress: Progress = statusLine()): Promise<number> {
  const folder = values.out === undefined ? join(root, "site") : fromWhereCalled(values.out);
  const old = await filesOfOldSite(folder, values.overwrite);
  const started = performance.now();
  const say = (what: string) => progress.update("site", "Building the site", what);
  say("");
  try {
    const playground = values.playgrounds ? playgroundBuilder(root, say) : undefined;
    const { files, problems, chapters } = await buildSite({ root, playground, dark: reusing(folder, old, say) });
    await writeSite(folder, files, old);
    problems.forEach((problem) => progress.print(`Problem: ${problem}`));
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    const megabytes = [...files.values()].reduce((sum, { length }) => sum + length, 0) / 1e6;
    progress.print(`The site is in ${toWhereCalled(folder)}: ${chapters} chapters, ${megabytes.toFixed(0)} MB, ${seconds} s`);
    return problems.length > 0 ? 1 : 0;
  } finally {
    progress.finish("site");
  }
}

/** Creates dark images, except those that the old site has: their names are digests of the images that they come from. */
function reusing(folder: string, old: readonly string[], say: (what: string) => void): DarkImage {
  const known = new Set(old);
  return async (png, name) => {
    const kept = known.has(name) ? await Deno.readFile(join(folder, name)).catch(() => undefined) : undefined;
    if (kept) return kept;
    say("dark images");
    return await darkGrid(png);
  };
}

if (import.meta.main) await runCommand(command, (values) => site(values));
