import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { dirname, join } from "node:path";
import * as forger from "../../mod.ts";
import { deadLinks } from "../tools/links.ts";
import {
  codeSpans,
  equationsCited,
  equationsTagged,
  papersCited,
  references,
  resolves,
  statedValues,
  valueOf,
} from "./_prose.ts";
import { beside, type Course, course, isLesson, ROOT, stem, texts } from "./_notebooks.ts";

const notebooks = await course();
const papers = references(await Deno.readTextFile(join(ROOT, "notebooks", "references.bib")));

const prose = (lesson: Course) => texts(lesson, "markdown").map(({ text }) => text).join("\n\n");
const code = (lesson: Course) => texts(lesson, "code").map(({ text }) => text).join("\n\n");

for (const lesson of notebooks.filter(isLesson)) {
  const number = Number(stem(lesson).slice(0, 2));

  Deno.test(`${lesson.name} numbers its equations in order, and names each in the code that computes it`, () => {
    const tagged = equationsTagged(prose(lesson));
    assertEquals(tagged, tagged.map((_, i) => `${number}.${i + 1}`));
    const computed = new Set(equationsCited(code(lesson)));
    assertEquals(tagged.filter((tag) => !computed.has(tag)), []);
  });
}

for (const lesson of notebooks) {
  Deno.test(`${lesson.name} cites equations and papers that there are`, () => {
    const tagged = new Set(notebooks.flatMap((other) => equationsTagged(prose(other))));
    assertEquals(equationsCited(prose(lesson) + code(lesson)).filter((tag) => !tagged.has(tag)), []);
    assertEquals(papersCited(prose(lesson)).filter((n) => papers[n - 1] === undefined), []);
  });

  Deno.test(`${lesson.name} names only what is in mod.ts, in its own code, or on the disk`, async () => {
    const tasks = Object.keys(JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json"))).tasks);
    const unknown: string[] = [];
    for (const span of codeSpans(prose(lesson))) {
      if (!await resolves(span, { code: code(lesson), folder: dirname(lesson.path), root: ROOT, tasks })) unknown.push(span);
    }
    assertEquals(unknown, []);
  });

  Deno.test(`${lesson.name} states defaults as they are`, () => {
    for (const { path, value } of statedValues(prose(lesson))) {
      assertEquals(valueOf(forger, path), value, `it says that ${path} is ${value}`);
    }
  });

  Deno.test(`${lesson.name} has no placeholders`, () => {
    assertEquals(prose(lesson).match(/\bTODO\b|^[A-Z]{3,}$/gm) ?? [], []);
  });

  Deno.test(`${lesson.name} has links that lead somewhere`, async () => {
    assertEquals(await deadLinks(ROOT, [lesson.path]), []);
  });
}

for (const lesson of notebooks.filter(isLesson)) {
  Deno.test(`${lesson.name} has the cells of prose that its test names`, async () => {
    // A comment of the test begins with the cell whose claim is asserted: "`norm-text`: ...", or "`solutions/shown-text`: ...".
    const solutions = notebooks.find((other) => !isLesson(other) && stem(other) === stem(lesson))!;
    const ids = [lesson, solutions].flatMap((notebook) =>
      texts(notebook, "markdown").map(({ id }) => isLesson(notebook) ? id : `solutions/${id}`)
    );
    const test = await Deno.readTextFile(beside(`${stem(lesson)}_test.ts`));
    const named = [...test.matchAll(/\/\/ `([^`]+)`/g)].map(([, id]) => id!);
    assert(named.length > 0, "it names no cell");
    assertEquals(named.filter((id) => !ids.includes(id)), []);
  });

  Deno.test(`${lesson.name} lists the papers that it cites, as the bibliography has them`, () => {
    const [text, list = ""] = prose(lesson).split(/^## References$/m);
    const items = list.split(/^- /m).map((item) => item.replaceAll(/\s+/g, " "));
    for (const n of new Set(papersCited(text!))) {
      const { title, year, eprint } = papers[n - 1]!;
      const item = items.find((item) => item.startsWith(`[${n}] `));
      assert(item, `[${n}] is not in its list`);
      for (const part of [title, year, eprint]) if (part) assertStringIncludes(item, part);
    }
  });
}
