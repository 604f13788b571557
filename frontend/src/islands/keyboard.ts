/**
 * Single keys for people who do this all day. They work only outside fields, never with a modifier held,
 * and can be switched off (WCAG 2.1.4). What a key does is written on the element itself: `data-key="c"`.
 * Rows that J and K walk through carry `data-row`; O opens the first link or button of the current one.
 */

const STORE = "cets.single-keys";

function isOn(): boolean {
  try {
    return localStorage.getItem(STORE) !== "off";
  } catch {
    return true; // storage may be switched off by policy; the keys still work
  }
}

function remember(on: boolean): void {
  try {
    localStorage.setItem(STORE, on ? "on" : "off");
  } catch {
    // nothing is kept then; the choice holds for this page
  }
}

function isField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.matches("textarea, select, input:not([type=checkbox]):not([type=radio]):not([type=button]):not([type=submit])"))
  );
}

function isShown(element: HTMLElement): boolean {
  return element.getClientRects().length > 0 || element instanceof HTMLInputElement;
}

function findByKey(key: string): HTMLElement | undefined {
  return [...document.querySelectorAll<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)].find(isShown);
}

function act(element: HTMLElement): void {
  if (element.matches("input:not([type=checkbox]):not([type=radio]):not([type=file]), textarea, select")) {
    element.focus();
    if (element instanceof HTMLInputElement) {
      element.select();
    }
    return;
  }
  element.focus();
  element.click();
}

function rows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-row]")].filter((row) => row.getClientRects().length > 0);
}

function currentRow(all: HTMLElement[]): number {
  return all.findIndex((row) => row.contains(document.activeElement));
}

function move(step: 1 | -1): boolean {
  const all = rows();
  const at = currentRow(all);
  const next = all[at === -1 ? (step === 1 ? 0 : all.length - 1) : at + step];
  const link = next?.querySelector<HTMLElement>("a, button");
  if (!link) {
    return false;
  }
  link.focus();
  next?.scrollIntoView({ block: "nearest" });
  return true;
}

function open(): boolean {
  const all = rows();
  const link = all[currentRow(all)]?.querySelector<HTMLElement>("a, button");
  link?.click();
  return link !== undefined && link !== null;
}

/** The space bar too, where it does nothing else: not on a button or a box to tick. */
function preview(): boolean {
  const all = rows();
  const link = all[currentRow(all)]?.querySelector<HTMLElement>("[data-preview]");
  link?.click();
  return link !== undefined && link !== null;
}

function single(key: string): boolean {
  if (key === "p" || (key === " " && document.activeElement instanceof HTMLAnchorElement)) {
    if (preview()) {
      return true;
    }
  }
  if (key === "j" || key === "k") {
    return move(key === "j" ? 1 : -1);
  }
  if (key === "o") {
    return open();
  }
  const element = findByKey(key);
  if (element === undefined) {
    return false;
  }
  act(element);
  return true;
}

function onKey(event: KeyboardEvent, dialog: HTMLDialogElement | null): void {
  if (event.defaultPrevented || event.isComposing || dialog?.open) {
    return;
  }
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const element = findByKey("ctrl+enter");
    if (element !== undefined) {
      event.preventDefault();
      element.click();
    }
    return;
  }
  if (!isOn() || event.ctrlKey || event.metaKey || event.altKey || isField(event.target)) {
    return;
  }
  if (single(event.key.toLowerCase())) {
    event.preventDefault();
  }
}

function startDialog(dialog: HTMLDialogElement): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>("[data-opens-shortcuts]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      dialog.showModal();
    });
  }
  dialog.querySelector("[data-closes]")?.addEventListener("click", () => dialog.close());
}

function startSwitches(): void {
  const show = (): void => {
    document.documentElement.classList.toggle("cets-keys-off", !isOn());
    for (const box of document.querySelectorAll<HTMLInputElement>("[data-key-switch]")) {
      box.checked = isOn();
    }
  };
  for (const box of document.querySelectorAll<HTMLInputElement>("[data-key-switch]")) {
    box.closest<HTMLElement>("[hidden]")?.removeAttribute("hidden");
    box.addEventListener("change", () => {
      remember(box.checked);
      show();
    });
  }
  show();
}

export function startKeyboard(): void {
  const dialog = document.querySelector<HTMLDialogElement>("dialog[data-shortcuts]");
  if (dialog !== null) {
    startDialog(dialog);
  }
  startSwitches();
  document.addEventListener("keydown", (event) => onKey(event, dialog));
}
