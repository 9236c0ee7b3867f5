import { expect, test } from "vitest";
import { visible, visibleLine } from "./visible.ts";

test.each([
  ["plain text\nand\ttabs", "plain text\nand\ttabs"],
  ["\u0000\u001b[31mred", "␀␛[31mred"],
  ["\r", "␍"],
  ["\u007f\u0085", "␡⟨U+0085⟩"],
  ["abc\u202etxt.exe", "abc⟨U+202E⟩txt.exe"],
  ["\ud800", "\ufffd"],
  ["🎈", "🎈"],
])("%j is shown as %j", (text, shown) => {
  expect(visible(text)).toBe(shown);
});

test("a line stays one line", () => {
  expect(visibleLine("a\nb\tc")).toBe("a␊b c");
});
