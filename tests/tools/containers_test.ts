/** The Dockerfile and the settings of editors, as far as they can be checked without Docker and without VS Code.
 * @module */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { ROOT } from "../../lib/cli/process.ts";
import { labArguments } from "../../notebooks/tools/lab.ts";

/** Reads JSON with comments. */
async function jsonc(path: string) {
  const text = await Deno.readTextFile(join(ROOT, path));
  return JSON.parse(text.replaceAll(/^\s*\/\/.*$/gm, ""));
}

const dockerfile = await Deno.readTextFile(join(ROOT, "Dockerfile"));
const { tasks } = await jsonc("deno.json");

Deno.test("the commands in the Dockerfile and in devcontainer.json are tasks, with options that they have", async () => {
  const container = await jsonc(".devcontainer/devcontainer.json");
  const command = JSON.parse(dockerfile.match(/^CMD (.*)$/m)![1]!).join(" ");
  for (const line of [command, "deno task setup", container.postCreateCommand, container.postAttachCommand]) {
    assert(line.split(" ")[2]! in tasks, line);
  }
  assertStringIncludes(dockerfile, "RUN deno task setup");
  assertEquals(command, "deno task lab --no-browser --ip 0.0.0.0");
  assert(labArguments({ port: 8888, ip: "0.0.0.0", noBrowser: true }, ROOT).includes("--ServerApp.ip=0.0.0.0"));
});

Deno.test("devcontainer.json names a stage and files that exist, and the port of deno task lab", async () => {
  const { build, forwardPorts } = await jsonc(".devcontainer/devcontainer.json");
  await Deno.stat(join(ROOT, ".devcontainer", build.dockerfile));
  assertStringIncludes(dockerfile, ` AS ${build.target}\n`);
  assertEquals(forwardPorts, [8888]);
});

Deno.test("the container has the Deno that the README asks for, and a Python that setup accepts", () => {
  assert(/denoland\/deno:bin-2\.(9|\d\d)\.\d+ AS deno/.test(dockerfile));
  assert(/python:3\.1[0-3]-slim/.test(dockerfile));
});

Deno.test("what git does not keep is not copied into the container", async () => {
  const ignored = (await Deno.readTextFile(join(ROOT, ".dockerignore"))).split("\n");
  for (const name of [".venv", "runs", "node_modules", "site", ".git"]) assert(ignored.includes(name), name);
});

Deno.test("VS Code formats with Deno, and finds the kernel in .venv", async () => {
  const settings = await jsonc(".vscode/settings.json");
  assertEquals([settings["deno.enable"], settings["python.defaultInterpreterPath"]], [true, "${workspaceFolder}/.venv"]);
  const { recommendations } = await jsonc(".vscode/extensions.json");
  const { customizations } = await jsonc(".devcontainer/devcontainer.json");
  assertEquals(customizations.vscode.extensions, recommendations);
});

const python = join(ROOT, ".venv", "bin", "python");

// deno-lint-ignore no-explicit-any -- the tests check the fields
type Manifest = Record<string, any>;

