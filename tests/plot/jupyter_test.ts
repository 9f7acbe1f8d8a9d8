import { assert, assertEquals } from "@std/assert";
import { displayable, inNotebook, notebook, type Outlet } from "../../lib/plot/jupyter.ts";
import { memoryOutlet } from "./_helpers.ts";

const SYMBOL = Symbol.for("Jupyter.display");

Deno.test("inNotebook() is false outside a kernel", () => {
  assert(!inNotebook());
  assertEquals(notebook(), undefined);
});

Deno.test("displayable() displays the output itself in a notebook, and returns it elsewhere", async () => {
  const output = { data: { "text/plain": "x" }, metadata: { a: 1 } };
  const outlet = memoryOutlet();
  const displayOf = (...more: [] | [() => Outlet]) =>
    (displayable({}, () => Promise.resolve(output), ...more) as Record<symbol, () => Promise<unknown>>)[SYMBOL]!();
  assertEquals(await displayOf(), output.data);
  assertEquals(await displayOf(() => outlet), {});
  assertEquals(outlet.shown, [{ output, id: undefined }]);
});
