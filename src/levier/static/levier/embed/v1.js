// Levier: the sign form of a petition in a frame, where this script stands.
//   <script src="https://…/integrer/v1.js" data-petition="…" async></script>
// Options: data-site, data-par, data-accent, data-fond, data-title. Keeps the page's own ?ref=.
// No cookie, no style, nothing read from the page but its host name and that code.
(() => {
  "use strict";
  const script = document.currentScript;
  if (!script || !script.dataset.petition) return;
  const home = new URL(script.src).origin;
  const { petition, site, par, accent, fond, title, ref } = script.dataset;
  const code = ref || new URLSearchParams(location.search).get("ref") || "";
  const asked = {
    site: site || location.host,
    par,
    accent,
    fond,
    ref: /^[0-9A-Za-z]{8}$/.test(code) ? code : "",
  };
  const address = new URL(`/integrer/${encodeURIComponent(petition)}/`, home);
  for (const [name, value] of Object.entries(asked)) if (value) address.searchParams.set(name, value);

  const frame = document.createElement("iframe");
  const settings = {
    src: address.href,
    title: title || "Signer la pétition",
    width: "100%",
    height: "900",
    frameborder: "0",
    loading: "lazy",
    referrerpolicy: "strict-origin",
  };
  for (const [name, value] of Object.entries(settings)) frame.setAttribute(name, value);

  // The frame tells its height to this page alone, once this page has said who it is.
  let loads = 0;
  frame.addEventListener("load", () => {
    frame.contentWindow.postMessage("levier:hello", home);
    loads += 1;
    if (loads > 1) frame.scrollIntoView({ block: "nearest" });
  });
  window.addEventListener("message", (event) => {
    if (event.origin !== home || event.source !== frame.contentWindow) return;
    const height = event.data && event.data.levier === "height" ? Number(event.data.height) : NaN;
    if (height > 0 && height < 20000) frame.setAttribute("height", String(Math.ceil(height)));
  });
  script.after(frame);
})();
