// The script of index.html: shows the view that the address names, filters rows, moves along ladders. It makes no markup: every element that
// it shows was written, and escaped, when the report was rendered; most of it is packed, and unpacked here when it is asked for.
"use strict";
(() => {
  const detail = document.getElementById("detail");
  const views = [...document.querySelectorAll("main > .view")];
  const templates = new Map(
    [...document.querySelectorAll("template[data-view]")].map((one) => [one.dataset.view, one]),
  );
  const baseTitle = document.title;
  let shown = "";
  let asked = 0;

  /** `#view?filters` or `#scenario/ID/SEQ`. */
  function parseAddress() {
    const [path, query = ""] = location.hash.split("?", 2);
    const message = /^(#scenario\/[^/]+)\/(\d+)$/.exec(path);
    return {
      path: message ? message[1] : path,
      seq: message ? message[2] : "",
      query: new URLSearchParams(query),
    };
  }

  /** Answers the view's content; where that cannot be had, a view that says so. */
  async function unpack(template) {
    try {
      const packed = Uint8Array.from(atob(template.content.textContent), (one) => one.charCodeAt(0));
      const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
      const holder = document.createElement("template");
      holder.innerHTML = await new Response(stream).text();
      return holder.content;
    } catch {
      return document.getElementById("cannot-unpack").content.cloneNode(true);
    }
  }

  async function show() {
    const { path, seq, query } = parseAddress();
    const template = templates.get(path);
    const turn = (asked += 1);
    const content = template && shown !== path ? await unpack(template) : undefined;
    if (turn !== asked) return;
    const list = document.getElementById(path.slice(1) || "overview");
    const view = template ? detail : views.includes(list) ? list : document.getElementById("overview");
    const moved = shown !== path;
    if (content) detail.replaceChildren(content);
    for (const one of views) one.hidden = one !== view;
    document.body.classList.toggle("detailed", view === detail);
    shown = path;
    markTab(path, view);
    if (!template) applyFilters(view, query);
    const heading = view.querySelector("h2");
    document.title =
      view.id === "overview"
        ? baseTitle
        : `${heading?.textContent.trim().replace(/\s+/g, " ")} · ${baseTitle}`;
    if (template) showMessage(seq, moved);
    if (!moved) return;
    if (!seq) scrollTo(0, 0);
    if (turn > 1) heading?.focus({ preventScroll: true });
  }

  function markTab(path, view) {
    const kind = /^#(item|statement|clause|scenario)\//.exec(path)?.[1];
    const home =
      { item: "overview", clause: "statements", statement: "statements", scenario: "scenarios" }[kind] ??
      view.id;
    for (const tab of document.querySelectorAll(".tabs a")) {
      if (tab.getAttribute("href") === `#${home}`) tab.setAttribute("aria-current", "page");
      else tab.removeAttribute("aria-current");
    }
  }

  // Messages of a scenario

  const hasSeq = (element, seq) => element.dataset.seqs.split(" ").includes(seq);

  function showMessage(seq, moved) {
    const articles = [...detail.querySelectorAll(".message")];
    const arrows = [...detail.querySelectorAll(".ladder [data-seqs]")];
    const chosen = seq || (moved ? firstToRead(arrows) : "");
    for (const article of articles) article.hidden = !hasSeq(article, chosen);
    for (const arrow of arrows) {
      if (hasSeq(arrow, chosen)) arrow.setAttribute("aria-current", "true");
      else arrow.removeAttribute("aria-current");
    }
    const choose = detail.querySelector(".choose");
    if (choose) choose.hidden = articles.some((article) => !article.hidden);
    const ladder = detail.querySelector(".ladder");
    const arrow = arrows.find((one) => hasSeq(one, chosen));
    const folded = arrow?.closest("details");
    if (folded) folded.open = true;
    if (ladder && arrow && moved) {
      const [mark, frame] = [arrow.querySelector(".line") ?? arrow, ladder].map((one) =>
        one.getBoundingClientRect(),
      );
      ladder.scrollTop = Math.max(0, mark.top - frame.top - frame.height / 2);
      if (mark.right > frame.right) ladder.scrollLeft = mark.right - frame.right + 24;
    }
    if (seq && moved) detail.querySelector(".traffic")?.scrollIntoView({ block: "start" });
    else if (seq && matchMedia("(max-width: 62rem)").matches) {
      detail.querySelector(".message:not([hidden])")?.scrollIntoView({ block: "nearest" });
    }
  }

  /** What a reader came for: what offends, else where the scenario proper begins. */
  function firstToRead(arrows) {
    const wanted = ["bad", "mid", "body"].map((name) => arrows.find((one) => one.classList.contains(name)));
    return wanted.find(Boolean)?.dataset.seqs.split(" ")[0] ?? "";
  }

  // Filters

  function applyFilters(view, query) {
    const bar = view.querySelector("[data-filters]");
    if (!bar) return;
    const words = (query.get("q") ?? "").toLowerCase().split(/\s+/).filter(Boolean);
    const verdicts = new Set((query.get("verdict") ?? "").split(",").filter(Boolean));
    if (document.activeElement !== bar.elements.q) bar.elements.q.value = query.get("q") ?? "";
    for (const chip of bar.querySelectorAll(".chip"))
      chip.setAttribute("aria-pressed", String(verdicts.has(chip.dataset.verdict)));
    const active = words.length > 0 || verdicts.size > 0;
    const rows = [...view.querySelectorAll("[data-row]")];
    let matches = 0;
    for (const row of rows) {
      const text = `${row.textContent} ${row.dataset.words ?? ""}`.toLowerCase();
      const fits =
        (verdicts.size === 0 || verdicts.has(row.dataset.verdict)) &&
        words.every((word) => text.includes(word));
      row.hidden = !fits;
      if (fits) matches += 1;
    }
    for (const group of view.querySelectorAll("[data-group]"))
      group.hidden = active && !group.querySelector("[data-row]:not([hidden])");
    for (const idle of view.querySelectorAll(".idle")) {
      idle.hidden = active && !idle.querySelector("[data-row]:not([hidden])");
      idle.open = active && !idle.hidden;
    }
    bar.querySelector(".matches").textContent = active ? `${matches} of ${rows.length}` : "";
  }

  function keepFilters(bar) {
    const query = new URLSearchParams();
    const verdicts = [...bar.querySelectorAll('.chip[aria-pressed="true"]')].map(
      (chip) => chip.dataset.verdict,
    );
    if (bar.elements.q.value.trim()) query.set("q", bar.elements.q.value.trim());
    if (verdicts.length > 0) query.set("verdict", verdicts.join(","));
    const view = bar.closest(".view");
    history.replaceState(null, "", `#${view.id}${query.size > 0 ? `?${query}` : ""}`);
    shown = `#${view.id}`;
    applyFilters(view, query);
  }

  for (const bar of document.querySelectorAll("[data-filters]")) {
    bar.hidden = false;
    bar.addEventListener("submit", (event) => event.preventDefault());
    bar.addEventListener("input", () => keepFilters(bar));
    bar.addEventListener("click", (event) => {
      const chip = event.target.closest(".chip");
      if (!chip) return;
      chip.setAttribute("aria-pressed", String(chip.getAttribute("aria-pressed") !== "true"));
      keepFilters(bar);
    });
  }

  // Keys: / finds, arrows walk along the ladder, Escape empties the search.

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const search = document.querySelector("main > .view:not([hidden]) [data-filters] input");
    if (event.key === "/" && search && document.activeElement !== search) {
      event.preventDefault();
      search.focus();
    } else if (event.key === "Escape" && document.activeElement === search) {
      search.value = "";
      keepFilters(search.form);
    } else if (
      (event.key === "ArrowDown" || event.key === "ArrowUp") &&
      document.activeElement?.closest(".ladder")
    ) {
      walk(event);
    }
  });

  function walk(event) {
    const arrows = [...detail.querySelectorAll(".ladder a[data-seqs]")].filter(
      (one) => !one.closest("details:not([open])"),
    );
    const current = arrows.findIndex(
      (one) => one === document.activeElement || one.getAttribute("aria-current") === "true",
    );
    const next =
      arrows[Math.min(arrows.length - 1, Math.max(0, current + (event.key === "ArrowDown" ? 1 : -1)))];
    if (!next) return;
    event.preventDefault();
    next.focus();
    location.replace(next.getAttribute("href"));
  }

  document.getElementById("theme").addEventListener("click", () => {
    const root = document.documentElement;
    const dark = root.dataset.theme
      ? root.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  });

  // Paper cannot be unfolded.
  let unfolded = [];
  addEventListener("beforeprint", () => {
    unfolded = [...document.querySelectorAll("details:not([open])")];
    for (const one of unfolded) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of unfolded) one.open = false;
  });

  addEventListener("hashchange", () => void show());
  void show();
})();
