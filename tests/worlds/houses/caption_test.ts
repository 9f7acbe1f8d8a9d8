import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "../../../lib/tf.ts";
import { allCaptions, captionOf, captionSize, embedCaptions, readCaption } from "../../../data/worlds/houses/caption.ts";

Deno.test("readCaption() is the inverse of captionOf() for every house", () => {
  assertEquals(captionOf({ colour: "red", windows: 2 }), "a red house with two windows");
  assertEquals(captionOf({ colour: "white", windows: 1 }), "a white house with one window");
  assertEquals([allCaptions.length, new Set(allCaptions).size], [24, 24]);
  for (const caption of allCaptions) assertEquals(captionOf(readCaption(caption)), caption);
  assertEquals(readCaption("A Blue house, with three windows."), { colour: "blue", windows: 3 });
});

Deno.test("readCaption() throws on anything but a colour and a number of windows", () => {
  for (
    const caption of [
      "",
      "a red house",
      "a pink house with two windows",
      "a constructor house with two windows",
      "a red horse with two windows",
      "a red house with nine windows",
    ]
  ) {
    assertThrows(() => readCaption(caption), RangeError, `Cannot read the caption "${caption}"`);
  }
});

Deno.test("embedCaptions() returns a 1 for each word pair in the caption, and distinct vectors for distinct captions", () => {
  const vectors = tf.tidy(() => embedCaptions(["a red house with one window", "a white house with four windows"]).arraySync());
  assertEquals(vectors, [[1, 0, 0, 0, 0, 0, 1, 0, 0, 0], [0, 0, 0, 0, 0, 1, 0, 0, 0, 1]]);
  const all = tf.tidy(() => embedCaptions(allCaptions).arraySync());
  assertEquals(new Set(all.map(String)).size, 24);
  assertEquals(all[0]!.length, captionSize);
});
