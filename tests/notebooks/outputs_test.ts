import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { isStale } from "../../notebooks/tools/notebooks.ts";
import { type NotebookOutput, whole } from "../../notebooks/tools/notebook.ts";
import { type Course, course, isLesson, ROOT, texts } from "./_notebooks.ts";

/** Bytes of a notebook, and of a picture in it: twelve images of 128 x 128 pixels with noise take 180 KiB. */
const MOST_BYTES = 1.5 * 1024 ** 2;
const MOST_PICTURE = 200 * 1024;
const PLOTLY = "application/vnd.plotly.v1+json";

function outputs({ notebook }: Course): NotebookOutput[] {
  return notebook.cells.flatMap((cell) => cell.outputs ?? []);
}

for (const lesson of await course()) {
  Deno.test(`${lesson.name} has the outputs of its code: if not, run deno task notebooks`, async () => {
    assert(!await isStale(lesson.path, ROOT), "its code, or a file that it imports, is another than when its outputs were made");
  });

  Deno.test(`${lesson.name} was run from top to bottom, without an error`, () => {
    const counts = lesson.notebook.cells.filter(({ cell_type }) => cell_type === "code").map((cell) => cell.execution_count);
    assertEquals(counts, counts.map((_, i) => i + 1));
    assertEquals(outputs(lesson).filter(({ output_type }) => output_type === "error"), []);
  });

  Deno.test(`${lesson.name} is small, and has a still picture beside each interactive figure`, async () => {
    assertLessOrEqual((await Deno.stat(lesson.path)).size, MOST_BYTES);
    for (const { data } of outputs(lesson)) {
      if (data?.[PLOTLY]) assert(data["image/png"], "an interactive figure without a still");
      const png = data?.["image/png"] as string | undefined;
      if (png) assertLessOrEqual(png.length * 3 / 4, MOST_PICTURE, `too large: ${whole(data!["text/plain"] as string)}`);
    }
  });

  Deno.test(`${lesson.name} shows nothing of the machine that ran it`, () => {
    const shown = JSON.stringify(outputs(lesson).map(({ data, text }) => [data?.["text/plain"], text]));
    assertEquals(shown.match(/(\/(home|Users|tmp|root|work|var)\/|[A-Z]:\\\\)[^"]*/g), null);
  });
}

for (const lesson of (await course()).filter(isLesson)) {
  Deno.test(`${lesson.name} takes the minutes that it says`, () => {
    const [, said] = texts(lesson, "markdown")[0]!.text.match(/\*\*Time:\*\* about (\d+) minutes?/) ?? [];
    const measured = lesson.notebook.metadata.forger!.seconds / 60;
    // The machine that made the outputs may have had other things to do.
    assert(
      measured <= 3 * Number(said) && (measured >= Number(said) / 2 || said === "1"),
      `it says ${said}, and took ${measured.toFixed(1)}`,
    );
  });
}
