import { assertEquals } from "@std/assert";
import { GFLOP_OF_A_STEP } from "./rate.ts";
import { summary } from "./summary.ts";
import { MEASURED, timing } from "./_measured.ts";

Deno.test("summary() shows the middle of the rounds, and ratios of systems in the same round", () => {
  const { median_ms, peak_rss_mb, images_per_second, peers, matmul, disturbed } = summary(MEASURED);
  assertEquals([median_ms, peak_rss_mb, images_per_second], [450, 1600, 2.22]);
  assertEquals(peers["tf.function"], { median_ms: 600, peak_rss_mb: 100, ratio: 0.75 });
  assertEquals(peers.PyTorch, { median_ms: 900, peak_rss_mb: 1900, ratio: 0.5 });
  assertEquals(matmul, { gflop_per_second: 266.7, share_percent: Math.round(GFLOP_OF_A_STEP / 0.3 / 400 * 1000) / 10 });
  assertEquals(disturbed, []);
});

Deno.test("summary() takes the middle of the ratios, not the ratio of the middles", () => {
  const rounds = [[100, 100], [100, 400], [900, 1000]].map(([a, b]) => ({ Forger: timing(a!), PyTorch: timing(b!) }));
  assertEquals(summary({ ...MEASURED, rounds, matmul: [] }).peers.PyTorch!.ratio, 0.9); // of 1, 1/4 and 0.9
});

Deno.test("summary() has nothing of a system that was not there, nor of the rate where it was not measured", () => {
  const { peers, matmul } = summary({ ...MEASURED, rounds: [{ Forger: timing(20) }], matmul: [] });
  assertEquals({ peers, matmul }, { peers: {}, matmul: undefined });
});

Deno.test("summary() names every time that others disturbed, and counts it all the same", () => {
  const rounds = [
    { Forger: timing(20, 100, 10), PyTorch: timing(40, 100, 35) },
    { Forger: timing(30, 100, 10.1), PyTorch: timing(40) },
  ];
  const matmul = MEASURED.matmul.slice(0, 2).map((rate, i) => ({ ...rate, others_percent: i * 50 }));
  const { median_ms, disturbed } = summary({ ...MEASURED, rounds, matmul });
  assertEquals(median_ms, 25);
  assertEquals(disturbed, [
    { system: "PyTorch", round: 1, others_percent: 35 },
    { system: "Forger", round: 2, others_percent: 10.1 },
    { system: "matmul", round: 2, others_percent: 50 },
  ]);
});
