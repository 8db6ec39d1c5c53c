/* Pages of settings and accounts: showing a password, the browser's time zone, and passkeys. */

for (const button of document.querySelectorAll("[data-show-password]")) {
  const field = document.getElementById(button.dataset.showPassword);
  const label = button.getAttribute("aria-label");
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
    button.title = shown ? "Hide" : "Show";
    button.setAttribute("aria-label", shown ? label.replace("Show", "Hide") : label);
    field.focus();
  });
  /* Sent as a password again, so that the browser offers to keep it and never lists it. */
  field.form?.addEventListener("submit", () => {
    field.type = "password";
  });
}

/* On a phone the settings are one line that scrolls: the present one is to be seen. */
document.querySelector(".settings-nav [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

for (const field of document.querySelectorAll("input[data-own-zone]")) field.value = zone ?? "";

for (const button of document.querySelectorAll("[data-use-zone]")) {
  const field = document.getElementById(button.dataset.useZone);
  if (!zone || field.value === zone) continue;
  button.textContent = `Use ${zone.replaceAll("_", " ")}, as this device`;
  button.hidden = false;
  button.addEventListener("click", () => {
    field.value = zone;
    button.hidden = true;
    field.focus();
  });
}

/* Passkeys: the server says what to ask for, the browser asks, the server checks the answer. */
async function send(address, body) {
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  const response = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify(body),
  });
  const told = await response.json();
  if (!response.ok) throw new Error(told.detail);
  return told;
}

async function makePasskey(button) {
  const form = button.closest("form");
  const name = form.elements.name.value;
  const current_password = form.elements.current_password.value;
  const options = await send(button.dataset.options, { name, current_password });
  const credential = await navigator.credentials.create({
    publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options.publicKey),
  });
  return send(button.dataset.finish, { name, credential: credential.toJSON() });
}

async function usePasskey(button) {
  const options = await send(button.dataset.options, {});
  const credential = await navigator.credentials.get({
    publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options.publicKey),
  });
  return send(button.dataset.finish, credential.toJSON());
}

function inWords(error) {
  if (error.name === "NotAllowedError") return "Nothing was chosen, or it took too long. Try again.";
  if (error.name === "InvalidStateError") return "This device holds a passkey of yours already.";
  return error.message || "The passkey could not be used. Try again, or use a code.";
}

const WAYS = { make: makePasskey, use: usePasskey };

for (const button of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) continue;
  const trouble = document.getElementById(button.dataset.trouble);
  button.closest("[data-passkey-part]").hidden = false;
  document.querySelector("[data-passkey-missing]")?.remove();
  button.addEventListener("click", async () => {
    button.disabled = true;
    trouble.textContent = "";
    try {
      const told = await WAYS[button.dataset.passkey](button);
      location.assign(told.location);
    } catch (error) {
      trouble.textContent = inWords(error);
      button.disabled = false;
    }
  });
}
