/** After an action the focus goes to the title of its result, so that a screen reader starts there. */
export function startFocus(): void {
  const target = document.querySelector<HTMLElement>("[data-focus]");
  if (target === null || document.querySelector(".govuk-error-summary") !== null) {
    return;
  }
  target.tabIndex = -1;
  target.focus();
}
