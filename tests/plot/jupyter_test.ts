import { assert, assertEquals } from "@std/assert";
import { inNotebook, notebook } from "../../lib/plot/jupyter.ts";

Deno.test("inNotebook() is false outside a kernel", () => {
  assert(!inNotebook());
  assertEquals(notebook(), undefined);
});
