/** The script of a page: unpacks its parts, starts the worker, and shows the model.
 * @module */
import { Client } from "./client.ts";
import { PAGE_PARTS, type PageData } from "./page_data.ts";
import type { BrowserBackend } from "./protocol.ts";

/** What tests and the console of a browser can use. */
interface Scope {
  forger?: { client: Client; data: PageData };
}

/** Returns the bytes of a part: from the page itself, or from a file of the folder. */
async function part(id: string): Promise<Uint8Array<ArrayBuffer>> {
  const element = document.getElementById(id)!;
  const file = element.dataset["file"];
  if (file !== undefined) return new Uint8Array(await (await fetch(file)).arrayBuffer());
  const packed = Uint8Array.fromBase64(element.textContent!);
  element.remove();
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function start(): Promise<void> {
  const status = document.createElement("p");
  status.role = "status";
  document.getElementById(PAGE_PARTS.page)!.append(status);
  status.textContent = "Loading";
  try {
    const data = JSON.parse(document.getElementById(PAGE_PARTS.data)!.textContent!) as PageData;
    const address = async (id: string, type: string) => URL.createObjectURL(new Blob([await part(id)], { type }));
    const backends = new URLSearchParams(location.hash.slice(1)).get("backend")?.split(",") as BrowserBackend[] | undefined;
    const client = await Client.start({
      script: await address(PAGE_PARTS.worker, "text/javascript"),
      wasm: await address(PAGE_PARTS.wasm, "application/wasm"),
      model: data.model,
      bytes: await part(PAGE_PARTS.weights),
      ...backends && { backends },
    });
    (globalThis as Scope).forger = { client, data };
    status.textContent = `Ready: ${data.title}, ${client.started.backend}`;
  } catch (error) {
    status.textContent = (error as Error).message;
  }
}

await start();
