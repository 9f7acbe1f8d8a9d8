import { assertThrows } from "@std/assert";
import { checkFilters, checkSize } from "../../lib/models/common.ts";
import { bicycleGan } from "../../lib/systems/bicyclegan.ts";
import { classifier } from "../../lib/systems/classifier.ts";
import { cycleGan } from "../../lib/systems/cyclegan.ts";
import { gan } from "../../lib/systems/gan.ts";
import { pix2pix } from "../../lib/systems/pix2pix.ts";
import { stackGan } from "../../lib/systems/stackgan.ts";

Deno.test("checkFilters() takes whole numbers from 1, and every builder refuses others with its words", () => {
  checkFilters("a network", 1);
  for (const filters of [0, -1, 1.5, NaN]) {
    const builders = [
      () => pix2pix({ size: 32, filters }),
      () => pix2pix({ size: 32, filters, generator: "encoderDecoder" }),
      () => cycleGan({ size: 32, filters }),
      () => bicycleGan({ size: 32, filters }),
      () => gan({ shape: [8, 8, 1], networks: "dcgan", filters }),
      () => stackGan({ conditionSize: 2, filters }),
      () => classifier({ size: 32, classes: 2, filters }),
    ];
    for (const build of builders) {
      assertThrows(build, RangeError, `filters must be a whole number from 1, got ${filters}; change filters`);
    }
  }
});

Deno.test("checkSize() names the nearest sizes that there are", () => {
  checkSize("a network", 8, 4);
  const cases = [[33, "use 32 or 36"], [1.5, "use 4"], [0, "use 4"], [-1, "use 4"], [NaN, "use 4"], [Infinity, "use 4"]] as const;
  for (const [size, cure] of cases) {
    const message = `Cannot build a network: the size must be a multiple of 4, got ${size}; ${cure}`;
    assertThrows(() => checkSize("a network", size, 4), RangeError, message);
  }
  assertThrows(() => pix2pix({ size: -1 }), RangeError, "the size must be a multiple of 4, got -1; use 4");
});
