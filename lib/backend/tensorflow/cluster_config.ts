/** The environment variable `TF_CONFIG`, which lists the workers of a cluster.
 * @module */

/** The workers of a cluster, as addresses "host:port", and the index of this process among them. */
export interface Place {
  workers: string[];
  index: number;
}

/** Reads `TF_CONFIG`, in the format of TensorFlow's MultiWorkerMirroredStrategy, Kubeflow and Vertex AI. The chief, if there is
 * one, is worker 0.
 * @returns `undefined` for a cluster with one worker.
 * @throws {RangeError} If the text is invalid. */
export function readConfig(text: string): Place | undefined {
  const refuse = (problem: string): never => {
    const format = '{"cluster":{"worker":["host:port",...]},"task":{"type":"worker","index":0}}';
    throw new RangeError(
      `Cannot join the cluster: expected ${format} in the environment variable TF_CONFIG, got ${problem}; correct or unset it`,
    );
  };
  let config: { cluster?: Record<string, unknown>; task?: { type?: unknown; index?: unknown } } | null = null;
  try {
    config = JSON.parse(text);
  } catch { /* reported below */ }
  const { cluster, task } = config ?? refuse(JSON.stringify(text.slice(0, 80)));
  const others = Object.keys(cluster ?? {}).filter((job) => !["chief", "worker"].includes(job));
  if (others.length > 0) refuse(`the job "${others[0]}"; only chief and worker are supported`);
  const [chief, worker] = ["chief", "worker"].map((job) => cluster?.[job] ?? []) as [string[], string[]];
  const isAddress = (address: unknown) =>
    typeof address === "string" && /^(\[[\da-fA-F:.]+\]|[\w.-]+):[1-9]\d*$/.test(address) &&
    Number(address.split(":").at(-1)) < 2 ** 16;
  const list = [chief, worker].find((list) => !Array.isArray(list));
  if (list) refuse(`${JSON.stringify(list)} instead of a list of addresses`);
  const workers = [chief, worker].flat();
  const wrong = workers.find((address) => !isAddress(address));
  if (workers.length === 0 || wrong !== undefined) {
    refuse(wrong === undefined ? "no worker" : `the address ${JSON.stringify(wrong)}`);
  }
  if (new Set(workers).size < workers.length) refuse("an address twice");
  const { type, index } = task ?? refuse("no task");
  const own = type === "chief" ? chief : type === "worker" ? worker : refuse(`the task type ${JSON.stringify(type)}`);
  const at = typeof index === "number" || (typeof index === "string" && index) ? Number(index) : NaN;
  if (!Number.isInteger(at) || own[at] === undefined) refuse(`the task index ${JSON.stringify(index)} of ${own.length}`);
  return workers.length > 1 ? { workers, index: own === chief ? at : chief.length + at } : undefined;
}

/** Addresses of private networks: RFC 1918, loopback, link-local, shared (RFC 6598), and unique local (RFC 4193). */
const PRIVATE = /^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)[\d.]+$/;
const PRIVATE_6 = /^\[(::1|f[cd][\da-f]{2}:.*|fe[89ab][\da-f]:.*)\]$/i;
/** Names that only a private network resolves: without a dot, or in a domain for local use, such as `svc` in Kubernetes. */
const PRIVATE_NAME = /^([\w-]+|[\w.-]+\.(svc|local|localhost|internal|lan|home\.arpa)|[\w.-]+\.svc\.[\w.-]+\.local)$/i;

/** Refuses addresses outside private networks, unless the user declares the network as trusted.
 * @throws {RangeError} If an address is public. */
export function refusePublic(workers: readonly string[], trusted: boolean): void {
  const hostOf = (address: string) => address.replace(/:\d+$/, "");
  const isPrivate = (host: string) =>
    PRIVATE.test(host) || PRIVATE_6.test(host) || (PRIVATE_NAME.test(host) && !/^(0x[\da-f]+|[\d.]+)$/i.test(host));
  const wrong = workers.find((address) => !isPrivate(hostOf(address)));
  if (trusted || wrong === undefined) return;
  throw new RangeError(
    `Cannot join the cluster: expected addresses in a private network, got ${wrong}; TensorFlow's server has no ` +
      "authentication: use a VPN such as WireGuard, or set FORGER_CLUSTER_TRUSTED=1 if a firewall protects the ports",
  );
}
