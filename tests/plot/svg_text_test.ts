import { assertAlmostEquals, assertEquals } from "@std/assert";
import { loadJsdom } from "../../lib/packages.ts";
import { layoutText, type SvgNode, textBox } from "../../lib/plot/svg_text.ts";
import type { Typeface } from "../../lib/plot/typeface.ts";

/** A typeface whose characters are all 0.5 em wide. */
const HALF: Typeface = {
  ascent: 1,
  descent: 0.25,
  measure: (text, size) => text.length * size / 2,
  draw: () => "",
  wrap: (text) => [text],
};

async function svg(content: string): Promise<SvgNode> {
  const { JSDOM } = await loadJsdom() as unknown as {
    JSDOM: new (html: string) => { window: { document: { querySelector(selector: string): SvgNode } } };
  };
  return new JSDOM(`<svg>${content}</svg>`).window.document.querySelector("svg > *");
}

const places = (node: SvgNode): unknown[] =>
  layoutText(node, HALF).map(({ text, x, y, size, weight }) => [text, x, y, size, weight]);

Deno.test("layoutText() places runs side by side, each in its own size and weight", async () => {
  const node = await svg(
    `<text x="10" y="20" style="font-size: 10px; fill: red">ab<tspan style="font-weight:bold">cd</tspan>` +
      `<tspan style="font-size:20px">e</tspan></text>`,
  );
  assertEquals(places(node), [["ab", 10, 20, 10, 400], ["cd", 20, 20, 10, 600], ["e", 30, 20, 20, 400]]);
  assertEquals(layoutText(node, HALF)[0]!.fill, "red");
});

Deno.test("layoutText() anchors all runs of a line together", async () => {
  const middle = await svg(
    `<text x="100" y="0" text-anchor="middle" font-size="10">ab<tspan font-weight="700">cd</tspan></text>`,
  );
  assertEquals(places(middle), [["ab", 90, 0, 10, 400], ["cd", 100, 0, 10, 600]]);
  const lines = await svg(
    `<text text-anchor="end" font-size="10"><tspan x="100" y="5" dy="0em">abcd</tspan>` +
      `<tspan x="100" y="5" dy="1.3em">ef</tspan></text>`,
  );
  assertEquals(places(lines), [["abcd", 80, 5, 10, 400], ["ef", 90, 18, 10, 400]]);
});

Deno.test("textBox() bounds all text of a node, with transforms", async () => {
  const group = await svg(
    `<g transform="translate(100,200)"><text transform="rotate(-90)" x="0" y="0" font-size="10">abcd</text>` +
      `<path d="M0 0L500 500"/></g>`,
  );
  const own = textBox(group, HALF, "own")!;
  // 20 wide and 12.5 high, rotated: the ascent of 10 extends to the left, the descent of 2.5 to the right.
  for (const [key, value] of Object.entries({ left: -10, right: 2.5, top: -20, bottom: 0 })) {
    assertAlmostEquals(own[key as keyof typeof own], value, 1e-9, `${key} ${own[key as keyof typeof own]}`);
  }
  const page = textBox(group, HALF, "page")!;
  assertAlmostEquals(page.left, 90, 1e-9);
  assertAlmostEquals(page.top, 180, 1e-9);
  const scaled = await svg(`<g><text transform="scale(2)" x="3" y="4" font-size="10">ab</text></g>`);
  assertEquals(textBox(scaled, HALF, "page"), { left: 6, top: -12, right: 26, bottom: 13 });
  assertEquals(textBox(await svg(`<g><path d="M0 0"/></g>`), HALF, "own"), undefined);
});
