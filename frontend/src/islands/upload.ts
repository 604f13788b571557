/**
 * Send the chosen files one by one, with progress, once the button is pressed: what others learn of a file is settled
 * by then, and goes with it as it stood at that moment. Without this the same form sends them all and the page
 * comes back with their states. The server answers each file with the fragment of the file list; while a file
 * of it is still being read, the list polls itself (htmx). Files that are one report go a few at a time: the
 * first answer names the report, and what is sent next says that it belongs to it.
 */
import htmx from "htmx.org";
import { filesIn, type Given } from "./folders";

/** What several files share that are one report: its id, once the server has told it. */
interface OneReport {
  id: string;
}

interface Chosen extends Given {
  row: HTMLElement;
}

interface Waiting extends Chosen {
  report: OneReport | null;
  /** What the form says beside the files, from when the button was pressed. */
  said: FormData;
}

/** More files than these are counted when it is said what became of them. */
const MOST_NAMED = 3;
const MOST_TOGETHER = 20;
const MOST_BYTES_TOGETHER = 8 * 1024 * 1024;

class Uploader {
  private chosen: Chosen[] = [];
  private readonly queue: Waiting[] = [];
  private current: XMLHttpRequest | null = null;
  /** Ends when every folder that was dropped is looked through. */
  private looking: Promise<unknown> = Promise.resolve();
  /** Somebody ticked himself, or took the tick away, whether the files are one report. */
  private isTold = false;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly input: HTMLInputElement,
    private readonly list: HTMLElement,
    private readonly rowTemplate: HTMLTemplateElement,
    private readonly live: HTMLElement,
    private readonly noneChosen: HTMLElement | null,
  ) {}

  start(): void {
    for (const input of [this.input, this.folder()]) {
      input?.addEventListener("change", () => {
        this.add(Array.from(input.files ?? [], (file) => ({ file, path: file.webkitRelativePath || file.name })));
        input.value = "";
      });
    }
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      // Who presses while a dropped folder is still being looked through means what is in it.
      void this.looking.then(() => {
        this.submit();
      });
    });
    this.together()?.addEventListener("change", () => (this.isTold = true));
    // The whole page takes files: beside the frame a browser would open the file and leave the page.
    for (const name of ["dragenter", "dragover"] as const) {
      document.addEventListener(name, (event) => {
        if (holdsFiles(event)) {
          event.preventDefault();
          this.form.classList.add("cets-drop--over");
        }
      });
    }
    for (const name of ["dragleave", "drop"] as const) {
      document.addEventListener(name, (event) => {
        if (name === "drop" || event.relatedTarget === null) {
          this.form.classList.remove("cets-drop--over");
        }
      });
    }
    document.addEventListener("drop", (event) => {
      if (holdsFiles(event)) {
        event.preventDefault();
        this.looking = Promise.allSettled([this.looking, this.drop(event.dataTransfer)]);
      }
    });
    window.addEventListener("beforeunload", (event) => {
      if (this.current !== null || this.queue.length > 0 || this.chosen.length > 0) {
        event.preventDefault();
      }
    });
  }

  /** The chooser of a folder, which only a script can use, shown now that there is one. */
  private folder(): HTMLInputElement | null {
    const place = this.form.querySelector<HTMLElement>("[data-folder]");
    place?.removeAttribute("hidden");
    return place?.querySelector("input") ?? null;
  }

  private together(): HTMLInputElement | null {
    return this.form.querySelector<HTMLInputElement>("input[name=together]");
  }

  /** What lies in a folder belongs together, unless somebody said otherwise. */
  private keepTogether(given: Given[]): void {
    const box = this.together();
    if (box !== null && !this.isTold && given.some(({ path }) => path.includes("/"))) {
      box.checked = true;
    }
  }

  private async drop(dropped: DataTransfer | null): Promise<void> {
    if (dropped === null) {
      return;
    }
    const told = this.rowTemplate.content.querySelector<HTMLElement>("[data-file]")?.dataset;
    this.live.textContent = told?.looking ?? "";
    const { given, unreadable } = await filesIn(dropped);
    for (const path of unreadable) {
      const row = this.addRow(path, "");
      if (row !== null) {
        this.fail([row], row.dataset.unreadable);
      }
    }
    this.add(given);
    if (given.length === 0 && unreadable.length === 0) {
      this.live.textContent = told?.empty ?? "";
    }
  }

  /** Show the files and keep them here: nothing is sent yet. */
  private add(given: Given[]): void {
    const rows: HTMLElement[] = [];
    for (const one of given) {
      const row = this.addRow(one.path, size(one.file.size));
      if (row === null) {
        return;
      }
      row.querySelector("[data-cancel]")?.addEventListener("click", () => this.cancel(row));
      this.chosen.push({ ...one, row });
      rows.push(row);
    }
    if (rows.length > 0) {
      this.keepTogether(given);
      this.askForFiles(false);
      this.weigh();
      this.say(rows, rows[0]?.dataset.chosen);
    }
  }

  private submit(): void {
    // Pressed twice, the second time has nothing of its own to say: the files are on their way.
    this.askForFiles(this.chosen.length === 0 && this.current === null);
    const said = new FormData(this.form);
    said.delete(this.input.name);
    said.delete("together");
    said.delete("report");
    const ticked = this.together()?.checked ?? false;
    const report = ticked ? { id: "" } : null;
    for (const one of this.chosen) {
      this.write(one.row, "[data-state]", one.row.dataset.waiting ?? "");
      this.write(one.row, "[data-level]", this.level());
      this.queue.push({ ...one, report, said });
    }
    this.chosen = [];
    this.weigh();
    this.next();
  }

  private addRow(name: string, words: string): HTMLElement | null {
    const copy = this.rowTemplate.content.cloneNode(true) as DocumentFragment;
    const row = copy.querySelector<HTMLElement>("[data-file]");
    if (row !== null) {
      this.write(row, "[data-name]", name);
      this.write(row, "[data-size]", words);
      this.list.prepend(copy);
    }
    return row;
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
    if (this.current !== null) {
      return;
    }
    const group = this.group();
    if (group.length > 0) {
      this.send(group);
    }
  }

  /** Take the next file out of the queue, and with one of several for one report some of those after it. */
  private group(): Waiting[] {
    const first = this.queue.shift();
    if (first === undefined) {
      return [];
    }
    const group = [first];
    const most = Number(this.form.dataset.most ?? 0);
    let bytes = first.file.size;
    for (let next = this.queue[0]; next !== undefined && first.report !== null; next = this.queue[0]) {
      bytes += next.file.size;
      // The first answer is to make a report of several files: one of a single file might join another.
      const room = group.length === 1 && first.report.id === "" ? most : Math.min(most, MOST_BYTES_TOGETHER);
      if (next.report !== first.report || group.length >= MOST_TOGETHER || bytes > room) {
        break;
      }
      group.push(next);
      this.queue.shift();
    }
    return group;
  }

  private send(group: Waiting[]): void {
    const body = new FormData();
    for (const [name, value] of group[0]?.said ?? []) {
      body.append(name, value);
    }
    const report = group[0]?.report ?? null;
    for (const { file, path } of group) {
      body.append(this.input.name, file, file.name);
      if (report !== null) {
        body.append("paths", path);
      }
    }
    if (report !== null) {
      body.append("together", "on");
      body.append("report", report.id);
    }
    const request = new XMLHttpRequest();
    this.current = request;
    const rows = group.map(({ row }) => row);
    for (const row of rows) {
      row.dataset.sending = "";
    }
    request.open("POST", this.form.action);
    request.setRequestHeader("HX-Request", "true");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) {
        this.progress(rows, Math.round((100 * event.loaded) / event.total));
      }
    });
    request.addEventListener("load", () => {
      if (report !== null) {
        report.id = request.getResponseHeader("CETS-Report") ?? report.id;
      }
      this.finish(rows, request);
    });
    request.addEventListener("error", () => this.end(rows, rows[0]?.dataset.lost));
    request.addEventListener("abort", () => this.end(rows, rows[0]?.dataset.cancelled));
    request.send(body);
  }

  private progress(rows: HTMLElement[], share: number): void {
    for (const row of rows) {
      const bar = row.querySelector<HTMLProgressElement>("progress");
      if (bar !== null) {
        bar.value = share;
      }
      this.write(row, "[data-state]", `${row.dataset.storing ?? ""} ${share} %`);
    }
  }

  private finish(rows: HTMLElement[], request: XMLHttpRequest): void {
    const held = document.querySelector<HTMLElement>("[data-file-states]");
    const [first] = rows;
    if (first === undefined || held === null || request.status !== 200 || !isFileList(request.responseText)) {
      this.end(rows, first && this.reason(first, request));
      return;
    }
    for (const row of rows) {
      row.remove();
    }
    htmx.swap(held, request.responseText, { swapStyle: "outerHTML", swapDelay: 0, settleDelay: 0 });
    this.say(rows, first.dataset.stored);
    this.done();
  }

  private reason(row: HTMLElement, request: XMLHttpRequest): string | undefined {
    if (request.status === 401 || request.responseURL.includes("/sign-in/")) {
      return row.dataset.ended;
    }
    const words: Record<number, string | undefined> = { 403: row.dataset.stale, 413: row.dataset.large };
    return words[request.status] ?? row.dataset.refused;
  }

  private fail(rows: HTMLElement[], words: string | undefined): void {
    for (const row of rows) {
      this.write(row, "[data-state]", words ?? "");
      row.querySelector("[data-state]")?.classList.add("govuk-tag--red");
      row.querySelector("progress")?.remove();
      row.querySelector("[data-cancel]")?.remove();
    }
    this.say(rows, words);
  }

  private end(rows: HTMLElement[], words: string | undefined): void {
    this.fail(rows, words);
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

  private say(rows: HTMLElement[], words: string | undefined): void {
    const names = rows.map((row) => row.querySelector("[data-name]")?.textContent ?? "");
    const several = (rows[0]?.dataset.several ?? "").replace("{n}", String(rows.length));
    this.live.textContent = `${rows.length > MOST_NAMED ? several : names.join(", ")}: ${words ?? ""}`;
  }
}

/** Text that is moved about within the page is none of ours. */
function holdsFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes("Files") ?? false;
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