/** Reads the YAML examples of README.md with PyYAML, which JupyterLab has installed. */
async function manifests(): Promise<Manifest[]> {
  const program = "import json, re, sys, yaml\n" +
    "blocks = re.findall(r'```yaml\\n(.*?)```', open(sys.argv[1], encoding='utf8').read(), re.S)\n" +
    "print(json.dumps([part for block in blocks for part in yaml.safe_load_all(block)]))";
  const { stdout, stderr, success } = await new Deno.Command(python, { args: ["-c", program, join(ROOT, "README.md")] }).output();
  assert(success, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** Fails if an object has a field that its schema does not have. */
function assertFields(what: string, value: unknown, fields: string[]): void {
  assertEquals(Object.keys(value as object).filter((name) => !fields.includes(name)), [], what);
}

Deno.test({
  name: "the manifests in README.md have the fields of Compose, of Kubeflow's TFJob, and of Kubernetes",
  ignore: await Deno.stat(python).then(() => false, () => true),
  fn: async () => {
    const [compose, job, policy] = await manifests() as [Manifest, Manifest, Manifest];
    const commands: string[][] = [];

    // Compose specification
    assertFields("compose.yaml", compose, ["x-worker", "services", "networks"]);
    assertEquals(compose.networks, { training: { internal: true } });
    assertEquals(Object.keys(compose.services), ["worker0", "worker1"]);
    for (const service of Object.values<Manifest>(compose["services"])) {
      assertFields("service", service, ["build", "command", "restart", "volumes", "networks", "environment"]);
      assertEquals([service.build, service.restart, service.networks], [".", "on-failure", ["training"]]);
      commands.push(service.command.split(" "));
    }

    // kubeflow.org/v1: TFJobSpec, RunPolicy and ReplicaSpec of the training operator
    assertEquals([job.apiVersion, job.kind], ["kubeflow.org/v1", "TFJob"]);
    assertFields("TFJobSpec", job.spec, ["runPolicy", "successPolicy", "tfReplicaSpecs", "enableDynamicWorker"]);
    const policies = ["cleanPodPolicy", "ttlSecondsAfterFinished", "activeDeadlineSeconds", "backoffLimit", "schedulingPolicy"];
    assertFields("RunPolicy", job.spec.runPolicy, [...policies, "suspend", "managedBy"]);
    assert(["All", "Running", "None"].includes(job.spec.runPolicy.cleanPodPolicy));
    assertFields("tfReplicaSpecs", job.spec.tfReplicaSpecs, ["Chief", "Worker"]);
    const worker = job.spec.tfReplicaSpecs.Worker;
    assertFields("ReplicaSpec", worker, ["replicas", "restartPolicy", "template"]);
    assertEquals([worker.replicas, worker.restartPolicy], [2, "OnFailure"]);
    assertFields("PodTemplateSpec", worker.template, ["metadata", "spec"]);
    assertFields("PodSpec", worker.template.spec, ["containers", "volumes"]);
    const [container, ...more] = worker.template.spec.containers;
    assertEquals([container.name, more], ["tensorflow", []]);
    assertFields("Container", container, ["name", "image", "command", "ports", "volumeMounts"]);
    assertEquals(container.ports, [{ name: "tfjob-port", containerPort: 2222 }]);
    const volumes = worker.template.spec.volumes.map(({ name }: { name: string }) => name);
    for (const mount of container.volumeMounts) {
      assertFields("VolumeMount", mount, ["name", "mountPath", "subPath"]);
      assert(volumes.includes(mount.name));
    }
    commands.push(container.command);

    // networking.k8s.io/v1: NetworkPolicySpec, for the pods that the operator labels with the name of the job
    assertEquals([policy.apiVersion, policy.kind], ["networking.k8s.io/v1", "NetworkPolicy"]);
    assertFields("NetworkPolicySpec", policy.spec, ["podSelector", "policyTypes", "ingress"]);
    const pods = { matchLabels: { "training.kubeflow.org/job-name": job.metadata.name } };
    assertEquals(policy.spec.podSelector, pods);
    assertEquals(policy.spec.policyTypes, ["Ingress"]);
    const ports = [{ protocol: "TCP", port: container.ports[0].containerPort }];
    assertEquals(policy.spec.ingress, [{ from: [{ podSelector: pods }], ports }]);

    const args = ["run", "-A", join(ROOT, "lib/cli/train.ts"), "pix2pix", "--help"];
    const help = new TextDecoder().decode((await new Deno.Command(Deno.execPath(), { args }).output()).stdout);
    for (const [program, task, name, kind, ...options] of commands) {
      assertEquals([program, task, name, kind], ["deno", "task", "train", "pix2pix"]);
      for (const option of options.filter((word) => word.startsWith("--"))) assertStringIncludes(help, `${option} `);
    }
  },
});
