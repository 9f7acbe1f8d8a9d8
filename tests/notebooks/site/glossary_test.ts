import { assertEquals, assertThrows } from "@std/assert";
import { readTerms, TermFinder } from "../../../notebooks/tools/site/glossary.ts";

const TEXT = `# Glossary

Introduction.

## Mode collapse

The generator produces a few of the [modes](#mode) of $p_{data}$, whatever \`z\`
is.

Also called: collapse, the **Helvetica** scenario. First in [chapter 4](04_x.ipynb).

## FID

Fréchet inception distance.

## D

The discriminator.
`;

Deno.test("readTerms() reads names, other names and meanings", () => {
  assertEquals(readTerms(TEXT), [
    {
      id: "mode-collapse",
      name: "Mode collapse",
      others: ["collapse", "the Helvetica scenario"],
      meaning: "The generator produces a few of the modes of p_data, whatever z is.",
    },
    { id: "fid", name: "FID", others: [], meaning: "Fréchet inception distance." },
    { id: "d", name: "D", others: [], meaning: "The discriminator." },
  ]);
});

Deno.test("readTerms() rejects a term without a meaning, and two of one name", () => {
  assertThrows(() => readTerms("## A\n\n## B\n\nb"), Error, '"A" has no meaning');
  assertThrows(() => readTerms("## A\n\nAlso called: b."), Error, '"A" has no meaning');
  assertThrows(() => readTerms("## A\n\na\n\nAlso called: B.\n\n## b\n\nb"), Error, 'two terms are called "b"');
});

Deno.test("TermFinder finds the first mention of each term, as a whole word, in the plural too", () => {
  const finder = new TermFinder(readTerms(TEXT));
  const found = (text: string, ...skip: string[]) =>
    finder.find(text, new Set(skip)).map(({ start, end }) => text.slice(start, end));
  assertEquals(found("Mode\ncollapses, mode collapse, and the FID of D; collapsed"), ["Mode\ncollapses", "FID"]);
  assertEquals(found("mode collapse and FID", "mode-collapse"), ["FID"]);
  assertEquals(found("a fid, a confidence, a non-collapse"), [], "an abbreviation has capital letters");
  assertEquals(new TermFinder([]).find("anything", new Set()), []);
});
