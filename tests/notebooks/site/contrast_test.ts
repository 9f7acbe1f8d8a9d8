/** The contrast of text with its background, as WCAG 2 defines it, on light and dark pages. */
import { assertEquals, assertGreater } from "@std/assert";
import { Highlighter } from "../../../notebooks/tools/site/code.ts";

const STYLE = await Deno.readTextFile(new URL("../../../notebooks/tools/site/style.css", import.meta.url));

type Theme = 0 | 1;

/** The colours of the style sheet, for light and dark pages. */
const COLOURS = new Map(
  [...STYLE.matchAll(/--([a-z]+): light-dark\((#\w{6}), (#\w{6})\);/g)].map(([, name, light, dark]) => [name!, [light!, dark!]]),
);

function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high! + 0.05) / (low! + 0.05);
}

for (const theme of [0, 1] as Theme[]) {
  const name = theme === 0 ? "light" : "dark";
  const colour = (key: string) => COLOURS.get(key)![theme]!;

  Deno.test(`text on ${name} pages has a contrast of at least 4.5`, () => {
    for (const text of ["ink", "quiet", "mark"]) {
      for (const ground of ["paper", "soft"]) assertGreater(contrast(colour(text), colour(ground)), 4.5, `${text} on ${ground}`);
    }
    assertGreater(contrast(colour("ink"), colour("found")), 4.5);
  });

  Deno.test(`code on ${name} pages has a contrast of at least 4.5`, async () => {
    const highlighter = await Highlighter.load();
    const code = 'import type { A } from "x"; // comment\n/** Doc @param a {@link b} */\n' +
      "class B<T> extends C { #p = /a+b/g; static m = `a${1}`; }\n" +
      "async function* f(a: number, b?: string): Promise<void> { if (!a) throw new Error('x'); " +
      "yield await this.c!.d as never; }\n" +
      "const E = { f: true, g: null, [h]: 1.5 }; type K = keyof typeof E;";
    highlighter.lines(code, "ts");
    highlighter.lines("npm run x --y | grep 'z' # comment", "sh");
    highlighter.lines('{"a": [1, true, "b"]}', "json");
    const colours = [...highlighter.css().matchAll(/light-dark\((#\w{6}),(#\w{6})\)/g)].map((match) => match[theme + 1]!);
    assertGreater(colours.length, 5);
    assertEquals(colours.filter((text) => contrast(text, colour("soft")) < 4.5), []);
  });
}
