// « Tout cocher »: nothing is lost without it, one ticks by hand.
for (const place of document.querySelectorAll("[data-ticks]")) {
  place.hidden = false;
  place.querySelector("button").addEventListener("click", () => {
    const boxes = [...place.closest("form").querySelectorAll("input[type=checkbox]")];
    const all = boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = !all;
  });
}
