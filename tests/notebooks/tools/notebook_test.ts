import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { inLines, type Notebook, readNotebook, whole, writeNotebook } from "../../../notebooks/tools/notebook.ts";

Deno.test("inLines() and whole() are each other's opposite, and keep line ends", () => {
  assertEquals(inLines("a\n\nb"), ["a\n", "\n", "b"]);
  assertEquals(inLines("a\n"), ["a\n"]);
  assertEquals(inLines(""), []);
  for (const text of ["", "a", "a\n", "\n\na\nb\n"]) assertEquals(whole(inLines(text)), text);
  assertEquals(whole(undefined), "");
  assertEquals(whole("a\nb"), "a\nb");
});

Deno.test("writeNotebook() and readNotebook() give the same notebook, in Jupyter's layout", async () => {
  const path = join(await Deno.makeTempDir(), "a.ipynb");
  const cell = { id: "a", cell_type: "markdown", metadata: {}, source: ["# Größe\n", "text"] } as const;
  const notebook = { cells: [{ ...cell, source: [...cell.source] }], metadata: {}, nbformat: 4, nbformat_minor: 5 } as Notebook;
  await writeNotebook(path, notebook);
  assertEquals(await readNotebook(path), notebook);
  const text = await Deno.readTextFile(path);
  assertEquals(text.slice(0, 15), '{\n "cells": [\n ');
  assertEquals(text.at(-1), "\n");
});

Deno.test("readNotebook() refuses what is no notebook", async () => {
  const path = join(await Deno.makeTempDir(), "a.ipynb");
  for (const text of ["{", '{"cells": []}', '{"nbformat": 4}']) {
    await Deno.writeTextFile(path, text);
    await assertRejects(() => readNotebook(path), Error, "it is no notebook of format 4");
  }
});
