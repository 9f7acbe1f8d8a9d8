/** The page of the 2-D game, in a real browser. Skipped without one. */
import { assert, assertEquals, assertGreater, assertLess, assertMatch } from "@std/assert";
import { useBackend } from "../../lib/backend/use_backend.ts";
import { serveGame } from "../../lib/cli/game.ts";
import { COLLAPSED, PRESETS } from "../../lib/play/game/presets.ts";
import { DEFAULTS, LOSSES } from "../../lib/play/game/settings.ts";
import { Trainer } from "../../lib/play/game/trainer.ts";
import { openPage, testInBrowser } from "./_browser.ts";
import { gameOnce, numberOf, press, started, stepTo, testPage, textOf, untilSteps } from "./_game.ts";

testPage("the page steps D and G by hand, and starts over", async (open) => {
  const page = await open();
  await page.waitForFunction(`document.getElementById("pull").textContent !== "–"`);
  assertEquals([await textOf(page, "steps-d"), await textOf(page, "loss-d")], ["0", "–"]);
  assertMatch(await textOf(page, "explanation"), /^Neither network has learned anything yet/);
  const before = await textOf(page, "distance");
  for (let step = 0; step < 3; step++) await press(page, "step-d");
  await page.waitForFunction(`document.getElementById("steps-d").textContent === "3"`);
  assertEquals([await textOf(page, "steps-g"), await textOf(page, "distance")], ["0", before]); // G has not moved
  assertGreater(await numberOf(page, "loss-d"), 0);
  assertMatch(await textOf(page, "explanation"), /^D has taken 3 steps in a row/);
  for (let step = 0; step < 5; step++) await press(page, "step-g");
  await untilSteps(page, 5);
  assert(await textOf(page, "distance") !== before);
  await press(page, "restart");
  await page.waitForFunction(`document.getElementById("steps-d").textContent === "0"`);
  assertEquals(await textOf(page, "distance"), before);
});

testPage("the page computes what the trainer computes on Deno", async (open) => {
  await useBackend("cpu", { quiet: true });
  const trainer = new Trainer({ ...DEFAULTS, seed: 5, loss: "hinge" });
  for (let step = 0; step < 4; step++) trainer.step();
  const { losses, measures } = trainer.look();
  const page = await open("#seed=5&loss=hinge&backend=cpu");
  for (let step = 0; step < 4; step++) await press(page, "step");
  await untilSteps(page, 4);
  for (
    const [id, value] of [["loss-d", losses.discriminator!], ["loss-g", losses.generator!], [
      "distance",
      measures.distance,
    ]] as const
  ) {
    assertLess(Math.abs(await numberOf(page, id) - value), 2e-3, id);
  }
  assertMatch(await textOf(page, "machine"), /^Runs in your browser with JavaScript/);
  trainer.dispose();
});

testPage("the page goes on in plain JavaScript where WebAssembly does not start", async (open) => {
  const page = await open();
  await press(page, "step");
  await untilSteps(page, 1);
  assertMatch(await textOf(page, "machine"), /^Runs in your browser with JavaScript/);
}, (html) => html.replace(/(id="wasm"[^>]*>)[^<]+/, "$1H4sIAAAAAAAAA0tMSk5JTQMA7zmOSwYAAAA=")); // gzip of text

testPage("each loss takes 50 steps with finite losses", async (open) => {
  const page = await open();
  for (const loss of LOSSES) {
    await page.select("[data-setting=loss]", loss);
    await press(page, "restart");
    await page.waitForFunction(`document.getElementById("steps-g").textContent === "0"`);
    for (let step = 0; step < 50; step++) await press(page, "step");
    await untilSteps(page, 50);
    for (const id of ["loss-d", "loss-g", "distance", "pull"]) {
      assert(Number.isFinite(await numberOf(page, id)), `${loss}: ${id}`);
    }
  }
});

testPage("a drawn distribution is learned, and a link opens it again", async (open) => {
  const page = await open();
  await press(page, "shapes [data-shape=drawn]");
  const box = (await (await page.$("#plane"))!.boundingBox())!;
  const at = (x: number, y: number) => [box.x + box.width * x, box.y + box.height * y] as const;
  await page.mouse.move(...at(0.3, 0.25));
  await page.mouse.down();
  for (let i = 1; i <= 10; i++) await page.mouse.move(...at(0.3 + 0.04 * i, 0.25 + 0.01 * i));
  await page.mouse.up();
  await page.mouse.move(...at(0.5, 0.7));
  await page.mouse.down();
  await page.mouse.move(...at(0.6, 0.7));
  const undo = async () => {
    await page.keyboard.down("Control");
    await page.keyboard.press("z");
    await page.keyboard.up("Control");
  };
  await page.focus("#plane");
  await undo(); // during a stroke, which ends
  await page.mouse.move(...at(0.7, 0.7));
  await page.mouse.up();
  for (const key of ["ArrowDown", "ArrowDown", "ArrowRight", "Space", "ArrowRight", "Space"] as const) {
    await page.keyboard.press(key);
  }
  await undo();
  await press(page, "done");
  await page.waitForFunction(`location.hash.includes("strokes")`);
  await page.waitForFunction(
    `document.getElementById("sketching").hidden && document.getElementById("steps-d").textContent === "0"`,
  );
  await stepTo(page, 1);
  const before = await numberOf(page, "distance");
  await stepTo(page, 300);
  assertLess(await numberOf(page, "distance"), before * 0.6);
  assertMatch(await textOf(page, "covered"), /%$/);
  const address = await page.evaluate("location.hash") as string;
  assertEquals(address.match(/strokes=([^&]+)/)![1]!.split("_").length, 2); // one by the pointer, one by the keyboard
  const again = await open(address);
  await press(again, "program-box summary");
  await again.waitForFunction(`document.getElementById("program").textContent.includes("gaussianMixture")`);
});

testPage("experiments made to collapse do so", async (open) => {
  const page = await open();
  for (const [name, { collapses }] of Object.entries(PRESETS)) {
    if (!collapses) continue;
    await page.select("#preset", name);
    await page.waitForFunction(`document.getElementById("steps-g").textContent === "0"`);
    await stepTo(page, COLLAPSED);
    assertMatch(await textOf(page, "covered"), /^[0-3] of 8$/, name);
  }
});

testPage("the page fits a phone, and draws while it trains", async (open) => {
  const page = await open();
  await page.setViewport({ width: 360, height: 740 });
  assertEquals(await page.evaluate("document.documentElement.scrollWidth"), 360);
  await page.setViewport({ width: 1280, height: 900 });
  await press(page, "run");
  await page.waitForFunction(`/[1-9]\\d* frames and [1-9]\\d* steps per s/.test(document.getElementById("machine").textContent)`);
});

testInBrowser("serveGame() serves the page, and only the page", async (browser) => {
  const server = serveGame(await gameOnce(), undefined);
  const address = `http://127.0.0.1:${server.addr.port}/`;
  try {
    const other = await fetch(`${address}other`);
    assertEquals([other.status, await other.text()], [404, "Not found"]);
    const opened = await openPage(browser, address);
    const game = await started(opened);
    await press(game, "step");
    await untilSteps(game, 1);
    assertEquals([opened.problems, opened.requests], [[], [address]]);
  } finally {
    await server.shutdown();
  }
});
