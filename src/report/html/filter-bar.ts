import { html, type Markup } from "./markup.ts";
import { toneOf, verdictKey, type AnyVerdict } from "./words.ts";

/** Search and verdicts for the rows of the view that it stands in; the page's script does the work, and hides the bar without it. */
export function filterBar(placeholder: string, verdicts: readonly AnyVerdict[]): Markup {
  return html`<form class="filters" role="search" data-filters hidden>
    <input
      type="search"
      name="q"
      placeholder="${placeholder}"
      aria-label="${placeholder}"
      autocomplete="off"
      spellcheck="false"
    />
    <div class="chips" role="group" aria-label="Verdicts">
      ${verdicts.map(
        (verdict) =>
          html`<button
            type="button"
            class="chip ${toneOf(verdict)}"
            data-verdict="${verdictKey(verdict)}"
            aria-pressed="false"
          >
            ${verdict.replace("-", " ").toLowerCase()}
          </button>`,
      )}
    </div>
    <output class="matches" aria-live="polite"></output>
  </form>`;
}
