/** Playgrounds: pages that run in the browser, embedded where a chapter names their command in a paragraph, `deno task game` or
 * `deno task play --model FOLDER`.
 * @module */
import { posix } from "node:path";
import { join } from "node:path";
import { gamePage } from "../../../lib/play/game/build.ts";
import { run } from "../../../lib/cli/process.ts";
import { escaped } from "./html.ts";
import { between } from "./links.ts";

/** A playground. */
export interface Playground {
  /** The command that opens it on the reader's machine. */
  command: string;
  title: string;
  /** Page in the site. */
  page: string;
  /** Folder of the model, relative to the root. */
  model?: string;
}

/** The two-dimensional game. */
export const GAME: Playground = { command: "deno task game", title: "The game of two networks", page: "play/game.html" };

/** Builds the page of a playground: one HTML file. */
export type PlaygroundBuilder = (playground: Playground) => Promise<string | Uint8Array>;

/** Finds the playgrounds that a text names in code. */
export function playgroundsIn(markdown: string): Playground[] {
  return [...markdown.replaceAll(/```[\s\S]*?```/g, "").matchAll(/`(deno task (?:game|play --model (\S+)))`/g)].map(
    ([, command, model]) => {
      if (model === undefined) return GAME;
      const folder = posix.normalize(model).replace(/\/$/, "");
      const name = posix.basename(folder);
      return {
        command: command!,
        title: `A trained model: ${name}`,
        page: `play/${name.replaceAll(/[^\w-]/g, "-")}.html`,
        model: folder,
      };
    },
  );
}

/** Returns a builder of pages with the library of this project.
 * @param root root folder of the project.
 * @param say called before long work. */
export function playgroundBuilder(root: string, say: (what: string) => void): PlaygroundBuilder {
  return async ({ title, model, page }) => {
    say(title);
    if (model === undefined) return await gamePage();
    const folder = await Deno.makeTempDir({ prefix: "forger-site-" });
    try {
      // In a process of its own, since the library keeps its backend for the life of a process.
      const file = join(folder, posix.basename(page));
      const args = ["task", "export", "--model", join(root, model), "--out", file];
      const ended = await run(Deno.execPath(), args, { folder: root, env: { NO_COLOR: "1" } });
      if (!ended?.success) {
        throw new Error(ended?.lines.findLast((line) => line.startsWith("Cannot")) ?? "deno task export failed");
      }
      return await Deno.readFile(file).catch(() => {
        throw new Error(`Cannot embed ${model}: its page does not fit into one file; use a smaller model`);
      });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  };
}

/** Returns the element that opens a playground. It starts only when asked to, since it computes.
 * @param page page that embeds it. */
export function playgroundHtml({ title, page, command }: Playground, from: string): string {
  const href = between(from, page);
  return `<figure class="playground" data-title="${escaped(title)}">
<p><b>${escaped(title)}</b></p>
<p><button type="button" data-open="${href}">Start it here</button> <a href="${href}">Open it on a page of its own</a></p>
<figcaption>It runs in your browser and sends nothing. <code>${escaped(command)}</code> opens the same page.</figcaption>
</figure>\n`;
}
