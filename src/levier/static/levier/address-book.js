// A .vcf address book, read in the page: the addresses go into mail drafts and nowhere else.
import { mailto } from "./public.js";

const BATCH = 30; // people per draft: some mail programs cut longer links

/** Name and address of each person with one, from vCard 2.1, 3.0 or 4.0 (RFC 6350). */
export function people(text) {
  const lines = text.replace(/=\r?\n(?=[^\r\n]*)/g, "=\n").replace(/\r?\n[ \t]/g, "").replace(/=\n/g, "").split(/\r?\n/);
  const found = new Map();
  let name = "", addresses = [];
  for (const line of lines) {
    const at = line.indexOf(":");
    if (at < 0) continue;
    const [property, ...parameters] = line.slice(0, at).toUpperCase().split(";");
    const value = plain(line.slice(at + 1), parameters);
    switch (property.split(".").pop()) {
      case "BEGIN": name = ""; addresses = []; break;
      case "FN": name = value; break;
      case "EMAIL": if (/^\S+@\S+\.\S+$/.test(value)) addresses.push(value); break;
      case "END":
        for (const address of addresses.slice(0, 1)) found.set(address.toLowerCase(), { name: name || address, address });
        break;
    }
  }
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name, "fr"));
}

function plain(value, parameters) {
  if (parameters.some((parameter) => parameter.endsWith("QUOTED-PRINTABLE"))) {
    const bytes = [...value.matchAll(/=([0-9A-F]{2})|([^=])/gi)].flatMap(([, hex, letter]) =>
      hex ? [parseInt(hex, 16)] : [...new TextEncoder().encode(letter)]);
    value = new TextDecoder().decode(new Uint8Array(bytes));
  }
  return value.replace(/\\n/gi, " ").replace(/\\([,;\\])/g, "$1").trim();
}

function start(book) {
  const sheet = book.closest("[data-letter]");
  const letter = sheet.querySelector("textarea");
  const part = (name) => book.querySelector(name);
  const list = part(".contacts"), drafts = part("[data-drafts]"), told = part("[data-found]"), group = part("[data-people]");
  const say = (key, values) => Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), book.dataset[key]);

  const write = () => {
    const chosen = [...list.querySelectorAll(":checked")].map((box) => box.value);
    const batches = [];
    for (let from = 0; from < chosen.length; from += BATCH) batches.push(chosen.slice(from, from + BATCH));
    drafts.replaceChildren(...batches.map((batch, place) => {
      const link = document.createElement("a");
      link.className = "button";
      link.href = mailto(sheet.dataset.subject, letter.value, batch);
      link.textContent = say(batch.length > 1 ? "draftMany" : "draftOne", { draft: batches.length > 1 ? place + 1 : "", n: batch.length }).replace(/\s+\(/, " (");
      const item = document.createElement("li");
      item.append(link);
      return item;
    }));
  };

  const show = (contacts) => {
    list.replaceChildren(...contacts.map(({ name, address }) => {
      const label = document.createElement("label"), box = document.createElement("input"), words = document.createElement("span"), hint = document.createElement("span");
      label.className = "check";
      box.type = "checkbox";
      box.value = address;
      hint.className = "hint";
      hint.textContent = address;
      words.append(name, hint);
      label.append(box, words);
      return label;
    }));
    group.hidden = contacts.length === 0;
    told.textContent = contacts.length ? say(contacts.length > 1 ? "foundMany" : "foundOne", { n: contacts.length }) : book.dataset.none;
    write();
  };

  const tick = (value) => { list.querySelectorAll("input").forEach((box) => { box.checked = value; }); write(); };
  part("input[type=file]").addEventListener("change", async ({ target }) => {
    try { show(target.files[0] ? people(await target.files[0].text()) : []); }
    catch { show([]); told.textContent = book.dataset.unreadable; }
  });
  part("[data-all]").addEventListener("click", () => tick(true));
  part("[data-nobody]").addEventListener("click", () => tick(false));
  list.addEventListener("change", write);
  letter.addEventListener("input", write);
  book.hidden = false;
}

document.querySelectorAll("[data-address-book]").forEach(start);
