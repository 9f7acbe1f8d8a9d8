import { assertEquals } from "@std/assert";
import { functionSizes } from "./size.ts";

const source = `export async function one(
  a: number,
): Promise<void> {
  if (a > 0) {
    await two();
  }
}

class Thing {
  method(a: string): void {
    for (const b of a) {
      console.log(b);
    }
  }
}

const three = (a: number) => {
  return a;
};
const notOne = {
  a: 1,
};
`;

Deno.test("functionSizes() measures functions, methods and arrows, and nothing else", () => {
  assertEquals(functionSizes(source), [{ line: 1, lines: 7 }, { line: 10, lines: 5 }, { line: 17, lines: 3 }]);
});
