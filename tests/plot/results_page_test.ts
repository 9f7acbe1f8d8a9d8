import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { scriptJson } from "../../lib/plot/page_assets.ts";
import { resultsPage } from "../../lib/plot/results_page.ts";
import { sampleEvent, solid } from "./_helpers.ts";

const EVIL = `<script>alert("x")</script>.jpg`;
const losses = Array.from(
  { length: 50 },
  (_, i) => ({ epoch: 1 + Math.floor(i / 10), step: i + 1, losses: { l1: 1 / (i + 1) } }),
);
const page = await resultsPage({
  title: `Run ${EVIL}`,
  subtitle: EVIL,
  status: "finished",
  losses,
  samples: [sampleEvent(0), sampleEvent(5)],
  sampleNames: [EVIL, "b.jpg"],
  tests: [{ name: EVIL, images: { input: solid([1, 2, 3]), generated: solid([3, 2, 1]) } }],
  measures: { "L1 on val, after": 0.3479 },
  settings: { size: 128, [EVIL]: EVIL },
  meanings: { size: { help: `Size of ${EVIL}`, unit: "pixels" }, [EVIL]: { help: EVIL } },
  backend: "TensorFlow 2.21.0, CPU",
  seconds: 754,
  warnings: [EVIL],
  files: ["losses.csv", "a b/c%.png"],
});
/** The page without its scripts and styles. */
const elements = page.replaceAll(/<script>[\s\S]*?<\/script>|<style>[\s\S]*?<\/style>/g, "");

Deno.test("resultsPage() contains status, time, backend, measures and settings", () => {
  for (
    const words of [
      "finished",
      "12 min 34 s",
      "TensorFlow 2.21.0, CPU",
      "Test images",
      "0.3479",
      "before",
      "epoch 5",
      ">128 pixels<",
    ]
  ) {
    assertStringIncludes(elements, words);
  }
});

Deno.test("resultsPage() escapes every text", () => {
  assert(!page.includes(`<script>alert`));
  // Title, heading, subtitle, warning, sample row, setting and its name, test row, and the alternative texts of its images.
  assert(elements.split("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;.jpg").length - 1 >= 12);
});

Deno.test("resultsPage() contains the losses and the sample images", () => {
  const json = page.match(/const forgerFigure = (.*);\n/)![1]!;
  const { data } = JSON.parse(json) as { data: { name: string; x: number[]; y: number[] }[] };
  assertEquals(data[0]!.y, losses.map((point) => point.losses.l1));
  // Two samples: input, two epochs, target; one test example: input, generated.
  assertEquals(elements.match(/<img /g)!.length, 2 * 4 + 2);
  assert(
    [...elements.matchAll(/<img [^>]*>/g)].every(([image]) =>
      /alt="[^"]+"/.test(image) && /src="data:image\/png;base64,/.test(image)
    ),
  );
});

Deno.test("resultsPage() is self-contained", () => {
  assertEquals(
    [...elements.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, link]) => link!).filter((link) => !link.startsWith("data:")),
    [
      "losses.csv",
      "a%20b/c%25.png",
    ],
  );
  assert(!/<link|<iframe|@import|url\((?!data:)/.test(elements + page.match(/<style>[\s\S]*?<\/style>/)![0]));
  assertEquals(page.match(/<script/g)!.length, page.match(/<\/script>/g)!.length);
});

Deno.test("resultsPage() shows the unit and the meaning of a setting", () => {
  assertStringIncludes(elements, `<th scope="row">size</th><td>128 pixels</td><td>Size of &lt;script&gt;`);
});

Deno.test("resultsPage() works before the first step", async () => {
  const early = await resultsPage({ title: "T", losses: [], samples: [sampleEvent(0)], settings: {} });
  assertStringIncludes(early, "No steps yet");
  assert(!early.includes("<script>"));
  assert(early.length < 200_000);
});

Deno.test("scriptJson() cannot end its script, and parses to the same value", () => {
  const value = { name: "</script><!--\u2028", numbers: [1, null] };
  assert(!/<|\u2028/.test(scriptJson(value)));
  assertEquals(JSON.parse(scriptJson(value)), value);
});
