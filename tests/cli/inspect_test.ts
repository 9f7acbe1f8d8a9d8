import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { inspect } from "../../lib/cli/inspect.ts";
import { loadSharp } from "../../lib/packages.ts";
import { withFolder } from "./_task.ts";

const sharp = await loadSharp();
const quiet = { update: () => {}, print: () => {}, finish: () => {} };

/** Writes an image of a single colour. */
function blank(path: string, width: number, height: number): Promise<unknown> {
  const create = { width, height, channels: 3, background: "navy" } as const;
  return sharp({ create, limitInputPixels: false }).toColourspace("b-w").png({ compressionLevel: 1 }).toFile(path);
}

Deno.test("inspect draws a grid of bounded size, also of huge and of thin images, and in bounded memory", () =>
  withFolder(async (folder) => {
    const data = join(folder, "data");
    await Deno.mkdir(data);
    for (const [i, [width, height]] of ([[20_000, 20_000], [20_000, 3], [3, 20_000], [64, 64]] as const).entries()) {
      await blank(join(data, `${i}.png`), width, height);
    }
    for (let i = 4; i < 12; i++) await blank(join(data, `${i}.png`), 8000, 2);
    await Deno.writeTextFile(join(data, "12.heic"), "");
    const before = Deno.memoryUsage().rss;
    const { lines, well } = await inspect({ data, grid: join(folder, "grid.png"), overwrite: true, columns: 12 }, quiet);
    assert(well);
    assertStringIncludes(lines.join("\n"), "20000x20000 (1)");
    assertStringIncludes(lines.join("\n"), "1 .heic");
    const { width, height } = await sharp(join(folder, "grid.png")).metadata();
    assert(width! < 12 * 300 + 200 && height! < 200, `${width}x${height}`);
    assert(Deno.memoryUsage().rss - before < 4e8, "less than the pixels of the largest image");
  }));

Deno.test("inspect shows at most 50 folders in its grid", () =>
  withFolder(async (folder) => {
    const data = join(folder, "data");
    for (let i = 0; i < 60; i++) {
      await Deno.mkdir(join(data, `${i}`), { recursive: true });
      await blank(join(data, `${i}`, "1.png"), 4, 4);
    }
    const { lines } = await inspect({ data, grid: join(folder, "grid.png"), overwrite: true, columns: 1 }, quiet);
    assertStringIncludes(lines.at(-1)!, "first 50 folders");
    assertEquals(Math.round((await sharp(join(folder, "grid.png")).metadata()).height! / 102), 50);
  }));
