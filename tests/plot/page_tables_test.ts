import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { escaped, nameValueTable, sampleTables, spread } from "../../lib/plot/page_tables.ts";
import { pixelsOf, sampleEvent, solid } from "./_helpers.ts";

/** Returns the colours of the images of each row, decoded from the HTML. */
async function colours(html: string): Promise<number[][][]> {
  const rows = html.split("<tr>").slice(2);
  return await Promise.all(
    rows.map((row) =>
      Promise.all(
        [...row.matchAll(/base64,([^"]+)"/g)].map(async ([, file]) => (await pixelsOf(Uint8Array.fromBase64(file!))).at(0, 0)),
      )
    ),
  );
}

Deno.test("sampleTables() orders columns as input, epochs, target", async () => {
  const html = await sampleTables([sampleEvent(5), sampleEvent(0), sampleEvent(2)], ["a<b>.jpg"]);
  assertEquals([...html.matchAll(/<th scope="col">([^<]*)</g)].map(([, name]) => name), [
    "input",
    "before",
    "epoch 2",
    "epoch 5",
    "target",
  ]);
  assertEquals(await colours(html), [
    [[0, 0, 255], [0, 100, 0], [40, 100, 0], [100, 100, 0], [255, 0, 0]],
    [[0, 0, 254], [0, 101, 0], [40, 101, 0], [100, 101, 0], [255, 1, 0]],
  ]);
  assertStringIncludes(html, `<th scope="row">a&lt;b&gt;.jpg</th>`);
  assertStringIncludes(html, `alt="generated, sample a&lt;b&gt;.jpg, after epoch 2"`);
  assertStringIncludes(html, `alt="input, sample 2"`);
  assertEquals(html.match(/<img/g)!.length, html.match(/ alt="/g)!.length);
});

Deno.test("sampleTables() formats one table per kind of generated image", async () => {
  const rows = [{ image: solid([1, 2, 3]), reconstruction: solid([4, 5, 6]) }];
  const html = await sampleTables([{ epoch: 0, step: 0, rows }, { epoch: 1, step: 9, rows }]);
  assertEquals(html.match(/<table/g)!.length, 2);
  assertEquals((await colours(html.split("</table>")[1]!))[0], [[4, 5, 6], [4, 5, 6]]);
});

Deno.test("sampleTables() selects at most 8 epochs, and says so", async () => {
  const html = await sampleTables(Array.from({ length: 31 }, (_, epoch) => sampleEvent(epoch)));
  const heads = [...html.matchAll(/<th scope="col">([^<]*)</g)].map(([, name]) => name);
  assertEquals([heads.length, heads[1], heads.at(-2)], [10, "before", "epoch 30"]);
  assertStringIncludes(html, "at 8 of the 31 sampled epochs");
});

Deno.test("spread() keeps the first and the last item, in order, without duplicates", () => {
  const kept = spread(Array.from({ length: 100 }, (_, i) => i), 8);
  assertEquals([kept.length, kept[0], kept.at(-1), new Set(kept).size], [8, 0, 99, 8]);
  assert(kept.every((value, i) => i === 0 || value > kept[i - 1]!));
  assertEquals(spread([1, 2], 8), [1, 2]);
});

Deno.test("escaped() escapes HTML", () => {
  assertEquals(escaped(`<img src="x" onerror='y'> & more`), "&lt;img src=&quot;x&quot; onerror=&#39;y&#39;&gt; &amp; more");
  assertEquals(escaped(12), "12");
});

Deno.test('nameValueTable() formats values of all types, and returns "" for no values', () => {
  const table = nameValueTable("C", { a: 1, "<b>": ["x"], c: undefined, d: false });
  assertStringIncludes(table, `<th scope="row">a</th><td>1</td>`);
  assertStringIncludes(table, `<th scope="row">&lt;b&gt;</th><td>[&quot;x&quot;]</td>`);
  assertStringIncludes(table, `<th scope="row">d</th><td>false</td>`);
  assert(!table.includes(">c<"));
  assertEquals(nameValueTable("C", {}), "");
});

Deno.test("nameValueTable() shows unit and meaning, escaped, in rows of three cells", () => {
  const meanings = { size: { help: "Height & <width>.", unit: "pixels" }, lambda: { help: "λ" }, unused: { help: "none" } };
  const table = nameValueTable("C", { size: 64, lambda: 100, data: "a" }, meanings);
  assertStringIncludes(table, `<th scope="row">size</th><td>64 pixels</td><td>Height &amp; &lt;width&gt;.</td>`);
  assertStringIncludes(table, `<th scope="row">lambda</th><td>100</td><td>λ</td>`);
  assertStringIncludes(table, `<th scope="row">data</th><td>a</td><td></td>`);
  assertEquals(table.split("<tr>").length - 1, 3);
});
