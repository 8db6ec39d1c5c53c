/* Short messages in the corner. The server writes them into the page, or a script asks for one:
   `pulse:toast` with { text, href, link, key, trouble, lasting }; one key has one message. Those
   that say nothing one could miss go by themselves, unless pointer or focus rests on them. */

const READ_MS = 8000;
const place = document.getElementById("toasts");

function goByItself(toast) {
  let timer = 0;
  const rest = () => clearTimeout(timer);
  const start = () => {
    rest();
    timer = setTimeout(() => toast.remove(), READ_MS);
  };
  toast.addEventListener("pointerenter", rest);
  toast.addEventListener("pointerleave", start);
  toast.addEventListener("focusin", rest);
  toast.addEventListener("focusout", start);
  start();
}

function take(toast) {
  const hadFocus = toast.contains(document.activeElement);
  toast.remove();
  if (hadFocus) document.getElementById("main")?.focus({ preventScroll: true });
}

function show({ text, href, link, key, trouble, lasting }) {
  if (key) place.querySelector(`[data-toast-key="${CSS.escape(key)}"]`)?.remove();
  const template = document.getElementById(trouble ? "toast-trouble" : "toast-done");
  const toast = template.content.firstElementChild.cloneNode(true);
  const words = toast.querySelector("[data-toast-text]");
  words.textContent = text;
  if (href) {
    const anchor = document.createElement("a");
    anchor.href = href;
    anchor.textContent = link;
    words.append(" ", anchor);
  }
  if (key) toast.dataset.toastKey = key;
  toast.querySelector("[data-dismiss]").hidden = false;
  place.append(toast);
  if (!lasting) goByItself(toast);
}

/* What a part of the page could not do is said here; faults in a form are shown by the form. */
const REFUSALS = {
  401: "You were logged out.",
  403: "That is not allowed, or this page is too old. Reload it and try again.",
  404: "What this was about is gone. Reload the page.",
  409: "That is not possible now. Reload the page and look again.",
  413: "That was too large.",
  429: "That was too often. Wait a moment and try again.",
};

function refused({ detail: { xhr } }) {
  const ours = xhr.status >= 500 ? "That failed on our side. Try again in a moment." : undefined;
  const text = REFUSALS[xhr.status] ?? ours;
  const reference = xhr.getResponseHeader("X-Request-ID");
  if (!text) return;
  const quoted = ours && reference ? ` Reference ${reference}.` : "";
  show({ text: text + quoted, key: "refused", trouble: true, lasting: true });
}

document.body.addEventListener("htmx:responseError", refused);
document.body.addEventListener("htmx:sendError", () => {
  show({ text: "PulseScore did not answer. Try again in a moment.", key: "refused", trouble: true });
});
document.body.addEventListener("pulse:toast", (event) => show(event.detail));
document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-dismiss]") : null;
  const toast = button?.closest("[data-toast]");
  if (toast) take(toast);
});
for (const toast of place.querySelectorAll('[data-toast="brief"]')) goByItself(toast);
