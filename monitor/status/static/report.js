// Nothing on the page needs this file: a cell of the form leads to its line in the list of all cells, further down. With it,
// that line stands at the foot of the window, the list stays closed until it is wanted, and Escape leads back to the cell.
"use strict";

const panel = document.getElementById("cell-panel");
let opener = null;

function close(back) {
  if (panel.hidden) return;
  panel.hidden = true;
  document.body.classList.remove("has-panel");
  for (const chosen of document.querySelectorAll(".chosen")) chosen.classList.remove("chosen");
  if (back && opener) opener.focus();
  opener = null;
}

function show(link) {
  const row = document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!row || !row.closest(".every-cell")) return false;
  close(false);
  const heads = row.closest("table").querySelectorAll("thead th");
  const list = document.createElement("dl");
  [...row.cells].forEach((cell, place) => {
    const pair = document.createElement("div");
    const term = document.createElement("dt");
    const said = document.createElement("dd");
    term.textContent = heads[place].textContent;
    for (const node of cell.childNodes) said.append(node.cloneNode(true));
    pair.append(term, said);
    list.append(pair);
  });
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = panel.dataset.close;
  button.addEventListener("click", () => close(true));
  panel.replaceChildren(list, button);
  panel.hidden = false;
  document.body.classList.add("has-panel");
  link.closest("td").classList.add("chosen");
  row.classList.add("chosen");
  opener = link;
  const below = link.getBoundingClientRect().bottom + panel.offsetHeight - window.innerHeight;
  if (below > 0) window.scrollBy({ top: below + 12 });
  panel.focus({ preventScroll: true });
  return true;
}

if (panel) {
  for (const every of document.querySelectorAll(".every-cell")) every.open = false;
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.fact");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (show(link)) {
      event.preventDefault();
      history.replaceState(null, "", link.hash);
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close(true);
  });
  // An address that names a cell opens it.
  const named = [...document.querySelectorAll("a.fact")].find((link) => link.hash === window.location.hash);
  if (window.location.hash && named) show(named);
}
