/**
 * A Chromium out of an npm package, so that a test of the page needs nothing installed on the machine: the package carries the browser, the
 * shared libraries that a bare system lacks, and a font. It is unpacked once a machine into the directory for temporary files.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import sparticuz from "@sparticuz/chromium";
import { chromium, type Browser } from "playwright-core";

/** Of the package's flags, those that make sense outside a lambda: one process for all would die with the first page that is closed. */
const UNWANTED = /^--(single-process|no-zygote|headless|disable-web-security|allow-running-insecure-content|enable-features|disable-features)/;

export async function launchBrowser(): Promise<Browser> {
  const home = await unpacked();
  sparticuz.setGraphicsMode = false;
  return chromium.launch({
    executablePath: join(home, "chromium"),
    args: sparticuz.args.filter((flag) => !UNWANTED.test(flag)),
    env: {
      ...process.env,
      HOME: home,
      FONTCONFIG_FILE: join(home, "fonts.conf"),
      LD_LIBRARY_PATH: join(home, "al2023", "lib"),
    },
  });
}

/** Where the browser lies. Two processes that unpack at once do not disturb each other: the first one's copy is kept. */
async function unpacked(): Promise<string> {
  const home = join(tmpdir(), `scrim-chromium-${packageVersion()}-${process.getuid?.() ?? 0}`);
  if (existsSync(home)) return home;
  const staging = await mkdtemp(join(tmpdir(), "scrim-chromium-unpacking-"));
  await unpackInto(staging);
  await writeFile(join(staging, "fonts.conf"), fontsConf(join(home, "fonts")));
  await mkdir(join(staging, "fonts"), { recursive: true });
  await rename(staging, home).catch(async (error: unknown) => {
    await rm(staging, { recursive: true, force: true });
    if (!existsSync(home)) throw error;
  });
  return home;
}

/** The package unpacks to wherever its environment says, and its libraries only where it believes to be in a lambda: so in a process of its own. */
async function unpackInto(directory: string): Promise<void> {
  const script = 'import("@sparticuz/chromium").then(({ default: chromium }) => chromium.executablePath())';
  await promisify(execFile)(process.execPath, ["--input-type=module", "-e", `await ${script}`], {
    cwd: import.meta.dirname,
    env: { ...process.env, TMPDIR: directory, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs20.x" },
  });
}

/** The directory is named by the version, so that an update unpacks anew. */
function packageVersion(): string {
  const main = createRequire(import.meta.url).resolve("@sparticuz/chromium");
  const description: unknown = createRequire(main)("../../package.json");
  const named = typeof description === "object" && description !== null && "version" in description;
  return named ? String(description.version) : "unknown";
}

function fontsConf(directory: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${directory}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${directory}-cache</cachedir>
</fontconfig>
`;
}
