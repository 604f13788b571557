/** Write the moment of printing on every sheet; the server only knows when the page was made. */
export function startPrint(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("[data-prints]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  const place = document.querySelector<HTMLElement>("[data-printed-at]");
  if (place === null) {
    return;
  }
  window.addEventListener("beforeprint", () => {
    const now = new Intl.DateTimeFormat(document.documentElement.lang, {
      dateStyle: "full",
      timeStyle: "short",
      timeZone: place.dataset.printedAt,
    });
    place.textContent = now.format(new Date());
  });
}
