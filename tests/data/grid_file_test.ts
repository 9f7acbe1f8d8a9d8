import { assertEquals, assertThrows } from "@std/assert";
import { join } from "node:path";
import { GridFile } from "../../lib/data/grid_file.ts";

Deno.test("GridFile reads the regions that were written, and removes its file", async () => {
  const folder = await Deno.makeTempDir();
  for (const named of [false, true]) {
    const grid = new GridFile(join(folder, "grid"), { height: 5, width: 7, cell: 2 }, { start: 3, named });
    const all = Uint8Array.from({ length: 70 }, (_, i) => i);
    grid.write({ left: 0, top: 0, width: 7, height: 5 }, all);
    grid.write({ left: 2, top: 1, width: 3, height: 2 }, new Uint8Array(12).fill(200));
    assertEquals([...grid.read({ left: 4, top: 1, width: 2, height: 1 })], [200, 200, 24, 25]);
    assertEquals([...grid.read({ left: 1, top: 2, width: 2, height: 2 })], [30, 31, 200, 200, 44, 45, 46, 47]);
    assertEquals(grid.read({ left: 0, top: 3, width: 7, height: 2 }), all.slice(42));
    grid.close();
    grid.close();
    assertEquals([...Deno.readDirSync(folder)], []);
  }
  await Deno.remove(folder);
});

Deno.test("GridFile refuses to read beyond the end of its file", async () => {
  const folder = await Deno.makeTempDir();
  const grid = new GridFile(join(folder, "grid"), { height: 2, width: 2, cell: 1 });
  assertThrows(() => grid.read({ left: 0, top: 0, width: 2, height: 2 }), Error, "shorter");
  grid.close();
  await Deno.remove(folder);
});
