import { assertEquals, assertThrows } from "@std/assert";
import { chooseSize, SIZES } from "../../notebooks/size.ts";

Deno.test("chooseSize() takes what suits the backend, unless a size is asked for", () => {
  const fitting = { tensorflow: "default", webgpu: "default", wasm: "small", cpu: "test" } as const;
  for (const [name, size] of Object.entries(fitting) as [keyof typeof fitting, string][]) {
    assertEquals(chooseSize({ name }, ""), size);
    for (const wanted of SIZES) assertEquals(chooseSize({ name }, wanted), wanted);
  }
});

Deno.test("chooseSize() refuses a size that there is not, and names those that there are", () => {
  assertThrows(
    () => chooseSize({ name: "tensorflow" }, "huge"),
    RangeError,
    'FORGER_SIZE must be test, small, default, full, got "huge"; name one of them',
  );
});
