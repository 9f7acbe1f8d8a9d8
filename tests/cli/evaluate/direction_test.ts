import { assertEquals, assertNotEquals } from "@std/assert";
import { join } from "node:path";
import { useBackend } from "../../../lib/backend/use_backend.ts";
import { evaluate } from "../../../lib/cli/evaluate.ts";
import { directionFor } from "../../../lib/cli/evaluate/translations.ts";
import { pairsFromFolder, writePairs } from "../../../lib/data/paired_folders.ts";
import { toytown } from "../../../data/worlds/toytown/mod.ts";
import { pix2pix } from "../../../lib/systems/pix2pix.ts";
import { withFolder } from "../_task.ts";

Deno.test("directionFor() returns the model's direction for data in the layout of its training data", () => {
  const trainedOn = (data: string, direction?: "AtoB" | "BtoA") => ({
    ...{ data, count: 1, fingerprint: "", steps: 1 },
    ...direction && { direction },
  });
  const of = (data: string, training?: ReturnType<typeof trainedOn>) => directionFor({ data, direction: undefined }, training);
  assertEquals(of("pairs", trainedOn("pairs (train)", "BtoA")), "BtoA");
  assertEquals(of("/elsewhere/others", trainedOn("pairs (train)", "BtoA")), "BtoA");
  assertEquals(of("facades", trainedOn("facades (train)", "AtoB")), "AtoB");
  assertEquals(of("/data/facades", trainedOn("facades (train)", "BtoA")), "BtoA");
  assertEquals(of("toytown", trainedOn("toytown (train)", "AtoB")), "AtoB");
  assertEquals(of("toytown", trainedOn("pairs (train)", "AtoB")), undefined, "toytown has a direction of its own");
  assertEquals(of("written", trainedOn("toytown (train)", "BtoA")), undefined, "the labels may be on the left");
  assertEquals(of("pairs", trainedOn("pairs (train)")), undefined, "from before directions were recorded");
  assertEquals(of("pairs"), undefined);
  const training = trainedOn("pairs (train)", "BtoA");
  assertEquals(directionFor({ data: "pairs", direction: "AtoB" }, training), "AtoB", "the requested direction");
});

Deno.test("evaluate() measures a model in the direction that it was trained in", () =>
  withFolder(async (folder) => {
    await useBackend("cpu", { quiet: true });
    const [data, model] = [join(folder, "pairs"), join(folder, "model")];
    await writePairs(data, toytown({ count: 2, size: 32 }));
    const trained = pix2pix({ size: 32, filters: 1, layers: 1 });
    const pairs = { ...await pairsFromFolder(data, { size: 32, direction: "BtoA" }), direction: "BtoA" as const };
    for await (const _ of trained.train(pairs, { epochs: 1 }));
    await trained.save(model);
    trained.dispose();
    const l1 = async (direction?: "AtoB" | "BtoA") => {
      const values = {
        model,
        data,
        direction,
        targets: undefined,
        colourise: false,
        others: undefined,
        skipBad: false,
        asGiven: false,
        crop: false,
        scale: undefined,
      };
      const rest = { classifier: undefined, count: undefined, seed: undefined, json: true, backend: "cpu" as const };
      const { measures } = await evaluate({ ...values, ...rest });
      return measures.find(({ key }) => key === "l1")!.value;
    };
    assertEquals(await l1(), await l1("BtoA"));
    assertNotEquals(await l1(), await l1("AtoB"));
  }));
