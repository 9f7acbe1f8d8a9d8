import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { escaped, nameValueTable, scriptJson } from "../../lib/plot/html.ts";

Deno.test("escaped() leaves nothing that HTML would read as its own", () => {
  assertEquals(escaped(`<img src="x" onerror='y'> & more`), "&lt;img src=&quot;x&quot; onerror=&#39;y&#39;&gt; &amp; more");
  assertEquals(escaped(12), "12");
});

Deno.test("scriptJson() cannot end its script, and is the same value", () => {
  const value = { name: "</script><!--\u2028", numbers: [1, null] };
  assert(!/<|\u2028/.test(scriptJson(value)));
  assertEquals(JSON.parse(scriptJson(value)), value);
});

Deno.test("nameValueTable() writes values of all kinds, and nothing for nothing", () => {
  const table = nameValueTable("C", { a: 1, "<b>": ["x"], c: undefined, d: false });
  assertStringIncludes(table, `<th scope="row">a</th><td>1</td>`);
  assertStringIncludes(table, `<th scope="row">&lt;b&gt;</th><td>[&quot;x&quot;]</td>`);
  assertStringIncludes(table, `<th scope="row">d</th><td>false</td>`);
  assert(!table.includes(">c<"));
  assertEquals(nameValueTable("C", {}), "");
});
