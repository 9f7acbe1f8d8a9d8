import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { anchors, deadLinks } from "./links.ts";

async function dead(files: Record<string, string>): Promise<string[]> {
  const root = await Deno.makeTempDir();
  await Deno.mkdir(join(root, "notebooks"));
  for (const [name, text] of Object.entries(files)) await Deno.writeTextFile(join(root, name), text);
  const found = await deadLinks(root, Object.keys(files).map((name) => join(root, name)));
  await Deno.remove(root, { recursive: true });
  return found;
}

Deno.test("deadLinks() finds links to missing files and headings", async () => {
  const page = "# One two\n[a](other.md) [b](gone.md) [c](#one-two) [d](#three) [e](other.md#here) [f](other.md#there)\n" +
    '![g](gone.png "title") <img src="also_gone.png"> [h](https://example.org/x) [i](mailto:a@example.org)\n`[j](code.md)`\n';
  assertEquals(await dead({ "page.md": page, "other.md": "## Here" }), [
    "page.md: the link to gone.md points to a file that does not exist",
    "page.md: the link to #three points to a heading that does not exist",
    "page.md: the link to other.md#there points to a heading that does not exist",
    "page.md: the link to gone.png points to a file that does not exist",
    "page.md: the link to also_gone.png points to a file that does not exist",
  ]);
});

Deno.test("deadLinks() reads only the Markdown cells of notebooks", async () => {
  const cells = [
    { cell_type: "markdown", source: ["[a](../gone.md)\n", "$$x \\tag{7.1}$$"] },
    { cell_type: "code", source: '"[b](../gone_too.md)"' },
  ];
  assertEquals(await dead({ "notebooks/07_a.ipynb": JSON.stringify({ cells }) }), [
    "notebooks/07_a.ipynb: the link to ../gone.md points to a file that does not exist",
  ]);
});

Deno.test('deadLinks() checks the notes "Taught in" of source files', async () => {
  const notebook = JSON.stringify({ cells: [{ cell_type: "markdown", source: "$$x \\tag{7.1}$$" }] });
  const at = (place: string) => `/** Taught in: ${place} */`;
  assertEquals(
    await dead({
      "notebooks/07_a.ipynb": notebook,
      "good.ts": at("notebooks/07_a.ipynb, Eq. (7.1)"),
      "wrong.ts": at("notebooks/07_a.ipynb, Eq. (7.2)"),
      "gone.ts": at("notebooks/08_b.ipynb"),
    }),
    [
      'wrong.ts: "Taught in" names Eq. (7.2) of notebooks/07_a.ipynb, which does not exist',
      'gone.ts: "Taught in" names notebooks/08_b.ipynb, which does not exist',
    ],
  );
});

Deno.test("anchors() returns GitHub's anchors", () => {
  const found = anchors("# What it is\n## `setup` & [more](x.md)\n## Twice\n## Twice\n```\n# no heading\n```\n");
  for (const anchor of ["what-it-is", "setup--more", "twice", "twice-1"]) assert(found.has(anchor), anchor);
  assert(!found.has("no-heading"));
});
