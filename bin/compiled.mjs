// The project's code as JavaScript: a copy in .compiled that keeps itself up to date. TypeScript that is compiled while it is loaded costs each
// process some seconds. A file of the copy has the time of its source; what stands beside the code (YAML, schemas, styles) is copied as it is, so that
// a module finds beside itself what it finds in the sources.
import { createHash, randomUUID } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const SOURCES = ["src", "steps"];
/** Of no use to a program that runs. */
const NOT_COPIED = /\.test\.ts$|[/\\]testdata[/\\]/u;

/** The folder of the copy, up to date; undefined where it cannot be kept: the disk is full, or nothing may be written there. */
export async function compiledProject(root) {
  const copy = path.join(root, ".compiled", recipe());
  try {
    const wanted = new Map(filesOf(root).map(({ name, time }) => [compiledName(name), { name, time }]));
    const present = new Map(filesOf(copy).map(({ name, time }) => [name, time]));
    for (const name of present.keys()) if (!wanted.has(name)) rmSync(path.join(copy, name), { force: true });
    const stale = [...wanted].filter(([name, { time }]) => present.get(name) !== time);
    await compile(root, copy, stale);
    return copy;
  } catch {
    return undefined;
  }
}

/** What makes a copy differ apart from its sources: this file. */
function recipe() {
  return createHash("sha256")
    .update(readFileSync(fileURLToPath(import.meta.url)))
    .digest("hex")
    .slice(0, 12);
}

const compiledName = (name) => name.replace(/\.ts$/u, ".js");

/** Names below the folder, with times in whole milliseconds: setting a time may lose a fraction. */
function filesOf(folder) {
  return SOURCES.filter((source) => existsSync(path.join(folder, source))).flatMap((source) => {
    const entries = readdirSync(path.join(folder, source), { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(folder, path.join(entry.parentPath ?? entry.path, entry.name)))
      .filter((name) => !NOT_COPIED.test(name))
      .map((name) => ({ name, time: Math.round(statSync(path.join(folder, name)).mtimeMs) }));
  });
}

async function compile(root, copy, stale) {
  const code = stale.filter(([, { name }]) => name.endsWith(".ts"));
  const compiled = code.length === 0 ? new Map() : await javascriptOf(root, copy, code);
  for (const [name, source] of stale) {
    const place = path.join(copy, name);
    const contents = compiled.get(place) ?? readFileSync(path.join(root, source.name));
    put(place, contents, source.time, path.join(copy, `draft-${randomUUID()}`));
  }
}

/** By the path in the copy. Each file stands for itself; what it imports from the project is called by its new name. */
async function javascriptOf(root, copy, code) {
  const esbuild = await import("esbuild");
  const besideIt = {
    name: "beside-it",
    setup: ({ onResolve }) =>
      onResolve({ filter: /^\.{1,2}\// }, ({ kind, path: name }) =>
        kind === "entry-point" ? undefined : { path: compiledName(name), external: true },
      ),
  };
  const { outputFiles } = await esbuild.build({
    entryPoints: code.map(([, { name }]) => `./${name}`),
    absWorkingDir: root,
    outbase: root,
    outdir: copy,
    write: false,
    bundle: true,
    packages: "external",
    plugins: [besideIt],
    format: "esm",
    platform: "node",
    target: "node20",
    logLevel: "silent",
  });
  await esbuild.stop();
  return new Map(outputFiles.map(({ path: place, contents }) => [place, contents]));
}

/** At once, with its time: others may be reading, or doing the same. */
function put(place, contents, time, draft) {
  mkdirSync(path.dirname(place), { recursive: true });
  writeFileSync(draft, contents);
  utimesSync(draft, new Date(time), new Date(time));
  renameSync(draft, place);
}
