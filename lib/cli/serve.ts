/** Serves the files of a page on this machine, for `deno task play` and `deno task game`.
 * @module */
import { flag, integer } from "../settings.ts";

/** First port that is tried without `--port`, and number of ports that are tried. */
const PORT = 8123, PORTS = 20;

/** Hosts of this machine. A request that names another host comes from a website whose name resolves to this machine, and which
 * could otherwise read the page. */
const HOSTS = ["127.0.0.1", "localhost"];

/** Options of the commands that serve a page. */
export const serverOptions = {
  port: integer(undefined, {
    min: 1,
    max: 65535,
    help: `Port on this machine. Default: ${PORT}, or the next port that is free.`,
  }),
  noBrowser: flag(false, { help: "Print the address without opening a browser." }),
};

/** The contents of files, keyed by their names. */
export type Files = Record<string, Uint8Array<ArrayBuffer>>;

/** Media types of the files, keyed by file name extension. */
const TYPES: Record<string, string> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  wasm: "application/wasm",
  bin: "application/octet-stream",
};

/** Returns the response to a request that names another host or uses a method other than GET and HEAD, otherwise `undefined`. */
export function refused({ url, method }: Request): Response | undefined {
  if (!HOSTS.includes(new URL(url).hostname)) return new Response("Forbidden", { status: 403 });
  return method === "GET" || method === "HEAD" ? undefined : new Response(null, { status: 405 });
}

/** Returns the response to a request for one of the files. */
export function respond(files: Files, request: Request): Response {
  const refusal = refused(request);
  if (refusal) return refusal;
  const { pathname } = new URL(request.url);
  const name = pathname === "/" ? "index.html" : pathname.slice(1);
  if (!Object.hasOwn(files, name)) return new Response("Not found", { status: 404 });
  const headers = { "content-type": TYPES[name.split(".").at(-1)!]!, "cache-control": "no-store" };
  return new Response(files[name], { headers });
}

/** Serves files on this machine.
 * @param port Port, or `undefined` for the first free one.
 * @param what What the files are, for the error message.
 * @throws {Error} If the port is in use. */
export function serveFiles(files: Files, port: number | undefined, what = "page"): Deno.HttpServer<Deno.NetAddr> {
  return serveRequests((request) => respond(files, request), port, what);
}

/** Like {@linkcode serveFiles}, with a function that responds to the requests. */
export function serveRequests(
  handler: (request: Request) => Response | Promise<Response>,
  port: number | undefined,
  what: string,
): Deno.HttpServer<Deno.NetAddr> {
  const last = port ?? PORT + PORTS - 1;
  for (let tried = port ?? PORT;; tried++) {
    try {
      return Deno.serve({ hostname: "127.0.0.1", port: tried, onListen() {} }, handler);
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
      if (tried < last) continue;
      throw new Error(`Cannot serve the ${what}: port ${tried} is in use; choose another port with --port`);
    }
  }
}

/** Prints the address of a server, opens it in the browser, and waits for Ctrl-C.
 * @param title Subject of the printed sentence. */
export async function serveUntilStopped(
  server: Deno.HttpServer<Deno.NetAddr>,
  title: string,
  { noBrowser }: { noBrowser: boolean },
): Promise<void> {
  const stop = () => void server.shutdown();
  Deno.addSignalListener("SIGINT", stop);
  try {
    const address = `http://127.0.0.1:${server.addr.port}/`;
    console.log(`${title} is at ${address}; press Ctrl-C to stop`);
    if (!noBrowser) await openBrowser(address);
    await server.finished;
  } finally {
    Deno.removeSignalListener("SIGINT", stop);
  }
}

/** Opens an address in the browser. If no program can open it, the user can open the printed address. */
async function openBrowser(address: string): Promise<void> {
  const openers: Record<string, [string, ...string[]]> = { darwin: ["open"], windows: ["cmd", "/c", "start", ""] };
  const [program, ...args] = openers[Deno.build.os] ?? ["xdg-open"];
  const quiet = { stdin: "null", stdout: "null", stderr: "null" } as const;
  try {
    await new Deno.Command(program, { args: [...args, address], ...quiet }).output();
  } catch {
    // no program can open it; the address has been printed
  }
}
