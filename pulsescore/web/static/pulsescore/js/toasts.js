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

document.body.addEventListener("pulse:toast", (event) => show(event.detail));
document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-dismiss]") : null;
  const toast = button?.closest("[data-toast]");
  if (toast) take(toast);
});
for (const toast of place.querySelectorAll('[data-toast="brief"]')) goByItself(toast);
