import { assertEquals, assertThrows } from "@std/assert";
import { join } from "node:path";
import { authorsOf, parseBibtex } from "../../../notebooks/tools/site/bibtex.ts";
import { ROOT } from "../_notebooks.ts";

Deno.test("references.bib is BibTeX, and its entries are numbered in order", async () => {
  const entries = parseBibtex(await Deno.readTextFile(join(ROOT, "notebooks", "references.bib")));
  assertEquals(entries.map(({ number }) => number), entries.map((_, n) => n + 1));
  for (const { key, fields } of entries) {
    assertEquals(["author", "title", "year"].filter((name) => !fields[name]), [], key);
  }
});

Deno.test("parseBibtex() reads fields in braces, in quotation marks, and numbers, and converts accents", () => {
  const text = `Comments stand between entries. [0]
% [1]
@Article{key2020,
  author = {L{\\'e}on Bottou and Kr{\\"a}henb{\\"u}hl, Philipp and Fran\\c{c}ois Z},
  title = "A {GAN} \\& more -- a study",
  year = 2020,
}`;
  assertEquals(parseBibtex(text), [{
    number: 1,
    type: "article",
    key: "key2020",
    fields: { author: "Léon Bottou and Krähenbühl, Philipp and François Z", title: "A GAN & more – a study", year: "2020" },
  }]);
  assertEquals(authorsOf(parseBibtex(text)[0]!), "L. Bottou, P. Krähenbühl and F. Z");
});

Deno.test("parseBibtex() rejects what BibTeX rejects, and wrong numbers, on one line", () => {
  const entry = (text: string) => () => parseBibtex(text);
  assertThrows(entry("@misc{a, % [1]\n  title = {T}}"), Error, "line 1: expected a field");
  assertThrows(entry("% [1]\n@misc{a, title = {T\n}\n"), Error, "line 3: expected");
  assertThrows(entry("% [1]\n@misc{a, title = {T"), Error, "line 2: the value that begins here does not end");
  assertThrows(entry("% [2]\n@misc{a, title = {T}}"), Error, 'entry a is numbered [2]; write "% [1]" on the line before it');
  assertThrows(entry("@misc{a, title = {T}}"), Error, "entry a has no number");
  assertThrows(entry("% [1]\n@misc{a, year = 1}\n% [2]\n@misc{a, year = 2}"), Error, "the key a is used twice");
  assertThrows(entry("% [1]\n@misc{a, year = 1, year = 2}"), Error, "the field year is given twice");
});

Deno.test("authorsOf() shortens long lists", () => {
  const of = (author: string, most?: number) => authorsOf({ fields: { author } }, most);
  assertEquals(of("Jun-Yan Zhu"), "J.-Y. Zhu");
  assertEquals(of("A B and C D and E F", 2), "A. B and others");
});
