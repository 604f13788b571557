/**
 * Send the chosen files one by one, with progress, once the button is pressed: what others learn of a file is settled
 * by then, and goes with it as it stood at that moment. Without this the same form sends them all and the page
 * comes back with their states. The server answers each file with the fragment of the file list; while a file
 * of it is still being read, the list polls itself (htmx).
 */
import htmx from "htmx.org";

interface Waiting {
  file: File;
  row: HTMLElement;
  /** What the form says beside the files, from when the button was pressed. */
  said?: FormData;
}

class Uploader {
  private chosen: Waiting[] = [];
  private readonly queue: Waiting[] = [];
  private current: XMLHttpRequest | null = null;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly input: HTMLInputElement,
    private readonly list: HTMLElement,
    private readonly rowTemplate: HTMLTemplateElement,
    private readonly live: HTMLElement,
    private readonly noneChosen: HTMLElement | null,
  ) {}

  start(): void {
    this.input.addEventListener("change", () => {
      this.add(this.input.files);
      this.input.value = "";
    });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    const area = this.form.querySelector<HTMLElement>("[data-drop]") ?? this.form;
    for (const name of ["dragenter", "dragover"]) {
      area.addEventListener(name, (event) => {
        event.preventDefault();
        area.classList.add("cets-drop--over");
      });
    }
    for (const name of ["dragleave", "drop"]) {
      area.addEventListener(name, () => area.classList.remove("cets-drop--over"));
    }
    area.addEventListener("drop", (event) => {
      event.preventDefault();
      this.add(event.dataTransfer?.files ?? null);
    });
    window.addEventListener("beforeunload", (event) => {
      if (this.current !== null || this.queue.length > 0 || this.chosen.length > 0) {
        event.preventDefault();
      }
    });
  }

  /** Show the files and keep them here: nothing is sent yet. */
  private add(files: FileList | null): void {
    const names: string[] = [];
    let words: string | undefined;
    for (const file of files ?? []) {
      const copy = this.rowTemplate.content.cloneNode(true) as DocumentFragment;
      const row = copy.querySelector<HTMLElement>("[data-file]");
      if (row === null) {
        return;
      }
      this.write(row, "[data-name]", file.name);
      this.write(row, "[data-size]", size(file.size));
      row.querySelector("[data-cancel]")?.addEventListener("click", () => this.cancel(row));
      this.list.prepend(copy);
      this.chosen.push({ file, row });
      names.push(file.name);
      words = row.dataset.chosen;
    }
    if (names.length > 0) {
      this.askForFiles(false);
      this.weigh();
      this.say(names.join(", "), words);
    }
  }

  private submit(): void {
    this.askForFiles(this.chosen.length === 0);
    const said = new FormData(this.form);
    said.delete(this.input.name);
    for (const one of this.chosen) {
      this.write(one.row, "[data-state]", one.row.dataset.waiting ?? "");
      this.write(one.row, "[data-level]", this.level());
      this.queue.push({ ...one, said });
    }
    this.chosen = [];
    this.weigh();
    this.next();
  }

  /** Say at the field, and to who does not see it, that no file is chosen; or take that back. */
  private askForFiles(isMissing: boolean): void {
    if (this.noneChosen === null) {
      return;
    }
    this.noneChosen.hidden = !isMissing;
    this.input.removeAttribute("aria-invalid");
    this.input.removeAttribute("aria-describedby");
    if (isMissing) {
      this.input.setAttribute("aria-invalid", "true");
      this.input.setAttribute("aria-describedby", this.noneChosen.id);
      this.live.textContent = this.noneChosen.textContent;
      this.input.focus();
    }
  }

  /** Return in words what others learn of a file, as it is chosen now. */
  private level(): string {
    return this.form.querySelector<HTMLSelectElement>("select[name=level]")?.selectedOptions[0]?.text ?? "";
  }

  private next(): void {
    const waiting = this.current === null ? this.queue.shift() : undefined;
    if (waiting !== undefined) {
      this.send(waiting);
    }
  }

  private send({ file, row, said }: Waiting): void {
    const body = new FormData();
    for (const [name, value] of said ?? []) {
      body.append(name, value);
    }
    body.append(this.input.name, file, file.name);
    const request = new XMLHttpRequest();
    this.current = request;
    row.dataset.sending = "";
    request.open("POST", this.form.action);
    request.setRequestHeader("HX-Request", "true");
    const bar = row.querySelector<HTMLProgressElement>("progress");
    request.upload.addEventListener("progress", (event) => {
      if (bar !== null && event.lengthComputable) {
        const share = Math.round((100 * event.loaded) / event.total);
        bar.value = share;
        this.write(row, "[data-state]", `${row.dataset.storing ?? ""} ${share} %`);
      }
    });
    request.addEventListener("load", () => this.finish(row, request));
    request.addEventListener("error", () => this.fail(row, row.dataset.lost));
    request.addEventListener("abort", () => this.fail(row, row.dataset.cancelled));
    request.send(body);
  }

  private finish(row: HTMLElement, request: XMLHttpRequest): void {
    const held = document.querySelector<HTMLElement>("[data-file-states]");
    if (held === null || request.status !== 200 || !isFileList(request.responseText)) {
      this.fail(row, this.reason(row, request));
      return;
    }
    row.remove();
    htmx.swap(held, request.responseText, { swapStyle: "outerHTML", swapDelay: 0, settleDelay: 0 });
    this.say(row.querySelector("[data-name]")?.textContent ?? "", row.dataset.stored);
    this.done();
  }

  private reason(row: HTMLElement, request: XMLHttpRequest): string | undefined {
    if (request.status === 401 || request.responseURL.includes("/sign-in/")) {
      return row.dataset.ended;
    }
    const words: Record<number, string | undefined> = { 403: row.dataset.stale, 413: row.dataset.large };
    return words[request.status] ?? row.dataset.refused;
  }

  private fail(row: HTMLElement, words: string | undefined): void {
    this.write(row, "[data-state]", words ?? "");
    row.querySelector("[data-state]")?.classList.add("govuk-tag--red");
    row.querySelector("progress")?.remove();
    row.querySelector("[data-cancel]")?.remove();
    this.say(row.querySelector("[data-name]")?.textContent ?? "", words);
    this.done();
  }

  private done(): void {
    this.current = null;
    this.next();
  }

  private cancel(row: HTMLElement): void {
    if ("sending" in row.dataset) {
      this.current?.abort();
      return;
    }
    for (const waiting of [this.chosen, this.queue]) {
      const at = waiting.findIndex((one) => one.row === row);
      if (at !== -1) {
        waiting.splice(at, 1);
      }
    }
    row.remove();
    this.weigh();
    this.input.focus();
  }

  /** While files wait to be added, adding them is what the page is for. */
  private weigh(): void {
    const button = this.form.querySelector<HTMLElement>("[data-add]");
    button?.classList.toggle("govuk-button--secondary", "second" in button.dataset && this.chosen.length === 0);
  }

  private write(row: HTMLElement, selector: string, text: string): void {
    const place = row.querySelector(selector);
    if (place !== null) {
      place.textContent = text;
    }
  }

  private say(name: string, words: string | undefined): void {
    this.live.textContent = `${name}: ${words ?? ""}`;
  }
}

/** Only the list of files says that a file was taken: a sign-in page, or any other page, is an answer too. */
function isFileList(answer: string): boolean {
  return new DOMParser().parseFromString(answer, "text/html").body.firstElementChild?.matches("[data-file-states]") ?? false;
}

/** As the server words sizes: by steps of 1024, as limits are set. */
function size(bytes: number): string {
  if (bytes < 1024) {
    return bytes === 1 ? "1 byte" : `${bytes} bytes`;
  }
  const kilobytes = Math.round(bytes / 1024);
  return kilobytes < 1024 ? `${kilobytes} kB` : `${(bytes / 1024 ** 2).toFixed(1).replace(/\.0$/, "")} MB`;
}

export function startUpload(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-upload]");
  const input = form?.querySelector<HTMLInputElement>("input[type=file]");
  const list = document.querySelector<HTMLElement>("[data-sending-list]");
  const rowTemplate = document.querySelector<HTMLTemplateElement>("template[data-file-row]");
  const live = document.querySelector<HTMLElement>("[data-upload-live]");
  if (form && input && list && rowTemplate && live) {
    new Uploader(form, input, list, rowTemplate, live, form.querySelector("[data-none-chosen]")).start();
  }
}
