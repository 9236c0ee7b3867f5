import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { renderAll } from "./render-all.ts";
import { launchBrowser } from "./testdata/headless-browser.ts";
import { HOSTILE, sampleRun } from "./testdata/sample-run.ts";

let browser: Browser;
let directory: string;
let address: string;
let complaints: string[] = [];
const pages: Page[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "scrim-page-"));
  const file = join(directory, "index.html");
  await writeFile(file, renderAll(sampleRun()).get("index.html") ?? "");
  address = pathToFileURL(file).href;
  browser = await launchBrowser();
}, 600_000);

afterEach(async () => {
  await Promise.all(pages.splice(0).map((page) => page.close()));
});

afterAll(async () => {
  await browser?.close();
  await rm(directory, { recursive: true, force: true });
});

/** The view is shown once its heading says so. */
async function arrived(page: Page, heading: string): Promise<void> {
  await page.locator("#detail h2", { hasText: heading }).waitFor();
}

async function open(hash = "", options: BrowserContextOptions = {}, before = ""): Promise<Page> {
  complaints = [];
  const page = await browser.newPage(options);
  pages.push(page);
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    if (!request.url().startsWith("file:")) complaints.push(`asked for ${request.url()}`);
  });
  await page.addInitScript(before);
  await page.goto(address + hash);
  return page;
}

const visibleItems =
  "[...document.querySelectorAll('#overview tr[data-row]:not([hidden]) a.id')].map((one) => one.textContent)";

test("a failing row leads to its statement, the scenario, the raw message and the clause", async () => {
  const page = await open();
  expect(await page.textContent("#found")).toBe("One item does not conform");
  const row = page.locator("#overview tr", { hasText: "IMSpec-PMM-S-004" });
  expect(await row.locator(".badge").textContent()).toBe("FAIL");

  await row.locator("a.id").click();
  await arrived(page, "IMSpec-PMM-S-004");
  await page.locator("#detail a.id", { hasText: "8.3.2.1-6" }).click();
  await arrived(page, "8.3.2.1-6");
  expect(await page.textContent("#detail .says")).toContain("each copy's Request-URI");
  expect(await page.textContent("#detail .finding")).toContain("Request-URI sip:bob@home.example");

  await page.locator("#detail .finding a", { hasText: "event" }).click();
  await arrived(page, "Each recipient gets a MESSAGE of its own");
  const message = page.locator("#detail .message:visible");
  expect(await message.locator("mark").textContent()).toBe("sip:exploder@home.example");
  expect(await message.locator("pre").textContent()).toMatch(
    /^MESSAGE sip:exploder@home\.example SIP\/2\.0\nVia: /,
  );
  expect(await page.locator(".ladder a[aria-current]").getAttribute("class")).toContain("bad");

  await message.getByRole("link", { name: "8.3.2.1", exact: true }).click();
  await arrived(page, "Clause 8.3.2.1");
  expect(complaints).toEqual([]);
});

test("an address that names a message opens it, and arrows choose others", async () => {
  const failing = sampleRun().statements.find(({ id }) => id === "8.3.2.1-6")?.evidence[0];
  const page = await open(`#scenario/s2/${failing?.seq}`);
  expect(await page.locator("#detail .message:visible mark").textContent()).toBe("sip:exploder@home.example");
  await page.locator(".ladder a.malformed").click();
  await page.locator("#detail .message:visible .malformed").waitFor();
  expect(await page.locator("#detail .message:visible pre").textContent()).toContain("␀⟨FF⟩⟨FE⟩\n␛[31m");
  await page.keyboard.press("ArrowUp");
  await page.waitForFunction('document.querySelector("#detail .message:not([hidden]) mark") !== null');
  expect(complaints).toEqual([]);
});

test("what a SUT wrote is text, wherever it stands", async () => {
  const page = await open("#scenario/s1");
  expect(await page.textContent("#detail h2")).toContain(HOSTILE);
  await page.locator(".ladder a.arrow", { hasText: "MESSAGE" }).first().click();
  await page.locator("#detail .message:visible").waitFor();
  const raw = (await page.locator("#detail .message:visible pre").textContent()) ?? "";
  expect(raw).toContain(`From: "${HOSTILE}" <sip:alice@home.example>`);
  expect(raw).toContain("⟨U+202E⟩evil");
  expect(await page.evaluate("[window.owned, document.scripts.length]")).toEqual([undefined, 1]);
  expect(complaints).toEqual([]);
});

