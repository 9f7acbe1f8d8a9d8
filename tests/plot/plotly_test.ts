import { assertEquals } from "@std/assert";
import { loadSharp } from "../../lib/packages.ts";
import { CanvasContext } from "../../lib/plot/plotly.ts";

async function decoded(context: CanvasContext): Promise<number[]> {
  const sharp = await loadSharp();
  const file = Uint8Array.fromBase64(context.toDataUri().replace("data:image/png;base64,", ""));
  return [...await sharp(file).ensureAlpha().raw().toBuffer()];
}

Deno.test("fillRect() sets the pixels of a rectangle", async () => {
  const context = new CanvasContext({ width: 3, height: 2 });
  context.fillStyle = "rgba(10, 20, 30, 1)";
  context.fillRect(1, 0, 5, 1);
  context.fillStyle = "rgba(200,100,50,0.2)";
  context.fillRect(0, 1, 1, 1);
  const [ground, dark, pale] = [[0, 0, 0, 0], [10, 20, 30, 255], [200, 100, 50, 51]];
  assertEquals(await decoded(context), [ground, dark, dark, pale, ground, ground].flat());
});

Deno.test("putImageData() sets all pixels", async () => {
  const context = new CanvasContext({ width: 2, height: 2 });
  const image = context.createImageData(2, 2);
  const bytes = [1, 2, 3, 255, 4, 5, 6, 255, 7, 8, 9, 255, 250, 251, 252, 255];
  image.data.set(bytes);
  context.putImageData(image);
  assertEquals(await decoded(context), bytes);
});
