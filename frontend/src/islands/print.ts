/** Write the moment of printing on every sheet; the server only knows when the page was made. */
export function startPrint(): void {
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
