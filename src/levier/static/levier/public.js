// Small helps over pages that work without them: copy, share, a count that moves.
const every = (selector, act) => document.querySelectorAll(selector).forEach(act);

// An error summary is where a refused form begins.
document.getElementById("resume")?.focus();

every("[data-copy]", (button) => {
  if (!navigator.clipboard) return;
  button.hidden = false;
  const words = button.querySelector("[data-said]");
  const voice = button.parentElement.querySelector("[role=status]");
  const first = words.textContent;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    field.select();
    await navigator.clipboard.writeText(field.value);
    words.textContent = voice.textContent = words.dataset.said;
    setTimeout(() => { words.textContent = first; voice.textContent = ""; }, 4000);
  });
});

every("[data-web-share]", (item) => {
  if (!navigator.share) return;
  item.hidden = false;
  item.addEventListener("click", () => {
    navigator.share({ title: item.dataset.title, url: item.dataset.url }).catch(() => {});
  });
});

// The count: re-read every ten seconds while it is looked at, later and later while it fails,
// said aloud at most once a minute.
const tally = document.getElementById("decompte");
const voice = document.getElementById("annonce");
if (tally && voice && window.htmx) {
  const OFTEN = 10_000, SELDOM = 300_000, MINUTE = 60_000;
  const read = () => tally.querySelector(".tally__count").textContent.replace(/\s+/g, " ").trim();
  let wait = OFTEN, timer, said = read(), saidAt = 0;

  const plan = () => { clearTimeout(timer); timer = setTimeout(ask, wait); };
  const ask = () => { if (!document.hidden) htmx.trigger(tally, "relire"); };
  const announce = () => {
    const now = read();
    if (now === said || Date.now() - saidAt < MINUTE) return;
    voice.textContent = said = now;
    saidAt = Date.now();
  };

  tally.addEventListener("htmx:afterRequest", (event) => {
    wait = event.detail.successful ? OFTEN : Math.min(wait * 2, SELDOM);
    plan();
  });
  tally.addEventListener("htmx:afterSettle", announce);
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (!document.hidden) ask();
  });
  plan();
}
