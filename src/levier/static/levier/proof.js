// The proof of work (altcha, PBKDF2): asked for, done in a worker, put in the form. No puzzle.
for (const box of document.querySelectorAll("[data-proof]")) {
  const form = box.closest("form");
  const says = box.querySelector("[data-proof-says]");
  const say = (words) => { says.textContent = words; };
  say(""); // what is written there is for who has no script

  const work = async () => {
    const answer = await fetch(box.dataset.proof, { credentials: "omit", cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
    const challenge = await answer.json();
    const worker = new Worker(box.dataset.worker);
    try {
      return await new Promise((resolve, reject) => {
        worker.addEventListener("message", ({ data }) => (data.solution ? resolve(data) : reject(data.error)));
        worker.addEventListener("error", reject);
        setTimeout(reject, 60000, "late");
        worker.postMessage(challenge);
      });
    } finally {
      worker.terminate();
    }
  };

  let over = false;
  let waiting = null;
  const prove = () => {
    say(box.dataset.working);
    return work()
      .then(({ challenge, solution }) => {
        form.elements.altcha.value = btoa(JSON.stringify({ challenge, solution }));
        say(box.dataset.done);
      })
      .catch(() => say(box.dataset.failed))
      .finally(() => { over = true; });
  };
  // Asked by a refusal, it begins at once; asked of everybody, with the first field that is filled.
  const begin = () => { waiting ??= prove(); return waiting; };
  if (document.getElementById("resume")) begin();
  form.addEventListener("focusin", begin, { once: true });
  form.addEventListener("submit", (event) => {
    if (over) return;
    event.preventDefault();
    begin().then(() => form.requestSubmit(event.submitter));
  });
}
