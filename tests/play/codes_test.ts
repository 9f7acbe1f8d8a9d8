import { assertAlmostEquals, assertEquals } from "@std/assert";
import { between, combined, moved, nextLetter } from "../../lib/play/codes.ts";
import { centred, greyPixels, shrunk } from "../../lib/play/ink.ts";

const length = (code: Float32Array) => Math.hypot(...code);

Deno.test("between() goes straight for uniform noise, and along the sphere for normal noise", () => {
  const [a, b] = [Float32Array.of(1, 0, 0), Float32Array.of(0, 1, 0)];
  assertEquals([...between(a, b, 0.25, "uniform")], [0.75, 0.25, 0]);
  const half = between(a, b, 0.5, "normal");
  assertAlmostEquals(half[0]!, Math.SQRT1_2, 1e-6);
  assertAlmostEquals(length(half), 1, 1e-6);
  for (const noise of ["uniform", "normal"] as const) {
    assertEquals(between(a, b, 0, noise), a);
    between(a, b, 1, noise).forEach((value, d) => assertAlmostEquals(value, b[d]!, 1e-6));
  }
  const [same, zero] = [between(a, a, 0.5, "normal"), between(a, new Float32Array(3), 0.5, "normal")];
  assertEquals([...same], [1, 0, 0]); // there is no angle between equal codes
  assertAlmostEquals(zero[0]!, Math.SQRT1_2, 1e-6);
});

Deno.test("moved() moves a code along axes, by standard deviations", () => {
  const directions = { axes: [[0, 1, 0], [1, 0, 0]], scales: [2, 0.5] };
  const code = Float32Array.of(1, 1, 1);
  assertEquals([...moved(code, directions, [1.5, -2])], [0, 4, 1]);
  assertEquals([...moved(code, directions, [])], [1, 1, 1]);
  assertEquals([...code], [1, 1, 1]); // not changed
});

Deno.test("combined() is a − b + c", () => {
  assertEquals([...combined(Float32Array.of(1, 2), Float32Array.of(0.5, 3), Float32Array.of(0, 1))], [0.5, 0]);
});

Deno.test("nextLetter() takes the first free letter", () => {
  assertEquals(nextLetter([]), "A");
  assertEquals(nextLetter(["A", "C"]), "B");
  assertEquals(nextLetter(Array.from({ length: 26 }, (_, i) => String.fromCharCode(65 + i))), "A1");
});

Deno.test("shrunk() averages the pixels of each block", () => {
  const { ink, height, width } = shrunk(Uint8Array.of(1, 1, 0, 0, 1, 0, 0, 0), { height: 2, width: 4 }, 2);
  assertEquals([height, width], [1, 2]);
  assertEquals([...ink], [0.75, 0]);
  assertEquals([...greyPixels({ ink, height, width }, false).data], [191, 191, 191, 255, 0, 0, 0, 255]);
  assertEquals([...greyPixels({ ink, height, width }, true).data], [64, 64, 64, 255, 255, 255, 255, 255]);
});

Deno.test("centred() puts the ink into the middle, at the size of MNIST's digits", () => {
  const size = { height: 56, width: 56 };
  const drawn = new Uint8Array(56 * 56);
  for (let row = 2; row < 12; row++) drawn.fill(1, row * 56 + 40, row * 56 + 44); // 10 pixels high, 4 wide, in a corner
  const ink = [...centred(drawn, size)].flatMap((has, i) => has ? [[i % 56, Math.floor(i / 56)] as const] : []);
  const [columns, rows] = [ink.map(([column]) => column), ink.map(([, row]) => row)];
  assertEquals(Math.max(...rows) - Math.min(...rows) + 1, 40); // 20/28 of the height
  assertEquals(Math.max(...columns) - Math.min(...columns) + 1, 16);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  assertAlmostEquals(mean(rows), 27.5, 0.6);
  assertAlmostEquals(mean(columns), 27.5, 0.6);
  const blob = new Uint8Array(56 * 56); // a thin line below a heavy mass
  for (let row = 0; row < 12; row++) blob.fill(1, row * 56, row * 56 + 30);
  for (let row = 12; row < 56; row++) blob[row * 56 + 15] = 1;
  const inside = [...centred(blob, size)].flatMap((has, i) => has ? [Math.floor(i / 56)] : []);
  assertEquals(Math.max(...inside) - Math.min(...inside) + 1, 40); // nothing is cut off
  const empty = new Uint8Array(4);
  assertEquals(centred(empty, { height: 2, width: 2 }), empty);
});
