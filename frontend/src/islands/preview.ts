/**
 * A search result beside the list. The focus stays on the list, so that J, K and P go on; where the preview takes the
 * list's place (narrow screens), it goes into the preview, and back to the result when that is closed.
 */
export function startPreview(): void {
  let opener: HTMLElement | null = null;
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-preview]") : null;
    opener = link ?? opener;
  });
  document.body.addEventListener("htmx:afterSwap", () => {
    const pane = document.querySelector<HTMLElement>("[data-preview-pane]");
    const row = opener?.closest(".cets-result");
    for (const one of document.querySelectorAll(".cets-result--seen")) {
      one.classList.remove("cets-result--seen");
    }
    if (pane === null) {
      return;
    }
    const close = pane.querySelector<HTMLElement>("[data-preview-close]");
    if (close === null) {
      opener?.focus();
      return;
    }
    row?.classList.add("cets-result--seen");
    if (opener === null || opener.getClientRects().length === 0) {
      close.focus();
    }
  });
}
