import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { RunRecord } from "../../lib/train/run_record.ts";
import { sampleEvent, solid, stepEvent, training } from "../plot/_helpers.ts";

async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const parent = await Deno.makeTempDir();
  try {
    await run(`${parent}/runs/test`);
  } finally {
    await Deno.remove(parent, { recursive: true });
  }
}

const recordIn = (folder: string): RunRecord =>
  new RunRecord({
    folder,
    title: "A <test> run",
    settings: { size: 8, data: "a&b" },
    backend: "cpu",
    sampleNames: ["one.jpg", "two.jpg"],
  });
const steps = async (folder: string): Promise<string[]> =>
  (await Deno.readTextFile(`${folder}/losses.csv`)).trim().split("\n").slice(1).map((row) => row.split(",")[1]!);
const page = (folder: string): Promise<string> => Deno.readTextFile(`${folder}/index.html`);

Deno.test("RunRecord writes a page, the losses of each step, samples and settings", () =>
  inFolder(async (folder) => {
    const record = recordIn(folder);
    let seen = 0;
    for await (const _ of record.follow(training())) seen++;
    assertEquals(seen, 25);
    assertEquals(await steps(folder), Array.from({ length: 20 }, (_, i) => `${i + 1}`));
    assertStringIncludes(
      await Deno.readTextFile(`${folder}/losses.csv`),
      "epoch,step,discriminator,l1\n1,1,0.5,1\n1,2,0.5,0.5\n",
    );
    const html = await page(folder);
    for (
      const words of ["A &lt;test&gt; run", "a&amp;b", ">finished<", ">cpu<", "one.jpg", "before", "epoch 2", `href="losses.csv"`]
    ) {
      assertStringIncludes(html, words);
    }
    assertEquals(html.match(/<img /g)!.length, 2 * (1 + 3 + 1));
    assertEquals(JSON.parse(await Deno.readTextFile(`${folder}/run.json`)).settings, { size: 8, data: "a&b" });
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), [
      "index.html",
      "losses.csv",
      "run.json",
      "samples",
    ]);

    await record.finish({
      tests: [{ name: "new.jpg", images: { generated: solid([1, 2, 3]) } }],
      measures: { "L1, after": 0.5 },
    });
    assertStringIncludes(await page(folder), "new.jpg");
    assertStringIncludes(await page(folder), "L1, after");
  }));

Deno.test("RunRecord writes each step immediately, and the page with each sample", () =>
  inFolder(async (folder) => {
    const record = recordIn(folder);
    await record.add(sampleEvent(0));
    assertStringIncludes(await page(folder), "No steps yet");
    for (let step = 1; step <= 3; step++) {
      await record.add(stepEvent(step));
      assertEquals((await steps(folder)).length, step);
    }
    assert(!(await page(folder)).includes("forgerFigure"));
    await record.add(sampleEvent(1, 3));
    assertStringIncludes(await page(folder), "forgerFigure");
    assertStringIncludes(await page(folder), "running, step 3 of 20");
  }));

Deno.test("RunRecord continues after a crash without repeating a step", () =>
  inFolder(async (folder) => {
    // The checkpoint was written after step 10; the crash came at step 14.
    const before = recordIn(folder);
    for await (const event of training()) {
      if (event.step > 14) break;
      await before.add(event);
    }
    await before.add({ type: "warning", epoch: 2, step: 14, message: "one.jpg is flat" });
    await before.finish();
    assertStringIncludes(await page(folder), "stopped after step 14 of 20");
    const times = async () => JSON.parse(await Deno.readTextFile(`${folder}/run.json`));
    const { seconds, cpuSeconds } = await times();
    assert(cpuSeconds > 0);

    const after = recordIn(folder);
    for await (const _ of after.follow(training(10)));
    assertEquals(await steps(folder), Array.from({ length: 20 }, (_, i) => `${i + 1}`));
    const html = await page(folder);
    const { data } = JSON.parse(html.match(/const forgerFigure = (.*);\n/)![1]!) as { data: { name: string; y: number[] }[] };
    assertEquals(
      data.find(({ name }) => name === "l1")!.y.map((y) => y.toFixed(6)),
      Array.from({ length: 20 }, (_, i) => (1 / (i + 1)).toFixed(6)),
    );
    for (const words of ["before", "epoch 1", "epoch 2", "one.jpg is flat", ">finished<"]) assertStringIncludes(html, words);
    assert((await times()).seconds > seconds && (await times()).cpuSeconds > cpuSeconds);
  }));

Deno.test("RunRecord starts anew with a new training run", () =>
  inFolder(async (folder) => {
    for await (const _ of recordIn(folder).follow(training()));
    const again = recordIn(folder);
    await again.add(sampleEvent(0));
    await again.add(stepEvent(1));
    await again.finish();
    assertEquals(await steps(folder), ["1"]);
    assert(!(await page(folder)).includes("epoch 2"));
    assertEquals(JSON.parse(await Deno.readTextFile(`${folder}/samples/index.json`)).length, 1);
  }));

Deno.test("RunRecord states on the page why a training run failed, and rethrows the error", () =>
  inFolder(async (folder) => {
    async function* failing() {
      yield stepEvent(1);
      await Promise.resolve();
      throw new Error("the l1 loss is NaN, on <x>.jpg");
    }
    await assertRejects(
      async () => {
        for await (const _ of recordIn(folder).follow(failing()));
      },
      Error,
      "the l1 loss is NaN",
    );
    assertStringIncludes(await page(folder), "the l1 loss is NaN, on &lt;x&gt;.jpg");
    assertStringIncludes(await page(folder), ">failed<");
  }));