test("preamble and postamble are folded until a message in them is asked for", async () => {
  const register = sampleRun().events.find(
    (event) => event.type === "crossed" && event.scenario === "s1" && event.direction === "out",
  );
  const folded = "[...document.querySelectorAll('.ladder details')].map((one) => one.open)";
  const page = await open("#scenario/s1");
  await page.locator(".ladder").waitFor();
  expect(await page.evaluate(folded)).toEqual([false, true]);
  const addressed = await open(`#scenario/s1/${register?.seq}`);
  await addressed.locator("#detail .message:visible", { hasText: "REGISTER" }).waitFor();
  expect(await addressed.evaluate(folded)).toEqual([true, true]);
  expect(complaints).toEqual([]);
});

test("on paper a scenario is whole: every phase of the ladder, every message of the body", async () => {
  const page = await open("#scenario/s2");
  await page.locator(".ladder").waitFor();
  const body = await page.locator("#detail .message.body").count();
  expect(body).toBeGreaterThan(3);
  await page.emulateMedia({ media: "print" });
  await page.evaluate("dispatchEvent(new Event('beforeprint'))");
  expect(await page.locator("#detail .message:visible").count()).toBeGreaterThanOrEqual(body);
  expect(await page.locator("#detail details:not([open])").count()).toBe(0);
  await page.evaluate("dispatchEvent(new Event('afterprint'))");
  expect(await page.locator("#detail .ladder details:not([open])").count()).toBeGreaterThan(0);
});

test("a browser that cannot unpack the details says so and still shows the tables", async () => {
  const page = await open("", {}, "delete window.DecompressionStream");
  await page.locator("#overview tr", { hasText: "IMSpec-PMM-S-004" }).locator("a.id").click();
  await arrived(page, "cannot be unpacked");
  await page.locator(".tabs a", { hasText: "SCR tables" }).click();
  await page.locator("#overview tr .badge", { hasText: "FAIL" }).first().waitFor();
  expect(complaints).toEqual([]);
});

test("what was judged stands first, what was not is folded and found all the same", async () => {
  const page = await open();
  const row = page.locator("#overview tr", { hasText: "IMSpec-SMM-C-001" });
  expect(await row.isVisible()).toBe(false);
  await page.fill("#overview input", "SMM-C-001");
  expect(await row.isVisible()).toBe(true);
  await page.locator("#overview .verdict-counts a", { hasText: "FAIL" }).click();
  await row.waitFor({ state: "hidden" });
  expect(await page.evaluate(visibleItems)).toEqual(["IMSpec-PMM-S-004"]);
  expect(await page.locator(".masthead").isVisible()).toBe(true);
});

test("credentials do not stand in the page", async () => {
  const page = await open("#scenario/s1");
  await page.locator(".ladder a.arrow", { hasText: "REGISTER" }).first().waitFor({ state: "attached" });
  const content = await page.content();
  expect(content).not.toContain("0123456789abcdef0123456789abcdef");
  expect(content).not.toContain("secret-of-alice");
  expect(content).toContain('response="****');
});

test("filters and search narrow the rows and stand in the address", async () => {
  const page = await open();
  await page.locator("#overview .chip", { hasText: "fail" }).click();
  expect(await page.evaluate(visibleItems)).toEqual(["IMSpec-PMM-S-004"]);
  await page.locator("#overview .chip", { hasText: "partial" }).click();
  expect(await page.evaluate(visibleItems)).toEqual(["IMSpec-PMM-S-003", "IMSpec-PMM-S-004"]);
  await page.keyboard.press("/");
  await page.keyboard.type("uri-list");
  expect(await page.evaluate(visibleItems)).toEqual(["IMSpec-PMM-S-004"]);
  const hash = new URL(page.url()).hash;
  const shared = await open(hash);
  expect(await shared.evaluate(visibleItems)).toEqual(["IMSpec-PMM-S-004"]);
  expect(complaints).toEqual([]);
});

test("nothing is wider than a telephone, and lines and type are there in the dark", async () => {
  for (const hash of ["#overview", "#scenario/s2", "#statement/8.3.2.1-6", "#annex"]) {
    const page = await open(hash, { viewport: { width: 360, height: 740 }, colorScheme: "dark" });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
    expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe("rgb(21, 23, 27)");
  }
});
