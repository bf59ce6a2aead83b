// A letter one edits, and a .vcf address book read in the page: the addresses go into mail drafts
// and nowhere else.
const BATCH = 30; // people per draft: some mail programs cut longer links

/** Whole lines: folded ones and, in vCard 2.1, quoted-printable ones continue on the next. */
function unfolded(text) {
  const lines = [];
  for (const line of text.split(/\r?\n/)) {
    const last = lines.length - 1;
    if (last >= 0 && /^[ \t]/.test(line)) lines[last] += line.slice(1);
    else if (last >= 0 && /^[^:]*QUOTED-PRINTABLE[^:]*:.*=$/i.test(lines[last])) lines[last] = lines[last].slice(0, -1) + line;
    else lines.push(line);
  }
  return lines;
}

/** Name and first address of each person who has one, from vCard 2.1, 3.0 or 4.0 (RFC 6350). */
function people(text) {
  const found = new Map();
  let name = "", formal = "", address = "";
  for (const line of unfolded(text)) {
    const at = line.indexOf(":");
    if (at < 0) continue;
    const [property, ...parameters] = line.slice(0, at).toUpperCase().split(";");
    const value = plain(line.slice(at + 1), parameters);
    switch (property.split(".").pop()) {
      case "BEGIN": name = formal = address = ""; break;
      case "FN": name = value; break;
      case "N": formal = value.split(";").slice(0, 2).reverse().join(" ").trim(); break;
      case "EMAIL": if (!address && /^[^\s@,]+@[^\s@,]+\.[^\s@,]+$/.test(value)) address = value; break;
      case "END": if (address) found.set(address.toLowerCase(), { name: name || formal || address, address }); break;
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

function mailto(subject, body, blind = []) {
  const text = body.replace(/\r?\n/g, "\r\n");
  const fields = [`subject=${encodeURIComponent(subject)}`, `body=${encodeURIComponent(text)}`];
  if (blind.length) fields.unshift(`bcc=${blind.map(encodeURIComponent).join(",")}`);
  return `mailto:?${fields.join("&")}`;
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

document.querySelectorAll("[data-letter]").forEach((sheet) => {
  const words = sheet.querySelector("textarea");
  const link = sheet.querySelector("[data-mailto]");
  words.addEventListener("input", () => { link.href = mailto(sheet.dataset.subject, words.value); });
});
document.querySelectorAll("[data-address-book]").forEach(start);
