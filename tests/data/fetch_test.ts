import { join } from "node:path";
import { assert, assertEquals, assertGreater, assertRejects } from "@std/assert";
import { fetchFile, sha256Of } from "../../lib/data/fetch.ts";
import { seededRandom } from "../../lib/data/random.ts";
import { withFolder } from "./_images.ts";
import { withServer } from "./_server.ts";

const random = seededRandom(1);
const bytes = Uint8Array.from({ length: 300_000 }, () => random.integer(256));
const sha256 = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
const quick = { pause: 1, patience: 2000 };

async function assertFetched(path: string): Promise<void> {
  assertEquals(await Deno.readFile(path), bytes);
  await assertRejects(() => Deno.stat(`${path}.part`), Deno.errors.NotFound);
}

Deno.test("sha256Of() returns the digest in the example of FIPS 180-2, appendix B.1", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "abc"), "abc");
    assertEquals(await sha256Of(join(folder, "abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }));

Deno.test("fetchFile() downloads, reports progress, and does not download an existing file", () =>
  withFolder((folder) =>
    withServer(bytes, ["well"], async ({ address, ranges }) => {
      const path = join(folder, "file");
      const lines: string[] = [];
      assertEquals(await fetchFile([address], path, { ...quick, sha256, report: (line) => lines.push(line) }), sha256);
      await assertFetched(path);
      assertEquals(lines.at(-1), "0.3 of 0.3 MB");
      assertEquals(await fetchFile([address], path, quick), sha256);
      assertEquals(ranges, [""]);
    })
  ));

Deno.test("fetchFile() resumes after each interruption of the connection", () =>
  withFolder((folder) =>
    withServer(bytes, ["cut", "cut", "well"], async ({ address, ranges }) => {
      const path = join(folder, "file");
      await fetchFile([address], path, { ...quick, sha256, tries: 1 });
      await assertFetched(path);
      assertEquals(ranges.length, 3);
      const starts = ranges.map((range) => Number(range.match(/\d+/)?.[0] ?? 0));
      assertEquals(starts[0], 0);
      assertGreater(starts[1]!, 0);
      assertGreater(starts[2]!, starts[1]!);
    })
  ));

Deno.test("fetchFile() resumes from the part left by an earlier run", () =>
  withFolder((folder) =>
    withServer(bytes, ["well"], async ({ address, ranges }) => {
      const path = join(folder, "file");
      await Deno.writeFile(`${path}.part`, bytes.subarray(0, 123_456));
      await fetchFile([address], path, { ...quick, sha256 });
      await assertFetched(path);
      assertEquals(ranges, ["bytes=123456-"]);
    })
  ));

Deno.test("fetchFile() starts again if the server ignores the Range header", () =>
  withFolder((folder) =>
    withServer(bytes, ["no range"], async ({ address, ranges }) => {
      const path = join(folder, "file");
      await Deno.writeFile(`${path}.part`, bytes.subarray(0, 1000));
      await fetchFile([address], path, { ...quick, bytes: bytes.length });
      await assertFetched(path);
      assertEquals(ranges, ["bytes=1000-"]);
    })
  ));

Deno.test("fetchFile() starts again if the part belongs to another file or is too long", () =>
  withFolder(async (folder) => {
    for (const length of [1000, bytes.length, bytes.length + 7]) {
      await withServer(bytes, ["well"], async ({ address }) => {
        const path = join(folder, `file ${length}`);
        await Deno.writeFile(`${path}.part`, new Uint8Array(length));
        await fetchFile([address], path, { ...quick, bytes: bytes.length, sha256 });
        await assertFetched(path);
      });
    }
  }));

Deno.test("fetchFile() rejects and deletes a file with a wrong checksum or size", () =>
  withFolder((folder) =>
    withServer(bytes, ["well"], async ({ address }) => {
      const path = join(folder, "file");
      const other = sha256.replace(/^./, (digit) => digit === "0" ? "1" : "0");
      await assertRejects(
        () => fetchFile([address], path, { ...quick, sha256: other }),
        Error,
        `its SHA-256 is ${sha256}, expected ${other}`,
      );
      await assertRejects(() => fetchFile([address], path, { ...quick, bytes: 5 }), Error, "300000 bytes, expected 5");
      assertEquals([...Deno.readDirSync(folder)], []);
    })
  ));

Deno.test("fetchFile() tries the next URL after a 404, and lists all URLs if every one fails", () =>
  withFolder((folder) =>
    withServer(bytes, ["missing"], ({ address: gone, ranges }) =>
      withServer(bytes, ["well"], async ({ address }) => {
        const path = join(folder, "file");
        await fetchFile([gone, address], path, { ...quick, sha256 });
        await assertFetched(path);
        assertEquals(ranges.length, 1); // a 404 is not retried
        const error = await assertRejects(() => fetchFile([gone, `${gone}2`], join(folder, "other"), quick), Error);
        for (const part of [`${gone}: the server responded with 404`, `${gone}2: the server responded with 404`]) {
          assert(error.message.includes(part));
        }
        assert(!error.message.includes("\n"));
      }))
  ));

Deno.test("fetchFile() retries a busy server, and aborts when a server sends nothing", () =>
  withFolder(async (folder) => {
    await withServer(bytes, ["busy", "busy", "well"], async ({ address, ranges }) => {
      await fetchFile([address], join(folder, "busy"), { ...quick, sha256 });
      assertEquals(ranges.length, 3);
    });
    await withServer(bytes, ["silent", "well"], async ({ address, ranges }) => {
      await fetchFile([address], join(folder, "silent"), { ...quick, patience: 100, sha256 });
      assertEquals(ranges, ["", "bytes=10-"]);
    });
  }));

Deno.test("fetchFile() reports that no server answers", () =>
  withFolder(async (folder) => {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const address = `http://127.0.0.1:${listener.addr.port}/file`;
    listener.close();
    await assertRejects(
      () => fetchFile([address], join(folder, "file"), { ...quick, tries: 2 }),
      Error,
      `every URL failed (${address}: `,
    );
  }));

Deno.test({
  name: "fetchFile() reports a full disk, and tries no other URL",
  ignore: Deno.build.os !== "linux", // only Linux has /dev/full
  fn: () =>
    withFolder((folder) =>
      withServer(bytes, ["well"], async ({ address, ranges }) => {
        await Deno.symlink("/dev/full", join(folder, "file.part"));
        await assertRejects(() => fetchFile([address, address], join(folder, "file"), quick), Error, "No space left on device");
        assertEquals(ranges.length, 1);
      })
    ),
});

Deno.test("fetchFile() verifies an existing file, and leaves a wrong one unchanged", () =>
  withFolder(async (folder) => {
    const path = join(folder, "file");
    await Deno.writeTextFile(path, "mine");
    const options = { sha256: "00".repeat(32) };
    await assertRejects(() => fetchFile(["http://127.0.0.1:1/file"], path, options), Error, "move or delete the file");
    assertEquals(await Deno.readTextFile(path), "mine");
  }));