Deno.test("RunRecord never leaves an incomplete page", () =>
  inFolder(async (folder) => {
    const record = recordIn(folder);
    await record.add(sampleEvent(0));
    let whole = 0;
    let reading = true;
    const reader = (async () => {
      while (reading) {
        const html = await page(folder);
        assert(html.startsWith("<!doctype html>") && html.endsWith("</html>\n"), `incomplete page of ${html.length} characters`);
        whole++;
      }
    })();
    for (let step = 1; step <= 10; step++) {
      await record.add(stepEvent(step));
      await record.add(sampleEvent(1, step));
    }
    reading = false;
    await reader;
    assert(whole > 10, `read ${whole} times`);
  }));

Deno.test("RunRecord keeps an earlier page when a training run is refused", () =>
  inFolder(async (folder) => {
    for await (const _ of recordIn(folder).follow(training()));
    const before = await page(folder);
    // deno-lint-ignore require-yield
    async function* refusing(): AsyncGenerator<never> {
      throw new RangeError("Cannot resume: other settings");
    }
    await assertRejects(
      async () => {
        for await (const _ of recordIn(folder).follow(refusing()));
      },
      RangeError,
      "other settings",
    );
    assertEquals(await page(folder), before);
  }));

Deno.test("RunRecord.finish() without events adds results to the page, and keeps the rest", () =>
  inFolder(async (folder) => {
    const before = recordIn(folder);
    for await (const _ of before.follow(training()));
    const [html, { seconds }] = [await page(folder), JSON.parse(await Deno.readTextFile(`${folder}/run.json`))];
    await recordIn(folder).finish();
    // losses.csv has 8 digits
    const rounded = (text: string) => text.replaceAll(/0\.\d{7,}/g, (number) => Number(number).toPrecision(6));
    assertEquals(rounded(await page(folder)), rounded(html));
    await recordIn(folder).finish({ measures: { "L1, after": 0.5 } });
    assertStringIncludes(await page(folder), "L1, after");
    assertEquals((await page(folder)).match(/<img /g)!.length, html.match(/<img /g)!.length);
    const said = JSON.parse(await Deno.readTextFile(`${folder}/run.json`));
    assertEquals([said.status, said.seconds, said.measures], ["finished", seconds, { "L1, after": 0.5 }]);
    assertEquals((await steps(folder)).length, 20);
  }));

Deno.test("RunRecord names the damaged file in its folder", () =>
  inFolder(async (folder) => {
    for await (const _ of recordIn(folder).follow(training()));
    for (const name of ["run.json", "samples/index.json"]) {
      const whole = await Deno.readTextFile(`${folder}/${name}`);
      await Deno.writeTextFile(`${folder}/${name}`, "garbage");
      await assertRejects(() => recordIn(folder).add(stepEvent(21)), Error, `${name}: expected JSON`);
      await Deno.writeTextFile(`${folder}/${name}`, whole);
    }
  }));

Deno.test("RunRecord.follow() checks the files before the first event, and changes none of them", () =>
  inFolder(async (folder) => {
    for await (const _ of recordIn(folder).follow(training()));
    const names = ["index.html", "run.json", "losses.csv", "samples/index.json"];
    const contents = () => Promise.all(names.map((name) => Deno.readTextFile(`${folder}/${name}`)));
    const damages: [name: string, text: string][] = [
      ["losses.csv", "epoch;step;l1\n1;1;0,5\n"],
      ["run.json", '{"seconds": "many"}'],
      ["samples/index.json", "[{}]"],
      ["samples/index.json", "{}"],
    ];
    for (const [name, text] of damages) {
      const whole = await Deno.readTextFile(`${folder}/${name}`);
      await Deno.writeTextFile(`${folder}/${name}`, text);
      const before = await contents();
      let events = 0;
      const run = async () => {
        for await (const _ of recordIn(folder).follow(training())) events++;
      };
      await assertRejects(run, Error, name);
      assertEquals([events, await contents()], [0, before]);
      await Deno.writeTextFile(`${folder}/${name}`, whole);
    }
  }));

Deno.test("RunRecord returns to the start on a rollback, and keeps the samples before the first step", () =>
  inFolder(async (folder) => {
    const record = recordIn(folder);
    await record.add(sampleEvent(0));
    for (const step of [1, 1, 2]) await record.add(stepEvent(step));
    await record.finish();
    assertEquals(await steps(folder), ["1", "2"]);
    assertStringIncludes(await page(folder), ">before");
    const further = recordIn(folder); // as --resume does
    await further.add(stepEvent(3));
    assertEquals(await steps(folder), ["1", "2", "3"]);
  }));

Deno.test("RunRecord counts training time, but not the time that follows it", () =>
  inFolder(async (folder) => {
    const record = recordIn(folder);
    for await (const _ of record.follow(training()));
    const seconds = async () => JSON.parse(await Deno.readTextFile(`${folder}/run.json`)).seconds;
    const took = await seconds();
    assert(took > 0);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await record.finish();
    assertEquals(await seconds(), took);
  }));

Deno.test("RunRecord returns to an earlier step on a rollback, and shows the warning", () =>
  inFolder(async (folder) => {
    const record = recordIn(folder);
    for (const step of [1, 2, 3]) await record.add(stepEvent(step));
    await record.add({ type: "warning", epoch: 1, step: 1, message: "at step 4: back to step 1" });
    for (const step of [2, 3]) await record.add(stepEvent(step));
    await record.finish();
    assertEquals(await steps(folder), ["1", "2", "3"]);
    assertStringIncludes(await page(folder), "at step 4: back to step 1");
  }));
