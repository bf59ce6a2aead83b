// In the frame: says its height to the page that shows it, and to nobody else.
const field = (name) => {
  const form = document.getElementById("formulaire");
  if (!form) return null;
  const found = form.elements[name] || document.createElement("input");
  Object.assign(found, { type: "hidden", name });
  form.append(found);
  return found;
};
const shownBy = (origin) => {
  const told = origin && origin !== "null" ? field("embedded_on") : null;
  if (told) told.value = origin;
};
const referrer = () => {
  try { return new URL(document.referrer).origin; } catch { return ""; }
};

document.getElementById("resume")?.focus();

if (window.parent !== window) {
  const ancestor = location.ancestorOrigins?.[0] || referrer();
  if (ancestor !== location.origin) shownBy(ancestor);

  let page = "";
  const tell = () => {
    if (page) window.parent.postMessage({ levier: "height", height: document.documentElement.offsetHeight }, page);
  };
  window.addEventListener("message", (event) => {
    if (event.source !== window.parent || event.data !== "levier:hello") return;
    page = event.origin;
    if (page !== location.origin) shownBy(page);
    tell();
  });
  new ResizeObserver(tell).observe(document.documentElement);
}
