import { inputGradient } from "./_oracle.ts";
import { assertCasesAgree, kernel } from "./_run.ts";

Deno.test("conv2dBackpropInput() is the gradient of a plain loop", async () => {
  await assertCasesAgree(
    ({ filter, dy, attributes }) => kernel("Conv2DBackpropInput", { dy, filter }, attributes),
    (sizes, { filter, dy }) => inputGradient(sizes, dy, filter),
  );
});
