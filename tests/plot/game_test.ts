import { assert, assertEquals, assertGreater, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { game, termsOf } from "../../lib/plot/game.ts";
import { PLOTLY_TYPE } from "../../lib/plot/png.ts";
import { show } from "../../lib/plot/show.ts";
import { COLOUR_OF, coloursOf } from "../../lib/plot/style.ts";
import { systemOf, systems } from "../../lib/systems/registry.ts";
import { buildSmall, SMALL } from "../systems/_small.ts";
import { contrast, faults, parse, wordsIn } from "./_drawings.ts";
import { memoryOutlet, pixelsOf } from "./_helpers.ts";

Deno.test("game() draws every system: all letters, losses and headings, without overlaps", async () => {
  for (const small of SMALL) {
    const model = buildSmall(small);
    const played = model.game()!;
    const drawing = game(model);
    model.dispose();
    assertEquals(await faults(drawing), [], small.name);
    const root = await parse(drawing);
    const words = (await wordsIn(root)).map(({ text }) => text);
    assertEquals([...root.querySelectorAll("g")].length, played.updates.length);
    for (const [i, update] of played.updates.entries()) {
      const panel = [...root.querySelectorAll("g")][i]!;
      const terms = termsOf(update);
      assertEquals([...panel.querySelectorAll("rect")].length, terms.length);
      assertEquals([...panel.querySelectorAll("path")].length, terms.flatMap(({ of }) => of).length);
      assert(words.some((text) => text.startsWith(`${i + 1}. `) && update.trains.every((letter) => text.includes(letter))));
      for (const rect of panel.querySelectorAll("rect")) {
        const x = Number(rect.getAttribute("x"));
        assert(x >= 0 && x + Number(rect.getAttribute("width")) <= drawing.width, small.name);
      }
    }
  }
});

Deno.test("game() shows who is frozen in an update, and where the gradient flows", async () => {
  const root = await parse(game(systemOf("pix2pix")!));
  const words = (await wordsIn(root)).map(({ text }) => text);
  assert(words.includes("1. D learns, G is frozen"));
  assert(words.includes("2. G learns, D is frozen"));
  const [first, second] = [...root.querySelectorAll("g")];
  const dashed = (panel: typeof first) =>
    [...panel!.querySelectorAll("rect[stroke-dasharray]")].map((r) => r.getAttribute("stroke"));
  assertEquals(dashed(first), [COLOUR_OF["generator"]!]);
  assertEquals(dashed(second), [COLOUR_OF["discriminator"]!]);
  const colours = (panel: typeof first) =>
    [...panel!.querySelectorAll("path")].map((path) => path.getAttribute("stroke")).filter((colour) => colour !== "currentColor");
  assertEquals(colours(first), [COLOUR_OF["discriminator"]!, COLOUR_OF["discriminator"]!]);
  // From the adversarial loss through D to G, and from the L1 loss to G.
  assertEquals(colours(second).sort(), [COLOUR_OF["adversarial"]!, COLOUR_OF["adversarial"]!, COLOUR_OF["l1"]!].sort());
});

Deno.test("game() follows the settings of a system of the registry", () => {
  const alt = (settings: object) => game(systemOf("pix2pix")!, { settings }).alt;
  assertStringIncludes(alt({}), "discriminator from D(x, y) and D(x, G(x))");
  assertStringIncludes(alt({ conditional: false }), "discriminator from D(y) and D(G(x))");
  assert(!alt({ adversarial: false }).includes("D is"));
  assertStringIncludes(game(systemOf("pix2pix")!, { settings: { lambda: 7 } }).svg, "× 7");
  assertStringIncludes(game(systemOf("gan")!, { settings: { loss: "wasserstein" } }).svg, "D learns (5 times)");
  assertThrows(() => game(systemOf("pix2pix")!, { settings: { lamda: 7 } }), RangeError, "unknown setting lamda");
});

Deno.test("game() draws selected updates", () => {
  const whole = game(systemOf("stackgan")!);
  const part = game(systemOf("stackgan")!, { updates: [3, 4] });
  for (const number of [0, 5, 1.5]) {
    const wrong = () => game(systemOf("stackgan")!, { updates: [1, number] });
    assertThrows(wrong, RangeError, `expected numbers of updates from 1 to 4, got ${number}`);
  }
  assert(!game(systemOf("cyclegan")!, { settings: { lambda: 0.1, identity: 3 } }).svg.includes("0.30000000000000004"));
  assertGreater(whole.height, part.height);
  assertStringIncludes(part.svg, "3. Stage II: D learns");
  assert(!part.svg.includes("1. Stage I: D"));
});

Deno.test("game() throws on a system that does not describe its game", () => {
  assertThrows(() => game({ kind: "mine" }), Error, "Cannot draw the game of mine: the system does not describe its game");
});

Deno.test("termsOf() reads formulas", () => {
  const terms = termsOf({ losses: { loss: ["D(x, G(x, y))", "D′(G(x, y))"] } });
  assertEquals(terms.map(({ text }) => text), ["x", "x", "y", "G(x, y)", "D(x, G(x, y))", "D′(G(x, y))", "loss"]);
  assertEquals(terms[4]!.of.map(({ text }) => text), ["x", "G(x, y)"]);
});

Deno.test("show() displays a drawing as SVG and as PNG, and writes both", async () => {
  const drawing = game(systems()[0]!);
  const outlet = memoryOutlet();
  const folder = await Deno.makeTempDir();
  try {
    await show(drawing, { outlet, file: `${folder}/game.svg` });
    await show(drawing, { print: () => {}, file: `${folder}/game.png` });
    const { data, metadata } = outlet.shown[0]!.output;
    assertEquals(Object.keys(data), ["image/svg+xml", "image/png", "text/plain"]);
    assert(!(PLOTLY_TYPE in data));
    assertEquals([data["image/svg+xml"], data["text/plain"]], [drawing.svg, drawing.alt]);
    assertEquals(metadata, { "image/png": { width: drawing.width, height: drawing.height } });
    assertEquals(await Deno.readTextFile(`${folder}/game.svg`), drawing.svg);
    const pixels = await pixelsOf(await Deno.readFile(`${folder}/game.png`));
    assertEquals([pixels.width, pixels.height], [2 * drawing.width, 2 * drawing.height]);
    assertGreater(pixels.count([0, 0x72, 0xb2]), 3000);
    assertGreater(pixels.count([0x1f, 0x24, 0x30]), 2000, "words as outlines");
    await assertRejects(() => show(drawing, { file: "game.jpg" }), TypeError, "must end in .png or .svg");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("every loss has a colour of its own, the same in curves and in drawings", () => {
  for (const small of SMALL) {
    const model = buildSmall(small);
    const names = model.game()!.updates.slice(0, 2).flatMap(({ losses }) => Object.keys(losses));
    assertEquals(coloursOf(names), names.map((name) => COLOUR_OF[name]!), small.name);
    for (const name of Object.keys(model.networks)) if (name !== "average") assert(COLOUR_OF[name], name);
    model.dispose();
  }
});

Deno.test("words in filled shapes have enough contrast", async () => {
  for (const { kind } of systems()) {
    const root = await parse(game(systemOf(kind)!));
    for (const text of root.querySelectorAll("text")) {
      const fill = text.getAttribute("fill")!;
      if (fill === "currentColor") continue;
      const shape = [...root.querySelectorAll("rect")].find((rect) => {
        const [x, y] = [Number(text.getAttribute("x")), Number(text.getAttribute("y"))];
        const [left, top] = [Number(rect.getAttribute("x")), Number(rect.getAttribute("y"))];
        return rect.parentNode === text.parentNode && x > left && x < left + Number(rect.getAttribute("width")) && y > top &&
          y < top + 44;
      })!;
      assertGreater(contrast(fill, shape.getAttribute("fill")!), 4.5, `${kind}: ${text.textContent}`);
    }
  }
});
