import { expect, test } from "vitest";
import { html, type Content } from "./markup.ts";

test.each<readonly [Content, string]>([
  [`<b title="x">'&'</b>`, "&lt;b title=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/b&gt;"],
  [html`<b>${"<i>"}</b>`, "<b>&lt;i&gt;</b>"],
  [["<", html`<br />`, 3], "&lt;<br />3"],
  [undefined, ""],
  [false, ""],
  [0, "0"],
  ["\u0000", "␀"],
])("value %# becomes text or nothing", (value, expected) => {
  expect(String(html`${value}`)).toBe(expected);
});
