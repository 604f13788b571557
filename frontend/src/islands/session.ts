/**
 * A part of a page that asks the server again (the file list, a preview) is answered 401 once the session has ended.
 * htmx swaps nothing in then, so the part stands still and asks no more; this says why.
 */
const ENDED = 401;

export function startSession(): void {
  document.body.addEventListener("htmx:responseError", (event) => {
    const { xhr } = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail;
    if (xhr.status === ENDED) {
      say();
    }
  });
}

function say(): void {
  const place = document.querySelector<HTMLElement>("[data-session-place]");
  const words = document.querySelector<HTMLTemplateElement>("template[data-session-ended]");
  if (place !== null && words !== null && place.childElementCount === 0) {
    place.append(words.content.cloneNode(true));
  }
}
